"""Who is asked to sign a paper online, and who did."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "paper_signers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("single_form_id", sa.Uuid(), nullable=False),
        sa.Column("document_key", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paper_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ial", sa.Numeric(precision=2, scale=1), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(signed_at is null) or (paper_id is not null and person_id is not null)",
            name=op.f("ck_paper_signers_signed"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(signed_at, refused_at, revoked_at) <= 1", name=op.f("ck_paper_signers_one_end")
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["people.id"], name=op.f("fk_paper_signers_invited_by_people")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_signers_paper_id_papers")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_paper_signers_person_id_people")),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_paper_signers_single_form_id_single_forms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_signers")),
    )
    op.create_index("ix_paper_signers_form", "paper_signers", ["single_form_id", "document_key"], unique=False)
    op.create_index("ix_paper_signers_paper", "paper_signers", ["paper_id"], unique=False)
    op.create_index("ix_paper_signers_person", "paper_signers", ["person_id"], unique=False)
    op.add_column("single_forms", sa.Column("signing", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("single_forms", "signing")
    op.drop_index("ix_paper_signers_person", table_name="paper_signers")
    op.drop_index("ix_paper_signers_paper", table_name="paper_signers")
    op.drop_index("ix_paper_signers_form", table_name="paper_signers")
    op.drop_table("paper_signers")
