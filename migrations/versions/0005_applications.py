"""Single forms, answers, uploads, applications and their life at an agency."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "single_forms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "discarded",
                name="formstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "prefill",
            sa.Enum(
                "not_asked",
                "queued",
                "done",
                "nothing_found",
                "unreachable",
                "declined",
                name="prefill",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("prefill_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("snapshot", sa.String(), nullable=True),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=True),
        sa.Column("receipt_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["applicants.id"], name=op.f("fk_single_forms_applicant_id_applicants")
        ),
        sa.ForeignKeyConstraint(["started_by"], ["people.id"], name=op.f("fk_single_forms_started_by_people")),
        sa.ForeignKeyConstraint(["submitted_by"], ["people.id"], name=op.f("fk_single_forms_submitted_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_single_forms")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_single_forms_idempotency_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_single_forms_reference")),
    )
    op.create_index("ix_single_forms_applicant", "single_forms", ["applicant_id", "updated_at"], unique=False)
    op.create_table(
        "answers",
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("raw", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("source_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_answers_answered_by_people")),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_answers_single_form_id_single_forms")
        ),
        sa.PrimaryKeyConstraint("single_form_id", "key", name=op.f("pk_answers")),
    )
    op.create_table(
        "applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("service_slug", sa.String(length=80), nullable=False),
        sa.Column("service_version", sa.Integer(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("office_code", sa.String(length=40), nullable=True),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("premises_name", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "returned",
                "accepted",
                "awaiting_payment",
                "preparing",
                "issued",
                "rejected",
                "withdrawn",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("documents", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("quote", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fee_satang", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("complete_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_by", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decision", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at is not null) = (state in ('issued','rejected','withdrawn','lapsed'))",
            name=op.f("ck_applications_closed"),
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["applicants.id"], name=op.f("fk_applications_applicant_id_applicants")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["officers.id"], name=op.f("fk_applications_decided_by_officers")),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_applications_single_form_id_single_forms")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["officers.id"], name=op.f("fk_applications_taken_by_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("number", name=op.f("uq_applications_number")),
        sa.UniqueConstraint("single_form_id", "service_slug", name=op.f("uq_applications_single_form_id")),
    )
    op.create_index("ix_applications_applicant", "applications", ["applicant_id", "submitted_at"], unique=False)
    op.create_index("ix_applications_queue", "applications", ["agency_code", "state", "due_on"], unique=False)
    op.create_table(
        "chosen_services",
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column("service_slug", sa.String(length=80), nullable=False),
        sa.Column("service_version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_chosen_services_single_form_id_single_forms")
        ),
        sa.PrimaryKeyConstraint("single_form_id", "service_slug", name=op.f("pk_chosen_services")),
    )
    op.create_table(
        "check_marks",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "finding",
            sa.Enum("ok", "missing", name="finding", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("instruction", sa.String(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_check_marks_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_check_marks_officer_id_officers")),
        sa.PrimaryKeyConstraint("application_id", "kind", "key", name=op.f("pk_check_marks")),
    )
    op.create_table(
        "clock_moves",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "tick",
            sa.Enum(
                "start", "stop", "resume", "finish", name="tick", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_clock_moves_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("application_id", "seq", name=op.f("pk_clock_moves")),
    )
    op.create_table(
        "deficiency_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.String(), nullable=False),
        sa.Column("officer_position", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mend_by", sa.Date(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_deficiency_notices_application_id_applications")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_deficiency_notices_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deficiency_notices")),
        sa.UniqueConstraint("application_id", name=op.f("uq_deficiency_notices_application_id")),
    )
    op.create_table(
        "internal_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_internal_notes_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_internal_notes_officer_id_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_notes")),
    )
    op.create_index("ix_internal_notes_application", "internal_notes", ["application_id", "at"], unique=False)
    op.create_table(
        "deficiency_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("instruction", sa.String(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("raw", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["deficiency_notices.id"], name=op.f("fk_deficiency_items_notice_id_deficiency_notices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deficiency_items")),
        sa.UniqueConstraint("notice_id", "kind", "key", name=op.f("uq_deficiency_items_notice_id")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column("document_key", sa.String(length=60), nullable=False),
        sa.Column("deficiency_item_id", sa.Uuid(), nullable=True),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "checking", "clean", "refused", name="uploadstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("previews", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["deficiency_item_id"], ["deficiency_items.id"], name=op.f("fk_uploads_deficiency_item_id_deficiency_items")
        ),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_uploads_single_form_id_single_forms")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["people.id"], name=op.f("fk_uploads_uploaded_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(
        "uq_uploads_one_in_use",
        "uploads",
        ["single_form_id", "document_key"],
        unique=True,
        postgresql_where=sa.text("removed_at is null and deficiency_item_id is null"),
    )
    op.execute("revoke update, delete, truncate on internal_notes from portal")


def downgrade() -> None:
    """Unmake it."""
    op.drop_index(
        "uq_uploads_one_in_use",
        table_name="uploads",
        postgresql_where=sa.text("removed_at is null and deficiency_item_id is null"),
    )
    op.drop_table("uploads")
    op.drop_table("deficiency_items")
    op.drop_index("ix_internal_notes_application", table_name="internal_notes")
    op.drop_table("internal_notes")
    op.drop_table("deficiency_notices")
    op.drop_table("clock_moves")
    op.drop_table("check_marks")
    op.drop_table("chosen_services")
    op.drop_index("ix_applications_queue", table_name="applications")
    op.drop_index("ix_applications_applicant", table_name="applications")
    op.drop_table("applications")
    op.drop_table("answers")
    op.drop_index("ix_single_forms_applicant", table_name="single_forms")
    op.drop_table("single_forms")
