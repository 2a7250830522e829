"""The second wall: what the portal's own role cannot do to the database, however it is asked."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, make_url

from app.demo.running import Running

ADD_ONLY = (
    "events",
    "access_log",
    "consents",
    "acknowledgements",
    "privacy_texts",
    "ledger_entries",
    "bank_callbacks",
    "service_versions",
    "internal_notes",
)


@pytest.fixture
def portal(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection exactly as the portal has it."""
    with psycopg.connect(
        make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as connection:
        yield connection


def columns(connection: psycopg.Connection, table: str) -> list[str]:
    rows = connection.execute(
        "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s", (table,)
    )
    return [str(row[0]) for row in rows]


@pytest.mark.parametrize("table", ADD_ONLY)
def test_what_was_recorded_can_only_be_added_to(portal: psycopg.Connection, table: str) -> None:
    name = sql.Identifier(table)
    for column in columns(portal, table):
        with pytest.raises(InsufficientPrivilege):
            portal.execute(
                sql.SQL("update {} set {} = {}").format(name, sql.Identifier(column), sql.Identifier(column))
            )
    for statement in ("delete from {}", "truncate {}", "drop table {}", "alter table {} disable trigger all"):
        with pytest.raises(InsufficientPrivilege):
            portal.execute(sql.SQL(statement).format(name))
    assert portal.execute(sql.SQL("select count(*) from {}").format(name)).fetchone() == (0,)


def test_the_portal_owns_nothing_and_rules_nobody(portal: psycopg.Connection) -> None:
    role = portal.execute(
        "select rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication from pg_roles "
        "where rolname = current_user"
    ).fetchone()
    owned = portal.execute(
        "select relname from pg_class where relowner = (select oid from pg_roles where rolname = current_user)"
    ).fetchall()

    assert role == (False,) * 5
    assert owned == []


@pytest.mark.parametrize(
    "statement",
    [
        "create table mine (id int)",
        "create schema mine",
        "create role mine",
        "create function f() returns int language sql as 'select 1'",
        "copy events to program 'true'",
        "copy (select 1) to '/tmp/x'",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "update alembic_version set version_num = '0'",
        "alter system set fsync = off",
        "set session_replication_role = replica",
        "set session authorization postgres",
    ],
)
def test_nothing_else_is_open_to_the_portals_role(portal: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.Error) as refused:
        portal.execute(statement)

    assert refused.value.sqlstate in {"42501", "22023", "0P000"}


def test_the_running_portal_cannot_step_back_into_a_stronger_role(here: Running) -> None:
    engine: Engine = here.portal.house.database.engine
    with engine.connect() as connection:
        connection.exec_driver_sql("reset role")
        who = connection.exec_driver_sql("select current_user, session_user").one()
        connection.invalidate()

    assert tuple(who) == ("portal", "portal")
