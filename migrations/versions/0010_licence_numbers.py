"""Each authority counts its own licences: the same number at two of them is two licences."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make it."""
    op.drop_constraint("uq_licences_number", "licences", type_="unique")
    op.create_unique_constraint("uq_licences_agency_code", "licences", ["agency_code", "number"])


def downgrade() -> None:
    """Take it away."""
    op.drop_constraint("uq_licences_agency_code", "licences", type_="unique")
    op.create_unique_constraint("uq_licences_number", "licences", ["number"])
