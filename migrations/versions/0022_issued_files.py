"""What our own check found is kept beside every file that leaves the house; receipts and letters get proof that lasts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "issued_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("of", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("proved_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("(edition = 1) = (digest = first)", name=op.f("ck_issued_files_begins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_files")),
        sa.UniqueConstraint("first", "edition", name=op.f("uq_issued_files_first")),
        sa.UniqueConstraint("digest", name=op.f("uq_issued_files_digest")),
    )
    op.create_index(
        "ix_issued_files_proved_until",
        "issued_files",
        [sa.text("proved_until nulls first")],
        postgresql_where=sa.text("seal <> ''"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("issued_files")
