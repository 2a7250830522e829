"""Licences are found by any part of number, holder or place without reading all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

SOUGHT = r"""
create function sought(number text, holder text, premises text) returns text
language sql immutable parallel safe
return lower(translate(number, ' ./-()', '')) || e'\n' || lower(holder) || e'\n' || lower(premises)
"""
PIECES = """
create function pieces(said text) returns text[]
language sql immutable parallel safe
return (select coalesce(array_agg(distinct substr(said, n, 3)), '{}') from generate_series(1, length(said) - 2) as n)
"""


def upgrade() -> None:
    """Make it."""
    op.execute(SOUGHT)
    op.execute(PIECES)
    by = sa.text("pieces(sought(number, holder, premises))")
    op.create_index("ix_licences_sought", "licences", [by], unique=False, postgresql_using="gin")


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_licences_sought", table_name="licences", postgresql_using="gin")
    op.execute("drop function pieces(text)")
    op.execute("drop function sought(text, text, text)")
