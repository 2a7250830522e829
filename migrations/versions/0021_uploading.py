"""Large files arrive in pieces; what arrived is known by its own bytes, and what was taken from an earlier form says so."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Make it."""
    op.add_column("uploads", sa.Column("arrived", sa.String(length=64), server_default="", nullable=False))
    op.add_column("uploads", sa.Column("reused_from", sa.String(length=24), server_default="", nullable=False))
    op.create_table(
        "incoming",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column("document_key", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_incoming_single_form_id_single_forms")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_incoming_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming")),
    )
    op.create_index("ix_incoming_form", "incoming", ["single_form_id", "document_key"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("incoming")
    op.drop_column("uploads", "reused_from")
    op.drop_column("uploads", "arrived")
