"""The revisions make what the models say, and what the portal may do with it is decided by the database."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import events, jobs, migrating
from app.core.db import Base, Database

ROOT = Path(__file__).parents[2]

SHAPE = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
from pg_constraint where connamespace = 'public'::regnamespace
union all
select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
union all
select table_name, column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)
from information_schema.columns where table_schema = 'public'
"""

LEFT_BEHIND = """
select nspname from pg_namespace where nspname = 'jobs'
union all select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
union all select typname::text from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e'
union all select defaclobjtype::text from pg_default_acl
union all select proname::text from pg_proc where pronamespace = 'public'::regnamespace
"""


@contextmanager
def refused_for_lack_of_rights() -> Iterator[None]:
    with pytest.raises(DBAPIError) as refusal:
        yield
    assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege)


def all_of(url: str, query: str) -> set[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return set(connection.execute(query).fetchall())


def test_up_down_and_up_again_leaves_nothing_behind_and_makes_the_same(empty_database_url: str) -> None:
    migrating.upgrade(empty_database_url)
    made = all_of(empty_database_url, SHAPE)

    migrating.downgrade(empty_database_url, "base")
    assert all_of(empty_database_url, LEFT_BEHIND) == {("alembic_version",)}
    assert migrating.revision_of(empty_database_url) is None

    migrating.upgrade(empty_database_url)
    assert all_of(empty_database_url, SHAPE) == made
    assert migrating.revision_of(empty_database_url) == migrating.newest()


def test_alembic_finds_no_difference_between_the_revisions_and_the_models_they_name(empty_database_url: str) -> None:
    migrating.upgrade(empty_database_url)
    check = "import sys; from app.core import migrating; print(migrating.differences(sys.argv[1]))"

    done = subprocess.run(
        [sys.executable, "-c", check, empty_database_url], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_the_revisions_make_every_column_index_and_check_that_the_models_make(
    empty_database_url: str, owner_url: str
) -> None:
    migrating.upgrade(empty_database_url)
    by_revisions = all_of(empty_database_url, SHAPE)
    tables = {table for (table, *_) in by_revisions}
    with psycopg.connect(owner_url) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
    engine = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"))

    Base.metadata.create_all(engine, tables=[table for name, table in Base.metadata.tables.items() if name in tables])
    engine.dispose()

    by_models = all_of(owner_url, SHAPE)
    assert {fact for fact in by_revisions if fact[0] != "alembic_version"} == by_models


def test_every_table_of_the_portal_is_known_to_alembic() -> None:
    source = ast.parse((migrating.FOLDER / "env.py").read_text())
    named = next(ast.literal_eval(line.value) for line in source.body if isinstance(line, ast.Assign))
    ask = (
        "import app.main; from app.core.db import Base\n"
        "print(*{mapper.class_.__module__ for mapper in Base.registry.mappers})"
    )

    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) == set(named)


def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor() as both:
        list(both.map(migrating.upgrade, [empty_database_url] * 2))

    assert migrating.revision_of(empty_database_url) == migrating.newest()


def test_a_draft_holds_what_the_models_have_and_the_revisions_lack(run_folder: Path) -> None:
    folder = run_folder / "migrations"
    shutil.copytree(migrating.FOLDER, folder)
    for revision in (folder / "versions").glob("*.py"):
        revision.unlink()
    write = "import sys, pathlib; from app.core import migrating; migrating.draft('house', pathlib.Path(sys.argv[1]))"

    subprocess.run([sys.executable, "-c", write, str(folder)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    draft = (folder / "versions" / "0001_house.py").read_text()
    compile(draft, "0001_house.py", "exec")
    assert 'revision = "0001"' in draft
    assert "op.create_table('events'" in draft
    assert "op.drop_table('events')" in draft


def test_the_portal_is_nobody_special(db: Session) -> None:
    row = db.execute(
        text("select rolname, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user")
    ).one()

    assert tuple(row) == ("portal", False, False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "update events set kind = 'other'",
        "delete from events",
        "truncate events",
        "drop table events",
        "alter table events disable trigger all",
        "create table public.mine (n int)",
        "update alembic_version set version_num = '9999'",
        "set role owner",
    ],
)
def test_the_portal_cannot_rewrite_what_happened_nor_change_the_house(
    db: Session, now: datetime, statement: str
) -> None:
    events.record(db, "house", "opened", events.SYSTEM, now)

    with refused_for_lack_of_rights():
        db.execute(text(statement))


def test_the_portal_adds_events_and_reads_them(database: Database, now: datetime) -> None:
    for kind in ("opened", "closed"):
        with database.transaction() as db:
            events.record(db, "house", kind, events.SYSTEM, now)

    with database.transaction() as db:
        assert [event.kind for event in events.history(db, "house")] == ["opened", "closed"]
        assert events.verify(db) == (2, [])


def test_the_portal_may_use_tables_that_later_revisions_make(db: Session, owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("create table later (id bigserial primary key, what text)")

    db.execute(text("insert into later (what) values ('one')"))
    db.execute(text("update later set what = 'two'"))
    db.execute(text("delete from later"))
    with refused_for_lack_of_rights():
        db.execute(text("truncate later"))


def test_a_job_is_enqueued_by_the_portal_and_goes_with_its_transaction(database: Database) -> None:
    with database.transaction() as db:
        jobs.enqueue(db, "nothing", why="a test")
        assert jobs.waiting(db) == 1
        db.rollback()

    with database.transaction() as db:
        assert jobs.waiting(db) == 0
