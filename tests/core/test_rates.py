"""How often is too often: one count for all workers, without keeping whose it is."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import rates
from app.core.db import Database
from app.core.errors import TooMany
from app.core.rates import RateCount
from tests.world import at_once

ADDRESS = "192.0.2.7"


def knock(db: Session, now: datetime, who: str = ADDRESS, what: str = "verify") -> None:
    rates.take(db, what, who, now, limit=3, per_seconds=60)


def test_the_limit_may_be_reached_but_not_passed_until_the_next_window(db: Session, now: datetime) -> None:
    moment = now + timedelta(seconds=40)
    for _ in range(3):
        knock(db, moment)
    with pytest.raises(TooMany) as refused:
        knock(db, moment)
    assert refused.value.retry_after == 20
    knock(db, moment + timedelta(seconds=refused.value.retry_after))


def test_everybody_and_everything_is_counted_apart(db: Session, now: datetime) -> None:
    for _ in range(3):
        knock(db, now)
        knock(db, now, who="192.0.2.8")
        knock(db, now, what="track")
    with pytest.raises(TooMany):
        knock(db, now)


def test_two_workers_share_one_count(database: Database, database_url: str, now: datetime) -> None:
    other = Database(database_url)
    for door in (database, other, database):
        with door.transaction() as db:
            knock(db, now)
    with pytest.raises(TooMany), other.transaction() as db:
        knock(db, now)
    other.close()


def test_of_eight_at_once_as_many_pass_as_the_limit_allows(database: Database, now: datetime) -> None:
    done, refused = at_once(database.url, *[lambda db: knock(db, now)] * 8)
    assert (len(done), {type(error) for error in refused}) == (3, {TooMany})


def test_one_who_keeps_trying_is_let_in_when_the_window_is_over(database: Database, now: datetime) -> None:
    for _ in range(3):
        with database.transaction() as db:
            knock(db, now)
    for _ in range(5):
        with pytest.raises(TooMany), database.transaction() as db:
            knock(db, now)
    with database.transaction() as db:
        knock(db, now + timedelta(seconds=60))


def test_who_it_was_is_not_kept(db: Session, now: datetime) -> None:
    knock(db, now)
    (row,) = db.execute(select(RateCount.key, RateCount.hits))
    assert (len(row.key), row.hits, ADDRESS in row.key) == (64, 1, False)


def test_old_windows_are_forgotten_and_running_ones_are_not(db: Session, now: datetime) -> None:
    knock(db, now)
    knock(db, now + timedelta(minutes=59))
    rates.sweep(db, now + timedelta(minutes=61))
    windows = set(db.scalars(select(RateCount.window)))
    assert windows == {int((now + timedelta(minutes=59)).timestamp())}
