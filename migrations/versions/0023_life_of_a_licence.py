"""The life of a licence: editions under one number, what is under way about it, letters to its holder, renewals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"

BEFORE = ("reserved", "valid", "suspended", "revoked")
AFTER = ("reserved", "valid", "suspended", "surrendered", "revoked")
ACTIONS = ("issue", "suspend", "reinstate", "revoke", "surrender", "amend", "substitute", "renew", "expire")


def _words(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _json() -> postgresql.JSONB:
    return postgresql.JSONB(astext_type=sa.Text())


def _statuses(words: tuple[str, ...], ended: str) -> None:
    op.drop_constraint(op.f("ck_licences_status"), "licences", type_="check")
    op.create_check_constraint(op.f("ck_licences_status"), "licences", f"status in {words}")
    op.drop_index("ix_licences_not_valid", table_name="licences")
    where = sa.text(f"status in ({ended})")
    op.create_index("ix_licences_not_valid", "licences", ["status_at"], postgresql_where=where)


def upgrade() -> None:
    """Make it. Every licence there is has one edition: the one it was issued as."""
    _statuses(AFTER, "'suspended', 'surrendered', 'revoked'")
    op.add_column("licences", sa.Column("suspended_until", sa.Date(), nullable=True))
    op.add_column("licences", sa.Column("follows_id", sa.Uuid(), nullable=True))
    op.add_column("licences", sa.Column("over_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("licences", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("licences", "revision", server_default=None)
    op.create_check_constraint(
        op.f("ck_licences_suspended_until"), "licences", "suspended_until is null or status = 'suspended'"
    )
    op.create_foreign_key(op.f("fk_licences_follows_id_licences"), "licences", "licences", ["follows_id"], ["id"])
    op.create_unique_constraint(op.f("uq_licences_follows_id"), "licences", ["follows_id"])
    op.create_index("ix_licences_agency", "licences", ["agency_code", "issued_at"])
    op.create_index(
        "ix_licences_over",
        "licences",
        ["valid_until"],
        postgresql_where=sa.text("over_at is null and status = 'valid' and valid_until is not null"),
    )
    _matters()
    _editions()
    _letters()


def _matters() -> None:
    op.create_table(
        "licence_matters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("action", _words(*ACTIONS, name="action"), nullable=False),
        sa.Column("stage", _words("asked", "hearing", "proposed", name="stage"), nullable=False),
        sa.Column("said", _json(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_name", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("object_by", sa.Date(), nullable=True),
        sa.Column("objection", sa.String(), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", _words("done", "dropped", name="outcome"), nullable=True),
        sa.Column("closed_name", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("(outcome is null) = (closed_at is null)", name=op.f("ck_licence_matters_closed")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_matters_licence_id_licences")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_matters")),
    )
    op.create_index("ix_licence_matters_licence_id", "licence_matters", ["licence_id", "opened_at"])
    op.create_index(
        "uq_licence_matters_under_way",
        "licence_matters",
        ["licence_id"],
        unique=True,
        postgresql_where=sa.text("outcome is null"),
    )


def _editions() -> None:
    op.create_table(
        "licence_editions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", _words("original", "amended", "substitute", name="kind"), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("premises", sa.String(), nullable=False),
        sa.Column("answers", _json(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(number = 1) = (kind = 'original')", name=op.f("ck_licence_editions_first")),
        sa.CheckConstraint("(kind = 'original') = (matter_id is null)", name=op.f("ck_licence_editions_matter")),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_editions_licence_id_licences")),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["licence_matters.id"], name=op.f("fk_licence_editions_matter_id_licence_matters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_editions")),
        sa.UniqueConstraint("code", name=op.f("uq_licence_editions_code")),
        sa.UniqueConstraint("licence_id", "number", name=op.f("uq_licence_editions_licence_id")),
        sa.UniqueConstraint("matter_id", name=op.f("uq_licence_editions_matter_id")),
    )
    op.execute(
        "insert into licence_editions "
        "(id, licence_id, number, code, kind, holder, premises, answers, ordered_at, issued_at) "
        "select id, id, 1, code, 'original', holder, premises, '{}', reserved_at, issued_at from licences"
    )
    op.drop_constraint(op.f("uq_licence_documents_licence_id"), "licence_documents", type_="unique")
    op.add_column("licence_documents", sa.Column("form", sa.Integer(), nullable=True))
    op.execute("update licence_documents set form = edition, edition = 1")
    op.alter_column("licence_documents", "form", nullable=False)
    op.create_unique_constraint(op.f("uq_licence_documents_licence_id"), "licence_documents", ["licence_id", "form"])
    op.create_foreign_key(
        op.f("fk_licence_documents_edition_licence_editions"),
        "licence_documents",
        "licence_editions",
        ["licence_id", "edition"],
        ["licence_id", "number"],
    )


def _letters() -> None:
    op.create_table(
        "licence_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("says", _words("intent", "order", name="says"), nullable=False),
        sa.Column("content", _json(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "file_digest is null or file_digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_licence_letters_digest_is_sha256")
        ),
        sa.ForeignKeyConstraint(["licence_id"], ["licences.id"], name=op.f("fk_licence_letters_licence_id_licences")),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["licence_matters.id"], name=op.f("fk_licence_letters_matter_id_licence_matters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_letters")),
        sa.UniqueConstraint("agency_code", "number", name=op.f("uq_licence_letters_agency_code")),
    )
    op.create_index("ix_licence_letters_licence_id", "licence_letters", ["licence_id", "issued_at"])


def downgrade() -> None:
    """Take it back. What was surrendered was at least not valid any more."""
    op.drop_table("licence_letters")
    op.drop_constraint(op.f("fk_licence_documents_edition_licence_editions"), "licence_documents", type_="foreignkey")
    op.drop_constraint(op.f("uq_licence_documents_licence_id"), "licence_documents", type_="unique")
    op.execute("update licence_documents set edition = form")
    op.drop_column("licence_documents", "form")
    op.create_unique_constraint(op.f("uq_licence_documents_licence_id"), "licence_documents", ["licence_id", "edition"])
    op.drop_table("licence_editions")
    op.drop_table("licence_matters")
    for name in ("over", "agency"):
        op.drop_index(f"ix_licences_{name}", table_name="licences")
    op.drop_constraint(op.f("uq_licences_follows_id"), "licences", type_="unique")
    op.drop_constraint(op.f("fk_licences_follows_id_licences"), "licences", type_="foreignkey")
    op.drop_constraint(op.f("ck_licences_suspended_until"), "licences", type_="check")
    for column in ("revision", "over_at", "follows_id", "suspended_until"):
        op.drop_column("licences", column)
    op.execute("update licences set status = 'revoked' where status = 'surrendered'")
    _statuses(BEFORE, "'suspended', 'revoked'")
