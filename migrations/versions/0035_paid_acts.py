"""A substitute that costs something is made when it is paid."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Make it."""
    op.add_column("licence_matters", sa.Column("bill_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_licence_matters_bill_id_bills"), "licence_matters", "bills", ["bill_id"], ["id"])
    op.create_index(
        "ix_licence_matters_bill_id",
        "licence_matters",
        ["bill_id"],
        unique=False,
        postgresql_where=sa.text("bill_id is not null"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(
        "ix_licence_matters_bill_id", table_name="licence_matters", postgresql_where=sa.text("bill_id is not null")
    )
    op.drop_constraint(op.f("fk_licence_matters_bill_id_bills"), "licence_matters", type_="foreignkey")
    op.drop_column("licence_matters", "bill_id")
