"""An edition that cannot be made is given up, and stands in the way of no other."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Make it."""
    op.add_column("licence_editions", sa.Column("unfit", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("licence_editions", "unfit")
