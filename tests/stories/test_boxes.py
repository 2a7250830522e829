"""Boxes of one page on two screens: what either typed is kept or asked about, never mixed and never lost."""

from hypothesis import given
from hypothesis import strategies as st

from app.stories.boxes import WAS, merged

ADDRESS = ("home.house_no", "home.moo")
DAY = ("from.day", "from.month", "from.year")
TEXTS = st.sampled_from(["", "1", "2", "3"])


def page(drawn: dict[str, str], typed: dict[str, str]) -> dict[str, list[str]]:
    return {WAS + name: [text] for name, text in drawn.items()} | {name: [text] for name, text in typed.items()}


def test_a_house_number_from_two_screens_is_asked_about_together_with_the_village_typed_beside_it() -> None:
    drawn = {"home.house_no": "12", "home.moo": "3"}
    stands = drawn | {"home.house_no": "12/7"}
    typed = {"home.house_no": "99", "home.moo": "5"}
    assert merged(stands, [ADDRESS], page(drawn, typed)) == (stands, typed)


def test_a_day_from_one_screen_and_a_month_from_another_make_no_date_that_nobody_meant() -> None:
    drawn = dict(zip(DAY, ("1", "2", "2569"), strict=True))
    stands, typed = drawn | {"from.day": "28"}, drawn | {"from.month": "3"}
    assert merged(stands, [DAY], page(drawn, typed)) == (stands, {"from.day": "1", "from.month": "3"})


def test_two_questions_of_a_page_are_changed_on_two_screens_and_both_are_kept() -> None:
    drawn = {**dict.fromkeys(ADDRESS, "1"), **dict.fromkeys(DAY, "1")}
    stands, typed = drawn | {"home.moo": "2"}, drawn | {"from.day": "3"}
    assert merged(stands, [ADDRESS, DAY], page(drawn, typed)) == (stands | {"from.day": "3"}, {})


@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_every_answer_is_one_that_somebody_gave_whole_and_none_is_overwritten_unasked(
    drawn: tuple[str, str], stands: tuple[str, str], typed: tuple[str, str]
) -> None:
    was, theirs, mine = (dict(zip(ADDRESS, texts, strict=True)) for texts in (drawn, stands, typed))
    after, clashes = merged(theirs, [ADDRESS], page(was, mine))
    assert after in (theirs, mine)
    assert theirs in (after, was)
    assert (after == mine) or bool(clashes) or mine == was
    assert clashes == {name: text for name, text in mine.items() if clashes and text != theirs[name]}
