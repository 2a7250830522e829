"""When a letter about a licence was first opened by its holder: from then on there is time to appeal."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Make it."""
    op.add_column("licence_letters", sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("licence_letters", "received_at")
