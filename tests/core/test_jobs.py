"""Putting jobs in line, in the transaction of their cause."""

from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core import jobs
from app.core.db import Database


def _note(database: Database, what: str) -> None:
    with database.transaction() as db:
        db.execute(text('insert into rate_counts (key, "window", hits) values (:what, 1, 1)'), {"what": what})


def test_a_transaction_whose_job_is_in_line_already_keeps_the_rest_of_its_work(database: Database) -> None:
    enqueued, may_end = Event(), Event()

    def first() -> None:
        with database.transaction() as db:
            jobs.enqueue(db, "something", once="the same")
            enqueued.set()
            may_end.wait(30)

    holder = Thread(target=first)
    holder.start()
    enqueued.wait(30)

    def second() -> None:
        with database.transaction() as db:
            db.execute(text("""insert into rate_counts (key, "window", hits) values ('second', 1, 1)"""))
            jobs.enqueue(db, "something", once="the same")

    waiter = Thread(target=second)
    waiter.start()
    with database.transaction() as db:  # until the second stands in line behind the first
        blocked = text("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
        while not db.execute(blocked).scalar_one():
            db.rollback()
    may_end.set()
    holder.join(30)
    waiter.join(30)

    with database.transaction() as db:
        assert db.execute(text("select key from rate_counts")).scalars().all() == ["second"]
        assert jobs.waiting(db) == 1


def test_a_transaction_that_swallowed_a_failed_statement_is_an_error_and_not_a_silent_loss(database: Database) -> None:
    _note(database, "there")

    def swallowing() -> None:
        with database.transaction() as db:
            with pytest.raises(IntegrityError):
                db.execute(text("""insert into rate_counts (key, "window", hits) values ('there', 1, 1)"""))

    with pytest.raises(RuntimeError, match="nothing of this transaction"):
        swallowing()
