"""Copies of a person's data, what was erased and why, files to let go, legal holds, and requests about data."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

FORGET_NOTES = """
create function forget_notes(of_case uuid) returns integer language plpgsql security definer set search_path = public as $$
declare gone integer;
begin
    if not exists (select from erasures where kind = 'answers' and subject_id = of_case) then
        raise exception 'notes go only with the case they are about';
    end if;
    delete from internal_notes where application_id = of_case;
    get diagnostics gone = row_count;
    return gone;
end $$
"""
"""Notes are append-only for the portal. At the end of their period they go, and only then: the database looks itself."""


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "doomed_files",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("doomed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_doomed_files")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "draft",
                "answers",
                "documents",
                "licence",
                "payment",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_erasures_kind")),
    )
    op.create_index("ix_erasures_at", "erasures", ["at"], unique=False)
    op.create_table(
        "data_copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("files", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("(ready_at is null) = (expires_at is null)", name=op.f("ck_data_copies_ready_expires")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_data_copies_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_copies")),
    )
    op.create_index(
        "uq_data_copies_one_at_a_time", "data_copies", ["person_id"], unique=True, postgresql_where="gone_at is null"
    )
    op.create_table(
        "subject_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column(
            "right",
            sa.Enum(
                "correction",
                "erasure",
                "objection",
                "restriction",
                name="right",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "granted", "refused", name="requeststate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (answered_at is null)", name=op.f("ck_subject_requests_answered")),
        sa.CheckConstraint("state = 'open' or answer <> ''", name=op.f("ck_subject_requests_has_reason")),
        sa.CheckConstraint(
            "(answered_at is null) = (answered_by is null)", name=op.f("ck_subject_requests_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["officers.id"], name=op.f("fk_subject_requests_answered_by_officers")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_subject_requests_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_subject_requests_number")),
    )
    op.create_index(
        "ix_subject_requests_agency_code", "subject_requests", ["agency_code", "state", "due_on"], unique=False
    )
    op.create_index("ix_subject_requests_person_id", "subject_requests", ["person_id", "asked_at"], unique=False)
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_legal_holds_has_reason")),
        sa.CheckConstraint("(lifted_at is null) = (lifted_by is null)", name=op.f("ck_legal_holds_lifted")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_legal_holds_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["lifted_by"], ["officers.id"], name=op.f("fk_legal_holds_lifted_by_officers")),
        sa.ForeignKeyConstraint(["placed_by"], ["officers.id"], name=op.f("fk_legal_holds_placed_by_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(
        "uq_legal_holds_one_open", "legal_holds", ["application_id"], unique=True, postgresql_where="lifted_at is null"
    )
    op.execute("revoke update, delete, truncate on erasures from portal")
    op.execute(FORGET_NOTES)
    op.execute("revoke execute on function forget_notes(uuid) from public")
    op.execute("grant execute on function forget_notes(uuid) to portal")


def downgrade() -> None:
    """Unmake it."""
    op.execute("drop function forget_notes(uuid)")
    op.drop_index("uq_legal_holds_one_open", table_name="legal_holds", postgresql_where="lifted_at is null")
    op.drop_table("legal_holds")
    op.drop_index("ix_subject_requests_person_id", table_name="subject_requests")
    op.drop_index("ix_subject_requests_agency_code", table_name="subject_requests")
    op.drop_table("subject_requests")
    op.drop_index("uq_data_copies_one_at_a_time", table_name="data_copies", postgresql_where="gone_at is null")
    op.drop_table("data_copies")
    op.drop_index("ix_erasures_at", table_name="erasures")
    op.drop_table("erasures")
    op.drop_table("doomed_files")
