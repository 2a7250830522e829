"""Papers that the portal prepares, and which file is one of them come back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "papers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column("document_key", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_papers_single_form_id_single_forms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("code", name=op.f("uq_papers_code")),
        sa.UniqueConstraint("single_form_id", "document_key", "sha256", name=op.f("uq_papers_single_form_id")),
    )
    op.add_column("uploads", sa.Column("paper_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_uploads_paper_id_papers"), "uploads", "papers", ["paper_id"], ["id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_constraint(op.f("fk_uploads_paper_id_papers"), "uploads", type_="foreignkey")
    op.drop_column("uploads", "paper_id")
    op.drop_table("papers")
