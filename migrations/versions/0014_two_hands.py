"""Two officers may have to agree; what delays a case is told; the queue is read from indexes of what is open."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

OPEN = "closed_at is null"
HELD = "closed_at is null and taken_by is not null"
DONE = "state in ('preparing', 'issued', 'lapsed', 'rejected', 'withdrawn')"
NEXT_ON = "coalesce(due_on, check_by)"


def upgrade() -> None:
    """Make it."""
    op.add_column("applications", sa.Column("proposal", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("applications", sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("applications", sa.Column("proposed_by", sa.Uuid(), nullable=True))
    op.add_column("applications", sa.Column("delay_reason", sa.String(), nullable=False, server_default=""))
    op.add_column("applications", sa.Column("delay_told_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("applications", "delay_reason", server_default=None)
    op.create_foreign_key(
        op.f("fk_applications_proposed_by_officers"), "applications", "officers", ["proposed_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_applications_proposed"), "applications", "(proposal is null) = (proposed_by is null)"
    )
    op.create_check_constraint(op.f("ck_applications_two_hands"), "applications", "decided_by <> proposed_by")
    op.drop_index("ix_applications_queue", table_name="applications")
    op.create_index(
        "ix_applications_open",
        "applications",
        ["agency_code", "office_code", "state", "taken_by", "check_by", "due_on"],
        postgresql_where=sa.text(OPEN),
    )
    op.create_index(
        "ix_applications_waiting",
        "applications",
        ["agency_code", sa.text(NEXT_ON), "submitted_at", "number"],
        postgresql_where=sa.text(OPEN),
    )
    op.create_index(
        "ix_applications_done",
        "applications",
        ["agency_code", sa.text("closed_at desc"), "number"],
        postgresql_include=["office_code"],
        postgresql_where=sa.text(DONE),
    )
    op.create_index("ix_applications_taken_by", "applications", ["taken_by"], postgresql_where=sa.text(HELD))


def downgrade() -> None:
    """Take it back."""
    for name in ("taken_by", "done", "waiting", "open"):
        op.drop_index(f"ix_applications_{name}", table_name="applications")
    op.create_index("ix_applications_queue", "applications", ["agency_code", "state", "due_on"], unique=False)
    op.drop_constraint(op.f("ck_applications_two_hands"), "applications", type_="check")
    op.drop_constraint(op.f("ck_applications_proposed"), "applications", type_="check")
    op.drop_constraint(op.f("fk_applications_proposed_by_officers"), "applications", type_="foreignkey")
    for name in ("delay_told_at", "delay_reason", "proposed_by", "proposed_at", "proposal"):
        op.drop_column("applications", name)
