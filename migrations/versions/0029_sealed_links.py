"""Whoever made a link to a licence may copy its address again: it is kept sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Make it."""
    op.add_column("licence_shares", sa.Column("sealed", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("licence_shares", "sealed")
