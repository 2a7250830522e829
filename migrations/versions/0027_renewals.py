"""A form may renew a licence, reminders are sent once, and a holder shows a licence by a link."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "licence_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opened >= 0", name=op.f("ck_licence_shares_opened")),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_licence_shares_created_by_people")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_shares_licence_id_licences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_shares")),
        sa.UniqueConstraint("secret", name=op.f("uq_licence_shares_secret")),
    )
    op.create_index("ix_licence_shares_licence", "licence_shares", ["licence_id", "created_at"], unique=False)
    op.add_column("applications", sa.Column("renews", sa.Uuid(), nullable=True))
    op.create_index(
        "uq_applications_one_renewal",
        "applications",
        ["renews"],
        unique=True,
        postgresql_where=sa.text("renews is not null and state not in ('rejected', 'withdrawn', 'lapsed')"),
    )
    op.create_foreign_key(
        op.f("fk_applications_renews_licences"),
        "applications",
        "licences",
        ["renews"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column("licences", sa.Column("reminded", sa.Integer(), nullable=True))
    op.create_index(
        "ix_licences_ending", "licences", ["valid_until"], unique=False, postgresql_where=sa.text("status = 'valid'")
    )
    op.add_column("single_forms", sa.Column("renews", sa.Uuid(), nullable=True))
    op.create_index(
        "uq_single_forms_one_renewal",
        "single_forms",
        ["renews"],
        unique=True,
        postgresql_where=sa.text("renews is not null and corrects is null and state = 'draft'"),
    )
    op.create_foreign_key(
        op.f("fk_single_forms_renews_licences"),
        "single_forms",
        "licences",
        ["renews"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    """Take it back."""
    for table in ("single_forms", "applications"):
        op.drop_constraint(op.f(f"fk_{table}_renews_licences"), table, type_="foreignkey")
        op.drop_index(f"uq_{table}_one_renewal", table_name=table)
        op.drop_column(table, "renews")
    op.drop_index("ix_licences_ending", table_name="licences")
    op.drop_column("licences", "reminded")
    op.drop_table("licence_shares")
