"""What a person says of a file: which of several documents it is, and on which day it was issued."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Make it."""
    op.add_column("uploads", sa.Column("variant", sa.String(length=60), server_default="", nullable=False))
    op.add_column("uploads", sa.Column("issued_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("uploads", "issued_on")
    op.drop_column("uploads", "variant")
