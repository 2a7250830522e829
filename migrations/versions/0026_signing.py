"""Many approvals signed in one act: what was chosen, how the officer proved to be there, what became of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "signing_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(confirmed_at is null) = (proof is null)", name=op.f("ck_signing_batches_confirmed")),
        sa.CheckConstraint("finished_at is null or confirmed_at is not null", name=op.f("ck_signing_batches_finished")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_signing_batches_officer_id_officers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_batches")),
    )
    op.create_index("ix_signing_batches_officer", "signing_batches", ["officer_id", "made_at"], unique=False)
    op.create_table(
        "signing_items",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "waiting", "approved", "failed", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("reason", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(outcome = 'failed') = (reason is not null)", name=op.f("ck_signing_items_reason")),
        sa.CheckConstraint("(outcome = 'waiting') = (at is null)", name=op.f("ck_signing_items_done")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_signing_items_application_id_applications")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["signing_batches.id"], name=op.f("fk_signing_items_batch_id_signing_batches")
        ),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_signing_items")),
        sa.UniqueConstraint("batch_id", "application_id", name=op.f("uq_signing_items_batch_id")),
    )
    op.create_index(
        "ix_signing_items_waiting",
        "signing_items",
        ["batch_id", "position"],
        unique=False,
        postgresql_where=sa.text("outcome = 'waiting'"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("signing_items")
    op.drop_table("signing_batches")
