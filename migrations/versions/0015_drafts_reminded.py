"""Whoever has a draft that comes to its end is told in time, once at each distance."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make it."""
    op.add_column("single_forms", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Unmake it."""
    op.drop_column("single_forms", "reminded_at")
