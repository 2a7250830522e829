"""Few numbers, each with how many cases it rests on."""

from app.reporting.figures import Decided, Share, figures


def test_shares_rest_on_the_cases_they_can_be_told_of() -> None:
    decided = [
        Decided(right_first_time=True, in_time=True, working_days=3),
        Decided(right_first_time=True, in_time=False, working_days=9),
        Decided(right_first_time=False, in_time=True, working_days=4),
        Decided(right_first_time=False, in_time=None, working_days=None),
    ]
    found = figures(7, decided)
    assert (found.submitted, found.decided, found.median_days) == (7, 4, 4)
    assert (found.in_time, found.in_time.percent) == (Share(2, 3), 66)
    assert (found.right_first_time, found.right_first_time.percent) == (Share(2, 4), 50)


def test_nothing_decided_is_nothing_told_and_not_nought_per_cent() -> None:
    found = figures(2, [])
    assert (found.in_time.percent, found.median_days, found.right_first_time.percent) == (None, None, None)


def test_all_but_one_is_not_all() -> None:
    assert Share(999, 1000).percent == 99
