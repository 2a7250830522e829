"""Conditions: evaluated as anyone would by hand, silent about what was not answered, and told in words."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.catalogue.conditions import Condition, explain, facts, holds
from tests.catalogue.world import answers_to, conditions, question, question_lists

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


def by_hand(condition: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:  # noqa: PLR0911 - one line per word
    """The same meaning, written as plainly as possible over the data itself."""
    if "all" in condition:
        return all(by_hand(part, answers) for part in condition["all"])
    if "any" in condition:
        return any(by_hand(part, answers) for part in condition["any"])
    if "not" in condition:
        return not by_hand(condition["not"], answers)
    answer = answers.get(condition["question"])
    if "answered" in condition:
        return (answer is not None) == condition["answered"]
    if answer is None:
        return False
    if "is" in condition:
        return bool(answer == condition["is"])
    if "in" in condition:
        return answer in condition["in"]
    if not isinstance(answer, int):
        return False
    return any(
        (
            "at_least" in condition and answer >= int(condition["at_least"]),
            "at_most" in condition and answer <= int(condition["at_most"]),
            "above" in condition and answer > int(condition["above"]),
            "below" in condition and answer < int(condition["below"]),
        )
    )


@settings(max_examples=30)
@given(st.data())
def test_a_condition_means_what_it_says(data: st.DataObject) -> None:
    asked = data.draw(question_lists())
    written = data.draw(conditions(asked))
    answers = data.draw(answers_to(asked))

    assert holds(CONDITION.validate_python(written), answers) == by_hand(written, answers)


@settings(max_examples=30)
@given(st.data())
def test_a_condition_survives_being_archived(data: st.DataObject) -> None:
    written = CONDITION.validate_python(data.draw(conditions(data.draw(question_lists()))))
    stored = CONDITION.dump_python(written, mode="json", by_alias=True, exclude_defaults=True)

    assert CONDITION.validate_python(stored) == written


@pytest.mark.parametrize(
    ("area", "large"),
    [("200", False), ("200.01", True), ("1000", True), ("99.5", False), (None, False), ("", False), (201, True)],
)
def test_decimals_are_compared_as_numbers_and_not_as_words(area: Any, *, large: bool) -> None:
    above = CONDITION.validate_python({"question": "area", "above": "200"})
    assert holds(above, {"area": area}) is large


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (None, None, False),
        ({"house": "99/1", "subdistrict": "730101"}, {"house": " 99/1", "moo": "", "subdistrict": "730101"}, True),
        ({"house": "99/1", "subdistrict": "730101", "road": "ก"}, {"house": "99/1", "subdistrict": "730101"}, True),
        ({"house": "99/1", "subdistrict": "730101"}, {"house": "99/1", "subdistrict": "730102"}, False),
        (
            {"house": "99", "moo": "1", "subdistrict": "730101"},
            {"house": "99", "moo": "2", "subdistrict": "730101"},
            False,
        ),
        ({"house": "99/1", "subdistrict": "730101"}, None, False),
    ],
)
def test_two_answers_are_the_same_when_they_name_the_same_thing(here: Any, there: Any, *, same: bool) -> None:
    condition = CONDITION.validate_python({"question": "here", "same_as": "there"})
    assert holds(condition, {"here": here, "there": there}) is same


def test_an_unanswered_question_decides_nothing() -> None:
    for comparison in ({"is": "a"}, {"in": ["a"]}, {"at_most": "5"}, {"below": "5"}, {"same_as": "p"}):
        assert not holds(CONDITION.validate_python({"question": "q", **comparison}), {})


@pytest.mark.parametrize(
    "written",
    [
        {"question": "q"},
        {"question": "q", "is": "a", "in": ["b"]},
        {"question": "q", "above": "many"},
        {"all": []},
        {"either": [{"question": "q", "is": "a"}]},
        {"all": [{"question": "q", "is": "a"}], "any": [{"question": "q", "is": "a"}]},
        "q is a",
    ],
)
def test_a_condition_that_says_nothing_clear_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        CONDITION.validate_python(written)


def test_every_comparison_inside_a_condition_is_found_in_writing_order() -> None:
    nested = {"any": [{"question": "a", "is": "x"}, {"not": {"all": [{"question": "b", "above": "1"}]}}]}
    assert [fact.question for fact in facts(CONDITION.validate_python(nested))] == ["a", "b"]


AREA = question("decimal", "area", short={"th": "พื้นที่", "en": "Floor area"}, unit={"th": "ตร.ม.", "en": "m²"})
RIGHT = question(
    "choice",
    "right",
    short={"th": "สิทธิในสถานที่", "en": "Right"},
    choices=[
        {"value": "rent", "label": {"th": "เช่า", "en": "Tenant"}},
        {"value": "own", "label": {"th": "เป็นเจ้าของ", "en": "Owner"}},
    ],
)
SIZE = question("decimal", "size", short={"th": "ขนาด VAT", "en": "VAT size"})
QUESTIONS = {"area": AREA, "right": RIGHT, "size": SIZE}


@pytest.mark.parametrize(
    ("written", "thai", "english"),
    [
        ({"question": "area", "above": "200"}, "พื้นที่เกิน 200\u00a0ตร.ม.", "the floor area is more than 200\u00a0m²"),
        (
            {"question": "area", "at_most": "1200.50"},
            "พื้นที่ไม่เกิน 1,200.5\u00a0ตร.ม.",
            "the floor area is at most 1,200.5\u00a0m²",
        ),
        ({"question": "right", "is": "rent"}, "สิทธิในสถานที่คือ “เช่า”", "the right is “Tenant”"),
        (
            {"question": "right", "in": ["rent", "own"]},
            "สิทธิในสถานที่คือ “เช่า” หรือ “เป็นเจ้าของ”",
            "the right is “Tenant” or “Owner”",
        ),
        (
            {
                "all": [
                    {"question": "area", "below": "9"},
                    {"any": [{"question": "right", "is": "own"}, {"question": "right", "answered": "no"}]},
                ]
            },
            "พื้นที่น้อยกว่า 9\u00a0ตร.ม. และ (สิทธิในสถานที่คือ “เป็นเจ้าของ” หรือไม่ได้ตอบสิทธิในสถานที่)",
            "the floor area is less than 9\u00a0m² and (the right is “Owner” or the right is not answered)",
        ),
        (
            {"not": {"question": "area", "at_least": "5"}},
            "ไม่ใช่กรณีที่พื้นที่ตั้งแต่ 5\u00a0ตร.ม. ขึ้นไป",
            "it is not the case that the floor area is at least 5\u00a0m²",
        ),
        ({"question": "area", "same_as": "size"}, "พื้นที่ตรงกับขนาด VAT", "the floor area is the same as the VAT size"),
    ],
)
def test_a_condition_is_explained_in_words(written: dict[str, Any], thai: str, english: str) -> None:
    condition = CONDITION.validate_python(written)
    assert explain(condition, QUESTIONS, "th") == thai
    assert explain(condition, QUESTIONS, "en") == english
