"""Answers row by row, options of which several are meant, and values that follow from other answers."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.catalogue.conditions import Fact, holds
from app.catalogue.formulas import worth
from app.catalogue.kinds import QUESTION, ComputedQuestion
from app.catalogue.rows import ROW
from tests.catalogue.test_kinds import EVERY_KIND
from tests.catalogue.world import question


def text(th: str, en: str) -> dict[str, str]:
    return {"th": th, "en": en}


WIDTH: dict[str, Any] = {"kind": "decimal", "label": text("กว้าง", "Width"), "min": "0.1", "unit": text("ม.", "m")}
SIGNS: Any = question(
    "group",
    key="signs",
    each=text("ป้าย", "sign"),
    max="3",
    questions={
        "words": {"kind": "text", "label": text("ข้อความ", "Words")},
        "width": WIDTH,
        "height": {**WIDTH, "label": text("สูง", "Height")},
        "lit": {"kind": "yes_no", "label": text("มีไฟ", "Lit")},
        "watts": {"kind": "integer", "label": text("กำลังไฟ", "Power"), "when": {"question": "lit", "is": "yes"}},
    },
)
ONE = {"words": "ครัวมะลิ", "width": "๒.๕", "height": "1", "lit": "no"}
TWO = {"words": "เปิด", "width": "0.5", "height": "0.5", "lit": "yes", "watts": "40"}


def sent(*rows: dict[str, str]) -> dict[str, list[str]]:
    """The rows as flat form fields, with ids from 1."""
    return {f"signs.{n}.{key}": [said] for n, row in enumerate(rows, 1) for key, said in row.items()}


AREA = {"sum": {"times": ["width", "height"]}, "over": "signs"}


def computed(formula: Any, **more: Any) -> ComputedQuestion:
    made = question("computed", formula=formula, **more)
    assert isinstance(made, ComputedQuestion)
    return made


def test_every_row_is_read_with_the_questions_its_own_answers_call_for() -> None:
    reading = SIGNS.read(sent(ONE, TWO))

    assert reading.problem is None
    assert reading.value == [
        {ROW: "1", "words": "ครัวมะลิ", "width": "2.5", "height": "1", "lit": "no"},
        {ROW: "2", "words": "เปิด", "width": "0.5", "height": "0.5", "lit": "yes", "watts": 40},
    ]
    assert SIGNS.show(reading.value, "th").split("\n") == [
        "1.\u00a0ครัวมะลิ · กว้าง 2.5\u00a0ม. · สูง 1\u00a0ม. · มีไฟ ไม่ใช่",
        "2.\u00a0เปิด · กว้าง 0.5\u00a0ม. · สูง 0.5\u00a0ม. · มีไฟ ใช่ · กำลังไฟ 40",
    ]


def test_a_wrong_row_is_kept_as_it_was_typed_and_named() -> None:
    reading = SIGNS.read(sent(ONE, {**TWO, "width": "กว้างมาก"}))

    assert reading.value is None
    assert reading.problem is not None
    assert reading.problem.th.startswith("ป้ายที่ 2: ใส่กว้างเป็นตัวเลข")
    assert reading.at == "signs.2"
    assert reading.raw["signs.2.width"] == "กว้างมาก"
    assert reading.raw["signs"] == "1 2"
    assert [line.problem is None for line in SIGNS.lines(None, reading.raw, "th")] == [True, False]


@pytest.mark.parametrize("row", ["1", "2", "9"])
def test_a_group_with_one_row_changed_reads_as_if_all_were_read(row: str) -> None:
    before = SIGNS.fill(SIGNS.read(sent(ONE, TWO)).value)
    typed = {f"signs.{row}.{key}": said for key, said in {**ONE, "words": "ใหม่"}.items()}
    after = {**{name: text for name, text in before.items() if not name.startswith(f"signs.{row}.")}, **typed}
    after["signs"] = "1 2 9" if row == "9" else "1 2"
    whole = SIGNS.read({name: [text] for name, text in after.items()})
    (changed,) = [one for one in SIGNS.rows({name: [text] for name, text in after.items()}) if one.id == row]

    assert SIGNS.read_with(SIGNS.read(sent(ONE, TWO)).value, after, changed) == whole


def test_an_answer_that_the_row_no_longer_asks_is_not_part_of_it() -> None:
    (row,) = SIGNS.rows(sent({**TWO, "lit": "no"}))
    assert "watts" not in row.value


@given(st.permutations(["b7", "a", "3"]))
def test_rows_stand_in_the_order_they_were_given_however_the_database_sorts_them(order: list[str]) -> None:
    fields = {f"signs.{row}.{key}": [said] for row in sorted(order) for key, said in ONE.items()}
    value: Any = SIGNS.read({"signs": [" ".join(order)], **fields}).value

    assert [row[ROW] for row in value] == order
    assert SIGNS.review(value).value == value


def test_too_few_and_too_many_rows_say_what_to_do() -> None:
    none, many = SIGNS.read({}), SIGNS.read(sent(ONE, ONE, ONE, TWO))

    assert none.problem is not None
    assert none.problem.th == "เพิ่มป้ายอย่างน้อย 1 รายการ"
    assert many.value is None
    assert many.problem is not None
    assert many.problem.th == "เอาป้ายออกให้เหลือไม่เกิน 3 รายการ ตอนนี้มี 4 รายการ"
    assert SIGNS.model_copy(update={"optional": True}).read({}).problem is None
    assert SIGNS.model_copy(update={"lowest": 0}).read({}).problem is None


def test_rows_that_a_registry_gives_are_taken_whole_or_not_at_all() -> None:
    plain = [{"words": "ก", "width": "1", "height": "2", "lit": "no"}]
    assert SIGNS.accept(plain) == [{ROW: "1", **plain[0]}]
    assert SIGNS.accept([{"words": "ก"}]) is None
    strange: Any
    for strange in ("ก", 7, {"words": "ก"}, [["ก"]], [{"width": {}}]):
        assert SIGNS.accept(strange) is None


@given(
    st.dictionaries(
        st.sampled_from(["signs", "signs.1", "signs..width", "signs.1.width", "signs.x.lit", "signs.\u0e01.lit"]),
        st.lists(st.text(max_size=20), max_size=2),
    )
)
def test_reading_rows_never_fails_whatever_is_sent(fields: dict[str, list[str]]) -> None:
    reading = SIGNS.read(fields)
    assert reading.value is None or reading.problem is None
    again = SIGNS.read({name: [said] for name, said in reading.raw.items()})
    assert (again.value, again.raw) == (reading.value, reading.raw)


@pytest.mark.parametrize("asked", EVERY_KIND, ids=lambda q: q.kind)
def test_every_kind_can_stand_in_a_row(asked: Any) -> None:
    column = {**asked.model_dump(mode="json", by_alias=True, exclude_defaults=True), "key": "one"}
    group: Any = QUESTION.validate_python(
        {"kind": "group", "key": "g", "label": text("ก", "G"), "each": text("ก", "one"), "questions": [column]}
    )
    archived = QUESTION.validate_python(group.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    assert archived == group
    assert group.read({"g": ["1"]}).problem is not None


# ---- several of several ---------------------------------------------------------------------------------------------

DISHES: Any = question(
    "multi_choice", choices=[{"value": v, "label": text(v, v.title())} for v in ("soup", "curry", "rice")], max="2"
)


def test_several_options_are_kept_in_the_order_they_are_offered() -> None:
    assert DISHES.read({"it": ["rice", "soup"]}).value == ["soup", "rice"]
    assert DISHES.show(["soup", "rice"], "en") == "Soup, Rice"
    assert DISHES.review(["soup", "rice"]).value == ["soup", "rice"]


@pytest.mark.parametrize(
    ("ticked", "thai"),
    [
        ([], "เลือกสิ่งนี้อย่างน้อย 1 ข้อ เช่น “soup”"),
        (["stew"], "เลือกสิ่งนี้อย่างน้อย 1 ข้อ เช่น “soup”"),
        (["soup", "curry", "rice"], "เลือกสิ่งนี้ไม่เกิน 2 ข้อ"),
    ],
)
def test_options_that_do_not_fit_say_what_does(ticked: list[str], thai: str) -> None:
    reading = DISHES.read({"it": ticked})
    assert reading.value is None
    assert reading.problem is not None
    assert reading.problem.th == thai
    assert reading.raw == ({"it": " ".join(ticked)} if ticked else {"it": ""})


@pytest.mark.parametrize(("said", "true"), [(["soup", "rice"], True), (["rice"], False), ([], False), (None, False)])
def test_a_condition_on_several_options_asks_whether_one_of_them_is_meant(said: Any, *, true: bool) -> None:
    for wanted in ({"is": "soup"}, {"in": ["soup", "curry"]}):
        assert holds(Fact.model_validate({"question": "it", **wanted}), {"it": said}) is true


# ---- values that follow ---------------------------------------------------------------------------------------------

ROWS: Any = [
    {ROW: "1", "width": "2.5", "height": "1", "lit": "no"},
    {ROW: "2", "width": "0.5", "height": "0.5", "lit": "yes"},
]


@pytest.mark.parametrize(
    ("formula", "comes_to"),
    [
        (AREA, "2.75"),
        ({**AREA, "where": {"question": "lit", "is": "yes"}}, "0.25"),
        ({"count": "signs"}, "2"),
        ({"count": "signs", "where": {"question": "width", "above": "1"}}, "1"),
        (
            {"sum": {"round": {"times": ["width", "height", "10000"]}, "to": "500", "how": "up"}, "over": "signs"},
            "27500",
        ),
        ({"round": "501", "to": "500", "how": "up"}, "1000"),
        ({"round": "-501", "to": "500", "how": "up"}, "-500"),
        ({"round": "749.99", "to": "500", "how": "nearest"}, "500"),
        ({"divide": ["1", "3"], "places": 2, "how": "up"}, "0.34"),
        ({"divide": ["1", "0"], "places": 2, "how": "up"}, None),
        ({"most": [{"minus": ["10", "12"]}, "0"]}, "0"),
        ({"least": ["200", {"add": ["150", "60"]}]}, "200"),
        ({"times": ["rooms", "80"]}, "960"),
        ({"times": ["nothing", "80"]}, None),
        ({"if": {"question": "rooms", "at_least": "10"}, "then": "rooms", "else": "0"}, "12"),
    ],
)
def test_a_formula_comes_to_what_it_says(formula: Any, comes_to: str | None) -> None:
    made = computed(formula, places="6")
    assert made.reckon({"signs": ROWS, "rooms": 12}) == comes_to


def test_no_rows_add_up_to_nothing_at_all() -> None:
    assert computed(AREA).reckon({}) == "0"
    assert computed({"count": "signs"}, places="0").reckon({}) == 0


MONEYLIKE = st.decimals(min_value=-(10**14), max_value=10**14, places=15)


@given(st.lists(st.tuples(MONEYLIKE, MONEYLIKE), min_size=1, max_size=20))
def test_no_digit_is_ever_lost_in_a_sum_of_products(rows: list[tuple[Decimal, Decimal]]) -> None:
    answers: Any = {"signs": [{"width": format(w, "f"), "height": format(h, "f")} for w, h in rows]}
    found = worth(computed(AREA).formula, answers)

    assert found is not None
    assert Fraction(found) == sum(Fraction(w) * Fraction(h) for w, h in rows)


def test_what_is_computed_is_never_typed() -> None:
    total = computed({"count": "signs"}, unit=text("ป้าย", "signs"), places="0")
    assert total.read({"it": ["99"]}).value is None
    assert not total.asked
    assert total.show(3, "th") == "3\u00a0ป้าย"


@pytest.mark.parametrize(
    "formula", [{"sum": "x"}, {"add": []}, "ก", "1e9", {"times": ["x"], "more": "1"}, {"power": "x"}]
)
def test_a_formula_that_says_nothing_clear_is_refused(formula: Any) -> None:
    with pytest.raises(ValidationError):
        computed(formula)
