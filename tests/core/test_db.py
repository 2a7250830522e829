"""The portal's door to the database: what commits, what does not, and what every connection starts with."""

import asyncio
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import Response
from fastapi.testclient import TestClient
from sqlalchemy import MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.core.db import Base, Database, attempt, new_id, words
from app.core.errors import Invalid
from app.core.web import Db, hang

ROOT = Path(__file__).parents[2]

DYING = """
import sys
from sqlalchemy import text
from app.core.db import Database
with Database(sys.argv[1]).transaction() as db:
    db.info["failpoint"] = "save"
    db.execute(text("insert into rate_counts values ('key', 1, 1)"))
"""


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Own(DeclarativeBase):
    """Tables of this test alone, named by the rules of the house."""

    metadata = MetaData(naming_convention=Base.metadata.naming_convention)


class Painted(Own):
    __tablename__ = "painted"

    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[Colour] = mapped_column(words(Colour))


def rows(database: Database) -> int:
    with database.transaction() as db:
        return int(db.execute(text("select count(*) from rate_counts")).scalar_one())


def save(db: Session) -> None:
    db.execute(text("insert into rate_counts values ('key', 1, 1)"))


def fail_after_saving(database: Database) -> None:
    with database.transaction() as db:
        save(db)
        raise LookupError


def test_a_block_that_ends_well_is_committed(database: Database) -> None:
    with database.transaction() as db:
        save(db)

    assert rows(database) == 1


def test_a_block_that_raises_is_rolled_back(database: Database) -> None:
    with pytest.raises(LookupError):
        fail_after_saving(database)

    assert rows(database) == 0


def saved_in_vain(db: Session) -> None:
    """A story that writes, and then refuses."""
    save(db)
    raise Invalid("too late")


def look(db: Session) -> None:
    """What was written before the story began."""
    db.execute(text("insert into rate_counts values ('look', 1, 1)"))


def looked_in_vain(db: Session) -> None:
    look(db)
    raise Invalid


@pytest.mark.parametrize("looked", [False, True])
def test_a_page_that_catches_a_refusal_and_draws_itself_again_keeps_nothing_of_it(
    database: Database, *, looked: bool
) -> None:
    pages, web = APIRouter(), FastAPI()

    @pages.post("/")
    def page(db: Db) -> Response:
        if looked:
            look(db)
        try:
            with attempt(db):
                saved_in_vain(db)
        except Invalid as refused:
            db.execute(text("select 1"))  # what the page shows is read anew
            return Response(refused.message, status_code=422)
        return Response(status_code=303)

    hang(web, [pages])
    web.state.database, web.state.turns = database, asyncio.Semaphore(database.turns)
    answer = TestClient(web).post("/")

    assert (answer.status_code, answer.text) == (422, "too late")
    with database.transaction() as db:
        kept = list(db.scalars(text("select key from rate_counts")))
    assert kept == (["look"] if looked else [])


def test_an_attempt_is_no_statement_where_nothing_was_written_before(database: Database) -> None:
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: said.append(given[2]))

    with database.transaction() as db:
        with attempt(db):
            save(db)
        with pytest.raises(Invalid), attempt(db):
            raise Invalid
        with pytest.raises(Invalid), attempt(db):
            looked_in_vain(db)
    with database.transaction() as db, attempt(db):
        pass

    assert rows(database) == 1
    assert [line.split()[0] for line in said] == ["insert", "SAVEPOINT", "insert", "ROLLBACK", "select"]


def test_a_look_after_the_block_has_ended_is_refused_and_takes_no_connection(database: Database) -> None:
    for _ in range(database.turns + 2):
        with database.transaction() as db:
            rows_there = db.execute(text("select 1")).scalar_one()
        with pytest.raises(InvalidRequestError):
            db.execute(text("select 1"))

    assert rows_there == 1
    assert rows(database) == 0


@pytest.mark.parametrize(("moment", "left"), [("before_commit", 0), ("after_commit", 1)])
def test_power_that_fails_around_the_commit_leaves_all_or_nothing(database: Database, moment: str, left: int) -> None:
    surroundings = {**os.environ, "JUDIAO_FAILPOINTS": f"save.{moment}"}

    died = subprocess.run([sys.executable, "-c", DYING, database.url], cwd=ROOT, env=surroundings, check=False)

    assert died.returncode == -signal.SIGKILL
    assert rows(database) == left


def test_every_connection_acts_as_the_portal_in_utc_with_a_time_limit(database: Database, owner_url: str) -> None:
    for url in (database.url, owner_url):
        door = Database(url)
        with door.transaction() as db:
            row = db.execute(
                text("select current_user, current_setting('timezone'), current_setting('statement_timeout')")
            ).one()
        door.close()

        assert tuple(row) == ("portal", "UTC", "5s")


def test_a_process_holds_one_connection_more_than_turns_and_no_other(database: Database) -> None:
    with ThreadPoolExecutor() as pool, ExitStack() as held:
        for _ in range(database.turns + 1):
            held.enter_context(database.engine.connect())
        late = pool.submit(lambda: rows(database))
        with pytest.raises(TimeoutError):
            late.result(timeout=0.2)
        held.close()

        assert late.result(timeout=60) == 0


def test_a_connection_that_the_server_ended_is_replaced_unnoticed(database: Database) -> None:
    with database.transaction() as db:
        ended = db.execute(text("select pg_backend_pid()")).scalar_one()
    killer = Database(database.url)
    with killer.transaction() as db:
        db.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": ended})
    killer.close()

    with database.transaction() as db:
        assert db.execute(text("select pg_backend_pid()")).scalar_one() != ended


def test_a_transaction_that_swallowed_a_failed_statement_is_an_error_and_not_a_silent_loss(database: Database) -> None:
    twice = text("insert into rate_counts values ('key', 1, 1)")

    def swallow() -> None:
        with database.transaction() as db:
            db.execute(twice)
            with pytest.raises(IntegrityError):
                db.execute(twice)

    with pytest.raises(RuntimeError, match="nothing of this transaction"):
        swallow()


def test_the_database_refuses_a_word_that_is_not_in_the_list(owner_url: str) -> None:
    engine = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"))
    Own.metadata.create_all(engine)

    with engine.connect() as connection:
        connection.execute(text("insert into painted values (1, 'red')"))
        with pytest.raises(IntegrityError, match="ck_painted_colour"):
            connection.execute(text("insert into painted values (2, 'green')"))
    engine.dispose()


def test_new_keys_are_uuids_of_version_7_in_the_order_of_their_time() -> None:
    keys = [new_id() for _ in range(1000)]

    assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}
    assert len(set(keys)) == len(keys)
    assert [key.int >> 80 for key in keys] == sorted(key.int >> 80 for key in keys)
