"""People, accounts, applicants, officers and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "officers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("name_th", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("position_th", sa.String(), nullable=False),
        sa.Column("position_en", sa.String(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("office_code", sa.String(length=40), nullable=True),
        sa.Column("duties", sa.ARRAY(sa.String(length=12)), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "duties <@ array['receive', 'check', 'approve', 'cashier', 'manage']::varchar[]",
            name=op.f("ck_officers_known_duties"),
        ),
        sa.CheckConstraint("not active or suspended_at is null", name=op.f("ck_officers_suspended_is_not_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officers")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_officers_issuer")),
    )
    op.create_index("ix_officers_agency_code", "officers", ["agency_code"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.String(), nullable=False),
        sa.Column("citizen_index", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("birth_date", sa.String(length=10), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("citizen_index", name=op.f("uq_people_citizen_index")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ial", sa.Numeric(precision=2, scale=1), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_accounts_issuer")),
    )
    op.create_index("ix_accounts_person_id", "accounts", ["person_id"], unique=False)
    op.create_table(
        "applicants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "person", "organisation", name="applicantkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'person') = (person_id is not null)", name=op.f("ck_applicants_person")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_applicants_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicants")),
        sa.UniqueConstraint("person_id", name=op.f("uq_applicants_person_id")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("citizen", "officer", name="sessionkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("ial", sa.Numeric(precision=2, scale=1), nullable=True),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_why",
            sa.Enum(
                "signed_out",
                "replaced",
                "ended_elsewhere",
                "suspended",
                name="ending",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("id_token", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'citizen') = (person_id is not null) and (kind = 'citizen') = (account_id is not null) and (kind = 'officer') = (officer_id is not null)",
            name=op.f("ck_sessions_whose"),
        ),
        sa.CheckConstraint("(ended_at is null) = (ended_why is null)", name=op.f("ck_sessions_ended")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id_accounts")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_sessions_officer_id_officers")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], unique=False)
    op.create_index("ix_sessions_officer_id", "sessions", ["officer_id"], unique=False)
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"], unique=False)


def downgrade() -> None:
    """Unmake it."""
    op.drop_index("ix_sessions_person_id", table_name="sessions")
    op.drop_index("ix_sessions_officer_id", table_name="sessions")
    op.drop_index("ix_sessions_expires_at", table_name="sessions")
    op.drop_table("sessions")
    op.drop_table("applicants")
    op.drop_index("ix_accounts_person_id", table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("people")
    op.drop_index("ix_officers_agency_code", table_name="officers")
    op.drop_table("officers")
