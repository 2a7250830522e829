"""Companies, mandates, the party a session acts for, the standing of who sends a form, and the inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

WHY = "'signed_out', 'replaced', 'ended_elsewhere', 'suspended'"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("juristic_id", sa.String(length=13), nullable=False),
        sa.Column("name_th", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("profile", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("profile_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("juristic_id ~ '^[0-9]{13}$'", name=op.f("ck_organisations_number")),
        sa.CheckConstraint("(profile is null) = (profile_at is null)", name=op.f("ck_organisations_profile")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("juristic_id", name=op.f("uq_organisations_juristic_id")),
    )
    op.create_table(
        "inbox_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("href", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["applicants.id"], name=op.f("fk_inbox_lines_applicant_id_applicants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_lines")),
    )
    op.create_index("ix_inbox_lines_applicant_id", "inbox_lines", ["applicant_id", "at"], unique=False)
    op.create_index(
        "ix_inbox_lines_unread",
        "inbox_lines",
        ["applicant_id"],
        unique=False,
        postgresql_where=sa.text("read_at is null"),
    )
    op.create_table(
        "mandates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("agent_name", sa.String(), nullable=False),
        sa.Column("agent_index", sa.String(length=64), nullable=True),
        sa.Column("code_index", sa.String(length=64), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("services", sa.ARRAY(sa.String(length=80)), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(accepted_at is null) = (agent_id is null)", name=op.f("ck_mandates_accepted")),
        sa.CheckConstraint("(revoked_at is null) = (revoked_by is null)", name=op.f("ck_mandates_revoked")),
        sa.CheckConstraint("num_nonnulls(agent_index, code_index) = 1", name=op.f("ck_mandates_invited_how")),
        sa.CheckConstraint("services is null or cardinality(services) > 0", name=op.f("ck_mandates_services")),
        sa.ForeignKeyConstraint(["agent_id"], ["people.id"], name=op.f("fk_mandates_agent_id_people")),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_mandates_given_by_people")),
        sa.ForeignKeyConstraint(["principal_id"], ["applicants.id"], name=op.f("fk_mandates_principal_id_applicants")),
        sa.ForeignKeyConstraint(["revoked_by"], ["people.id"], name=op.f("fk_mandates_revoked_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
        sa.UniqueConstraint("code_index", name=op.f("uq_mandates_code_index")),
    )
    op.create_index("ix_mandates_agent_id", "mandates", ["agent_id"], unique=False)
    op.create_index("ix_mandates_agent_index", "mandates", ["agent_index"], unique=False)
    op.create_index("ix_mandates_principal_id", "mandates", ["principal_id"], unique=False)
    op.create_table(
        "standings",
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "claimed", "name_matched", "mandate", name="basis", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=True),
        sa.Column("needs_officer", sa.Boolean(), nullable=False),
        sa.Column("said", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(basis = 'mandate') = (mandate_id is not null)", name=op.f("ck_standings_mandate")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandates.id"], name=op.f("fk_standings_mandate_id_mandates")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_standings_person_id_people")),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_standings_single_form_id_single_forms")
        ),
        sa.PrimaryKeyConstraint("single_form_id", name=op.f("pk_standings")),
    )
    op.create_table(
        "standing_checks",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_standing_checks_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_standing_checks_officer_id_officers")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_standing_checks")),
    )
    op.add_column("accounts", sa.Column("organisation_id", sa.Uuid(), nullable=True))
    op.alter_column("accounts", "person_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column("accounts", "ial", existing_type=sa.NUMERIC(precision=2, scale=1), nullable=True)
    op.create_foreign_key(
        op.f("fk_accounts_organisation_id_organisations"), "accounts", "organisations", ["organisation_id"], ["id"]
    )
    op.add_column("applicants", sa.Column("organisation_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f("uq_applicants_organisation_id"), "applicants", ["organisation_id"])
    op.create_foreign_key(
        op.f("fk_applicants_organisation_id_organisations"), "applicants", "organisations", ["organisation_id"], ["id"]
    )
    op.add_column("sessions", sa.Column("party_id", sa.Uuid(), nullable=True))
    op.add_column("sessions", sa.Column("organisation_id", sa.Uuid(), nullable=True))
    op.add_column("sessions", sa.Column("mandate_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_sessions_mandate_id_mandates"), "sessions", "mandates", ["mandate_id"], ["id"])
    op.create_foreign_key(
        op.f("fk_sessions_organisation_id_organisations"), "sessions", "organisations", ["organisation_id"], ["id"]
    )
    op.create_foreign_key(op.f("fk_sessions_party_id_applicants"), "sessions", "applicants", ["party_id"], ["id"])
    op.add_column(
        "single_forms",
        sa.Column("registries", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="{}"),
    )
    op.alter_column("single_forms", "registries", server_default=None)
    op.execute("update single_forms set registries = jsonb_build_object('dopa', prefill) where prefill <> 'not_asked'")
    op.execute("update sessions set party_id = a.id from applicants a where a.person_id = sessions.person_id")
    op.create_check_constraint(op.f("ck_accounts_whose"), "accounts", "num_nonnulls(person_id, organisation_id) = 1")
    op.create_check_constraint(
        op.f("ck_applicants_organisation"), "applicants", "(kind = 'organisation') = (organisation_id is not null)"
    )
    op.create_check_constraint(
        op.f("ck_sessions_for_whom"),
        "sessions",
        "(kind = 'citizen') = (party_id is not null) and (kind = 'citizen' or num_nonnulls(organisation_id, mandate_id) = 0)",
    )
    op.drop_constraint(op.f("ck_sessions_ending"), "sessions")
    op.create_check_constraint(op.f("ck_sessions_ending"), "sessions", f"ended_why in ({WHY}, 'changed_party')")
    op.create_index("ix_events_applicant", "events", ["applicant_id", "at"])


def downgrade() -> None:
    """Unmake it."""
    op.drop_index("ix_events_applicant", table_name="events")
    op.execute("update sessions set ended_why = 'replaced' where ended_why = 'changed_party'")
    op.drop_constraint(op.f("ck_sessions_ending"), "sessions")
    op.create_check_constraint(op.f("ck_sessions_ending"), "sessions", f"ended_why in ({WHY})")
    op.drop_constraint(op.f("ck_sessions_for_whom"), "sessions")
    op.drop_constraint(op.f("ck_applicants_organisation"), "applicants")
    op.drop_constraint(op.f("ck_accounts_whose"), "accounts")
    op.drop_column("single_forms", "registries")
    op.drop_constraint(op.f("fk_sessions_party_id_applicants"), "sessions", type_="foreignkey")
    op.drop_constraint(op.f("fk_sessions_organisation_id_organisations"), "sessions", type_="foreignkey")
    op.drop_constraint(op.f("fk_sessions_mandate_id_mandates"), "sessions", type_="foreignkey")
    op.drop_column("sessions", "mandate_id")
    op.drop_column("sessions", "organisation_id")
    op.drop_column("sessions", "party_id")
    op.drop_constraint(op.f("fk_applicants_organisation_id_organisations"), "applicants", type_="foreignkey")
    op.drop_constraint(op.f("uq_applicants_organisation_id"), "applicants", type_="unique")
    op.drop_column("applicants", "organisation_id")
    op.drop_constraint(op.f("fk_accounts_organisation_id_organisations"), "accounts", type_="foreignkey")
    op.alter_column("accounts", "ial", existing_type=sa.NUMERIC(precision=2, scale=1), nullable=False)
    op.alter_column("accounts", "person_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("accounts", "organisation_id")
    op.drop_table("standing_checks")
    op.drop_table("standings")
    op.drop_index("ix_mandates_principal_id", table_name="mandates")
    op.drop_index("ix_mandates_agent_index", table_name="mandates")
    op.drop_index("ix_mandates_agent_id", table_name="mandates")
    op.drop_table("mandates")
    op.drop_index("ix_inbox_lines_unread", table_name="inbox_lines", postgresql_where=sa.text("read_at is null"))
    op.drop_index("ix_inbox_lines_applicant_id", table_name="inbox_lines")
    op.drop_table("inbox_lines")
    op.drop_table("organisations")
