"""Deficiency notices and notices of delay become letters; a late case says by when; a bill's file is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Make it."""
    op.add_column("applications", sa.Column("delay_until", sa.Date(), nullable=True))
    op.add_column("bills", sa.Column("file_digest", sa.String(length=64), nullable=True))
    op.create_check_constraint(
        op.f("ck_bills_digest_is_sha256"), "bills", "file_digest is null or file_digest ~ '^[0-9a-f]{64}$'"
    )
    op.create_table(
        "case_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column(
            "says",
            sa.Enum("deficiency", "delay", name="says", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("countersigned_by", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("countersigned_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "file_digest is null or file_digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_case_letters_digest_is_sha256")
        ),
        sa.CheckConstraint(
            "countersigned_at is null or says = 'deficiency'", name=op.f("ck_case_letters_countersigned")
        ),
        sa.CheckConstraint(
            "countersigned_digest is null or countersigned_at is not null",
            name=op.f("ck_case_letters_countersigned_file"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_case_letters_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_letters")),
        sa.UniqueConstraint("agency_code", "number", name=op.f("uq_case_letters_agency_code")),
    )
    op.create_index("ix_case_letters_application_id", "case_letters", ["application_id", "issued_at"])
    op.create_index("ix_case_letters_file_digest", "case_letters", ["file_digest"])
    op.create_index("ix_case_letters_countersigned_digest", "case_letters", ["countersigned_digest"])
    op.create_index(
        "uq_case_letters_one_deficiency",
        "case_letters",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("says = 'deficiency'"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("case_letters")
    op.drop_constraint(op.f("ck_bills_digest_is_sha256"), "bills", type_="check")
    op.drop_column("bills", "file_digest")
    op.drop_column("applications", "delay_until")
