"""Published versions of services, kept for ever."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "service_versions",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_service_versions_sha256")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_service_versions_version")),
        sa.PrimaryKeyConstraint("slug", "version", name=op.f("pk_service_versions")),
    )
    op.execute("revoke update, delete, truncate on service_versions from portal")


def downgrade() -> None:
    """Unmake it."""
    op.drop_table("service_versions")
