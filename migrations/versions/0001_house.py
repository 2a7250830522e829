"""The house: the role that runs the portal, the events it can only add to, and the job queue in a schema of its own.

The role is the cluster's, not the database's: `downgrade` takes its rights here and leaves the role to others.
When Procrastinate is raised, the new revision applies the library's own migrations since the version that the comment
on schema jobs records (a database made by this revision from then on carries the later version already).
"""

import procrastinate
import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

PORTAL = """
do $$ begin
    if not exists (select from pg_roles where rolname = 'portal') then
        create role portal login nosuperuser nocreatedb nocreaterole noinherit;
    end if;
    if exists (select from pg_roles where rolname = 'portal' and rolsuper) then
        raise exception 'The role portal is a superuser and could rewrite events. Run: alter role portal nosuperuser';
    end if;
    begin
        execute format('grant portal to %I', current_user);
    exception when insufficient_privilege then  -- made by an administrator, who should have granted it
        if not pg_has_role(current_user, 'portal', 'member') then
            raise exception 'The role portal is not granted to %. Run as an administrator: grant portal to %',
                current_user, quote_ident(current_user);
        end if;
    end;
end $$
"""

RIGHTS = (
    "alter default privileges in schema public grant select, insert, update, delete on tables to portal",
    "alter default privileges in schema public grant usage, select on sequences to portal",
    "grant usage on schema public to portal",
    "grant select on alembic_version to portal",
)

NO_RIGHTS = (
    "revoke select on alembic_version from portal",
    "revoke usage on schema public from portal",
    "alter default privileges in schema public revoke usage, select on sequences from portal",
    "alter default privileges in schema public revoke select, insert, update, delete on tables from portal",
)

JOB_RIGHTS = (
    "grant usage on schema jobs to portal",
    "grant select, insert, update, delete on all tables in schema jobs to portal",
    "grant usage, select on all sequences in schema jobs to portal",
    "grant execute on all functions in schema jobs to portal",
    "alter default privileges in schema jobs grant select, insert, update, delete on tables to portal",
    "alter default privileges in schema jobs grant usage, select on sequences to portal",
    "alter default privileges in schema jobs grant execute on functions to portal",
)


def upgrade() -> None:
    """Role, rights, events, jobs."""
    op.execute(PORTAL)
    for statement in RIGHTS:
        op.execute(statement)
    op.create_table(
        "events",
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("acted_by", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_events")),
    )
    op.create_index("ix_events_subject", "events", ["subject_id", "at"])
    op.create_index("ix_events_kind", "events", ["kind", "at"])
    op.execute("revoke update, delete, truncate on events from portal")

    op.create_table(
        "counters",
        sa.Column("series", sa.String(80), nullable=False),
        sa.Column("be_year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "be_year", name=op.f("pk_counters")),
    )
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("window", sa.BigInteger(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_rate_counts")),
    )

    op.execute("create schema jobs")
    op.execute(f"comment on schema jobs is 'procrastinate {procrastinate.__version__}'")
    op.execute("set local search_path to jobs")
    # as the driver takes it: many statements, and percent signs that are no parameters
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())
    op.execute("set local search_path to public")
    for statement in JOB_RIGHTS:
        op.execute(statement)


def downgrade() -> None:
    """Everything made here but the role."""
    op.execute("drop schema jobs cascade")
    for table in ("rate_counts", "counters", "events"):
        op.drop_table(table)
    for statement in NO_RIGHTS:
        op.execute(statement)
