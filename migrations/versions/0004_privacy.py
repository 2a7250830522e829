"""What people were told and allowed, and who looked at their data: append-only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "privacy_texts",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("notice", "consent", name="textkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_privacy_texts")),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "viewer_kind",
            sa.Enum(
                "officer", "system", "registry", name="viewerkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("agency", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("what", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("purpose", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.CheckConstraint("(viewer_kind = 'officer') = (officer_id is not null)", name=op.f("ck_access_log_officer")),
        sa.CheckConstraint("jsonb_array_length(what) > 0", name=op.f("ck_access_log_what")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_access_log_officer_id_officers")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_access_log_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_officer_id_at", "access_log", ["officer_id", "at"], unique=False)
    op.create_index("ix_access_log_person_id_at", "access_log", ["person_id", "at"], unique=False)
    op.create_table(
        "acknowledgements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("single_form_id", sa.Uuid(), nullable=True),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_acknowledgements_person_id_people")),
        sa.ForeignKeyConstraint(
            ["text_digest"], ["privacy_texts.digest"], name=op.f("fk_acknowledgements_text_digest_privacy_texts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgements")),
        sa.UniqueConstraint(
            "person_id",
            "single_form_id",
            "text_digest",
            name=op.f("uq_acknowledgements_person_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "registries_prefill",
                "reuse",
                "contact",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consents_person_id_people")),
        sa.ForeignKeyConstraint(
            ["text_digest"], ["privacy_texts.digest"], name=op.f("fk_consents_text_digest_privacy_texts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_person_id_purpose", "consents", ["person_id", "purpose", "at"], unique=False)
    op.execute("revoke update, delete, truncate on privacy_texts, acknowledgements, consents, access_log from portal")


def downgrade() -> None:
    """Unmake it."""
    op.drop_index("ix_consents_person_id_purpose", table_name="consents")
    op.drop_table("consents")
    op.drop_table("acknowledgements")
    op.drop_index("ix_access_log_person_id_at", table_name="access_log")
    op.drop_index("ix_access_log_officer_id_at", table_name="access_log")
    op.drop_table("access_log")
    op.drop_table("privacy_texts")
