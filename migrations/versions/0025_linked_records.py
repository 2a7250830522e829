"""What registries said instead of papers: each record of a form, and what of it was sent with every application."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"

STATES = ("queued", "done", "nothing_found", "ended", "unreachable", "disputed")


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "linked_records",
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "state", sa.Enum(*STATES, name="link", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("said", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_linked_records_single_form_id_single_forms")
        ),
        sa.PrimaryKeyConstraint("single_form_id", "key", name=op.f("pk_linked_records")),
    )
    op.add_column(
        "applications",
        sa.Column("linked", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_column("applications", "linked")
    op.drop_table("linked_records")
