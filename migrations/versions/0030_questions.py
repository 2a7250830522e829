"""What people ask while they fill a form, and what agencies answer."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "form_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("single_form_id", sa.Uuid(), nullable=True),
        sa.Column("service_slug", sa.String(length=80), nullable=False),
        sa.Column("service_version", sa.Integer(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=60), server_default="", nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("shared_as", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("(answered_at is null) = (answer = '')", name=op.f("ck_form_questions_answered")),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["applicants.id"], name=op.f("fk_form_questions_applicant_id_applicants")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_form_questions_asked_by_people")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_form_questions_officer_id_officers")),
        sa.ForeignKeyConstraint(
            ["single_form_id"], ["single_forms.id"], name=op.f("fk_form_questions_single_form_id_single_forms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_questions")),
    )
    op.create_index("ix_form_questions_applicant", "form_questions", ["applicant_id", "asked_at"], unique=False)
    op.create_index(
        "ix_form_questions_open",
        "form_questions",
        ["agency_code", "asked_at"],
        unique=False,
        postgresql_where=sa.text("answered_at is null"),
    )
    op.create_index(
        "ix_form_questions_shared",
        "form_questions",
        ["service_slug"],
        unique=False,
        postgresql_where=sa.text("shared_as <> ''"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_form_questions_shared", table_name="form_questions", postgresql_where=sa.text("shared_as <> ''"))
    op.drop_index(
        "ix_form_questions_open", table_name="form_questions", postgresql_where=sa.text("answered_at is null")
    )
    op.drop_index("ix_form_questions_applicant", table_name="form_questions")
    op.drop_table("form_questions")
