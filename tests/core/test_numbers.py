"""Numbers without gaps, whoever takes them at once and whatever fails in between."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core import numbers
from app.core.db import Database, new_id
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
