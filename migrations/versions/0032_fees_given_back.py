"""Fees that were paid for what is not given any more go back."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "fee_returns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bill_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("biller_id", sa.String(length=15), nullable=False),
        sa.Column("satang", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.CheckConstraint("satang > 0", name=op.f("ck_fee_returns_satang_positive")),
        sa.CheckConstraint(
            "(returned_at is null) = (reference is null)", name=op.f("ck_fee_returns_returned_has_reference")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_fee_returns_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_fee_returns_bill_id_bills")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_fee_returns_payment_id_payments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_returns")),
        sa.UniqueConstraint("bill_id", "application_id", name=op.f("uq_fee_returns_bill_id")),
    )
    op.create_index(
        "ix_fee_returns_waiting",
        "fee_returns",
        ["biller_id", "owed_at"],
        unique=False,
        postgresql_where=sa.text("returned_at is null"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_fee_returns_waiting", table_name="fee_returns", postgresql_where=sa.text("returned_at is null"))
    op.drop_table("fee_returns")
