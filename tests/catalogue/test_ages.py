"""How old a document may be: whole months as people count them, at the ends of months too."""

from datetime import date

import pytest

from app.catalogue.ages import IssuedWithin


@pytest.mark.parametrize(
    ("n", "unit", "today", "since"),
    [
        (6, "months", date(2026, 11, 21), date(2026, 5, 21)),
        (6, "months", date(2026, 8, 31), date(2026, 2, 28)),
        (1, "months", date(2026, 1, 15), date(2025, 12, 15)),
        (1, "years", date(2028, 2, 29), date(2027, 2, 28)),
        (30, "days", date(2026, 3, 1), date(2026, 1, 30)),
    ],
)
def test_the_earliest_day_of_issue(n: int, unit: str, today: date, since: date) -> None:
    assert IssuedWithin.model_validate({"n": n, "unit": unit}).since(today) == since


def test_the_time_reads_as_people_say_it() -> None:
    assert IssuedWithin(n=6, unit="months").words.th == "6 เดือน"
    assert IssuedWithin(n=1, unit="years").words.en == "1 year"
