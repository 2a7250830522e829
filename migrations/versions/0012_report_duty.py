"""A duty for officers who report on the services of every agency."""

from alembic import op

revision = "0012"
down_revision = "0011"

CHECK = "duties <@ array[{}]::varchar[]"
BEFORE = "'receive', 'check', 'approve', 'cashier', 'manage'"


def upgrade() -> None:
    """Make it."""
    op.drop_constraint(op.f("ck_officers_known_duties"), "officers", type_="check")
    op.create_check_constraint(op.f("ck_officers_known_duties"), "officers", CHECK.format(f"{BEFORE}, 'report'"))


def downgrade() -> None:
    """Unmake it: nobody keeps the duty."""
    op.execute("update officers set duties = array_remove(duties, 'report') where 'report' = any(duties)")
    op.drop_constraint(op.f("ck_officers_known_duties"), "officers", type_="check")
    op.create_check_constraint(op.f("ck_officers_known_duties"), "officers", CHECK.format(BEFORE))
