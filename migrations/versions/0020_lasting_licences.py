"""Licences outlive their certificates, wait for what they are sealed with, and are told to be void as open data."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

WAITS = ("certificate", "authority")


def upgrade() -> None:
    """Make it."""
    op.add_column("licences", sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "licences",
        sa.Column("waits_for", sa.Enum(*WAITS, name="wait", native_enum=False, length=40), nullable=True),
    )
    op.add_column("licences", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_licences_wait"), "licences", f"waits_for in {WAITS}")
    op.create_check_constraint(op.f("ck_licences_waits"), "licences", "(waits_since is null) = (waits_for is null)")
    op.create_index("ix_licences_squeezed", "licences", [sa.text("translate(upper(number), ' ./-()', '')")])
    op.create_index(
        "ix_licences_waiting", "licences", ["tried_at"], postgresql_where=sa.text("waits_since is not null")
    )
    op.create_index(
        "ix_licences_not_valid",
        "licences",
        ["status_at"],
        postgresql_where=sa.text("status in ('suspended', 'revoked')"),
    )
    op.add_column("licence_documents", sa.Column("proved_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_licence_documents_proved_until", "licence_documents", [sa.text("proved_until nulls first")])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_licence_documents_proved_until", table_name="licence_documents")
    op.drop_column("licence_documents", "proved_until")
    for name in ("not_valid", "waiting", "squeezed"):
        op.drop_index(f"ix_licences_{name}", table_name="licences")
    for name in ("waits", "wait"):
        op.drop_constraint(op.f(f"ck_licences_{name}"), "licences", type_="check")
    for column in ("tried_at", "waits_for", "waits_since"):
        op.drop_column("licences", column)
