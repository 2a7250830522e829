"""Every form ends with what it did not ask: it reaches the officer, and is a task for who answers for the service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make it."""
    op.add_column("single_forms", sa.Column("unasked", sa.String(), server_default="", nullable=False))
    op.add_column("applications", sa.Column("unasked", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_table(
        "form_gaps",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("service_slug", sa.String(length=80), nullable=False),
        sa.Column("service_version", sa.Integer(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "open",
                "ask",
                "explain",
                "nothing",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_form_gaps_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_form_gaps_officer_id_officers")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_form_gaps")),
    )
    op.create_index(
        "ix_form_gaps_open",
        "form_gaps",
        ["agency_code"],
        unique=False,
        postgresql_where=sa.text("outcome = 'open'"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("form_gaps")
    op.drop_column("applications", "unasked")
    op.drop_column("single_forms", "unasked")
