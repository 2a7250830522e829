"""Bills that take each other's place; money that goes back; decision letters."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make it."""
    op.add_column("bills", sa.Column("replaced_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_bills_replaced_by_bills"), "bills", "bills", ["replaced_by"], ["id"])
    op.create_check_constraint(op.f("ck_bills_replaced_is_void"), "bills", "replaced_by is null or status = 'void'")
    op.create_index(
        "ix_bills_replaced_by", "bills", ["replaced_by"], unique=False, postgresql_where="replaced_by is not null"
    )
    op.create_table(
        "refunds",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "(returned_at is null) = (reference is null)", name=op.f("ck_refunds_returned_has_reference")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_refunds_has_reason")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_refunds_officer_id_officers")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id_payments")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_refunds")),
    )
    op.create_table(
        "decision_letters",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appeal_by", sa.Date(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "file_digest is null or file_digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_decision_letters_digest_is_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_decision_letters_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_decision_letters")),
        sa.UniqueConstraint("agency_code", "number", name=op.f("uq_decision_letters_agency_code")),
    )


def downgrade() -> None:
    """Unmake it."""
    op.drop_table("decision_letters")
    op.drop_table("refunds")
    op.drop_index("ix_bills_replaced_by", table_name="bills", postgresql_where="replaced_by is not null")
    op.drop_constraint(op.f("ck_bills_replaced_is_void"), "bills")
    op.drop_constraint(op.f("fk_bills_replaced_by_bills"), "bills")
    op.drop_column("bills", "replaced_by")
