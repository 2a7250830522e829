"""Numbers without gaps, whoever takes them at once and whatever fails in between."""

import multiprocessing
from collections.abc import Callable
from datetime import date
from multiprocessing.process import BaseProcess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import numbers
from app.core.db import Database, new_id
from app.core.events import Event
from app.core.numbers import Counter
from tests.core.numbering import take_many
from tests.world import at_once

LAWS = settings(
    deadline=None, derandomize=True, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TODAY = date(2026, 11, 20)


def test_a_series_starts_at_one_and_counts_for_itself(db: Session) -> None:
    taken = [numbers.take(db, series, TODAY) for series in ("bill", "bill", "receipt", "bill")]
    assert taken == [(2569, 1), (2569, 2), (2569, 1), (2569, 3)]


def test_every_buddhist_year_counts_anew_and_goes_on_where_it_was(db: Session) -> None:
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 2)]
    assert [numbers.take(db, "bill", day) for day in days] == [(2569, 1), (2570, 1), (2569, 2), (2570, 2)]


def test_a_transaction_that_fails_gives_its_number_back(database: Database) -> None:
    def fail_after_taking() -> None:
        with database.transaction() as db:
            numbers.take(db, "bill", TODAY)
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_taking()
    with database.transaction() as db:
        assert numbers.take(db, "bill", TODAY) == (2569, 1)


@pytest.mark.parametrize("failing", [0, 3])
def test_eight_takers_at_once_get_numbers_without_a_gap(database: Database, failing: int) -> None:
    def taker(*, fails: bool) -> Callable[[Session], list[int]]:
        def act(db: Session) -> list[int]:
            mine = [numbers.take(db, "bill", TODAY)[1] for _ in range(3)]
            if fails:
                raise LookupError
            return mine

        return act

    done, refused = at_once(database.url, *(taker(fails=n < failing) for n in range(8)))

    assert len(refused) == failing
    assert sorted(n for mine in done for n in mine) == list(range(1, 3 * (8 - failing) + 1))


@LAWS
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([2026, 2027, 2028])), max_size=25))
def test_in_any_order_of_series_and_years_no_number_is_missing_or_given_twice(
    db: Session, wanted: list[tuple[str, int]]
) -> None:
    house = new_id()
    taken = [(name, numbers.take(db, f"{house}:{name}", date(year, 6, 1))) for name, year in wanted]
    assert len(set(taken)) == len(taken)
    for name, year in set(wanted):
        mine = [n for series, (be_year, n) in taken if (series, be_year) == (name, year + 543)]
        assert mine == list(range(1, len(mine) + 1))


@pytest.mark.parametrize(
    ("each", "killed"),
    [(40, 1), pytest.param(2_500, 3, marks=pytest.mark.soak)],
    ids=["160 numbers", "10 000 numbers"],
)
def test_four_processes_at_once_some_killed_number_without_gap_or_duplicate(
    database: Database, each: int, killed: int
) -> None:
    processes = multiprocessing.get_context("forkserver")

    def started(place: int, count: int) -> BaseProcess:
        order = (database.url, "licence:town:อญ", TODAY, count, place, 0.1)
        process = processes.Process(target=take_many, args=order, daemon=True)
        process.start()
        return process

    victims = [started(100 + n, 1_000_000) for n in range(killed)]
    workers = [started(n, each) for n in range(4)]
    for victim in victims:
        while not numbered(database, 5):
            victim.join(0.02)
        victim.kill()
        victim.join()
    for worker in workers:
        worker.join(600)
        assert worker.exitcode == 0

    with database.transaction() as db:
        taken = sorted(db.scalars(select(Event.facts["number"].as_integer()).where(Event.kind == "numbered")))
        last = db.scalars(select(Counter.last)).one()
    assert taken == list(range(1, last + 1))
    assert last >= 4 * each


def numbered(database: Database, least: int) -> bool:
    """Whether so many numbers were given."""
    with database.transaction() as db:
        return (db.scalar(select(func.count()).select_from(Event)) or 0) >= least
