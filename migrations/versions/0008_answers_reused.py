"""An answer taken from an earlier form says from which."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make it."""
    op.add_column("answers", sa.Column("reused_from", sa.String(length=24), server_default="", nullable=False))


def downgrade() -> None:
    """Unmake it."""
    op.drop_column("answers", "reused_from")
