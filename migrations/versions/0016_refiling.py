"""A sent form may be corrected and sent again until an officer takes it; what was sent before is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make it."""
    op.add_column("single_forms", sa.Column("corrects", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_single_forms_corrects_single_forms"), "single_forms", "single_forms", ["corrects"], ["id"]
    )
    op.create_index(
        "ix_single_forms_corrects",
        "single_forms",
        ["corrects"],
        unique=False,
        postgresql_where=sa.text("corrects is not null"),
    )
    op.create_table(
        "filings",
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("snapshot", sa.String(), nullable=True),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=True),
        sa.Column("receipt_digest", sa.String(length=64), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_filings_single_form_id_single_forms")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["people.id"], name=op.f("fk_filings_submitted_by_people")),
        sa.PrimaryKeyConstraint("single_form_id", "number", name=op.f("pk_filings")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("filings")
    op.drop_index("ix_single_forms_corrects", table_name="single_forms")
    op.drop_constraint(op.f("fk_single_forms_corrects_single_forms"), "single_forms", type_="foreignkey")
    op.drop_column("single_forms", "corrects")
