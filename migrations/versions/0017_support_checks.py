"""Officers say by what a case may be decided though the portal lacks the licence it rests on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "support_checks",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("service_slug", sa.String(length=80), nullable=False),
        sa.Column("ground", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_support_checks_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_support_checks_officer_id_officers")),
        sa.PrimaryKeyConstraint("application_id", "service_slug", name=op.f("pk_support_checks")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("support_checks")
