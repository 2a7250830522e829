"""Arithmetic over answers as data: exact, checked at load, and worked out alike on the server and in the browser.

A formula is one of
    key                             the number a question was answered with; inside a group, a question of the row
    "12.5"                          a number
    {add: [f, …]}  {times: [f, …]}  {minus: [f, f]}  {least: [f, …]}  {most: [f, …]}
    {round: f, to: "500", how: up | down | nearest}     to a whole multiple ("nearest" rounds halves up)
    {divide: [f, f], places: 2, how: up | down | nearest}
    {sum: f, over: group, where: condition}     over the rows of a repeating group; `where` is optional
    {count: group, where: condition}            how many rows
    {if: condition, then: f, else: f}
What needs an answer that is not there is not there either, but in `sum` and `count`: a row without a number adds
nothing, and a group without rows makes 0. Dividing by 0 gives no number.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Discriminator, Field, JsonValue, Tag

from app.catalogue.conditions import Answers, Condition, facts, holds
from app.catalogue.texts import Data, Key, number

EXACT: Final = Context(prec=400)
"""Wide enough that no sum or product of answers (at most 15 + 15 digits each) ever loses a digit."""

How = Literal["up", "down", "nearest"]
_WAYS: Final[dict[str, str]] = {"up": ROUND_CEILING, "down": ROUND_FLOOR, "nearest": ROUND_HALF_UP}


def _a_number(written: str) -> str:
    found = number(written)
    if found is None or len(written) > 30 or not set(written) <= set("0123456789.-"):
        raise ValueError(f"{written!r} is neither the key of a question nor a number")
    return written


Literal_ = Annotated[str, AfterValidator(_a_number)]


class Add(Data):
    """All parts together."""

    of: Annotated[tuple["Formula", ...], Field(alias="add", min_length=1)]


class Times(Data):
    """All parts multiplied; at most 8."""

    of: Annotated[tuple["Formula", ...], Field(alias="times", min_length=1, max_length=8)]


class Minus(Data):
    """The first without the second."""

    of: Annotated[tuple["Formula", "Formula"], Field(alias="minus")]


class Least(Data):
    """The smallest part."""

    of: Annotated[tuple["Formula", ...], Field(alias="least", min_length=1)]


class Most(Data):
    """The largest part."""

    of: Annotated[tuple["Formula", ...], Field(alias="most", min_length=1)]


class Round(Data):
    """The next whole multiple of `to`: a tax that counts every begun 500 cm² rounds up to 500."""

    of: Annotated["Formula", Field(alias="round")]
    to: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=6)]
    how: How


class Divide(Data):
    """The first by the second, with so many decimal places."""

    of: Annotated[tuple["Formula", "Formula"], Field(alias="divide")]
    places: Annotated[int, Field(ge=0, le=6)]
    how: How


class Sum(Data):
    """A formula over every row of a group (that fits `where`), together."""

    of: Annotated["Formula", Field(alias="sum")]
    over: Key
    where: Condition | None = None


class Count(Data):
    """How many rows a group has (that fit `where`)."""

    over: Annotated[Key, Field(alias="count")]
    where: Condition | None = None


class Either(Data):
    """One formula when the condition holds, the other when not."""

    when: Annotated[Condition, Field(alias="if")]
    then: "Formula"
    other: Annotated["Formula", Field(alias="else")]


_SHAPES: Final[dict[type[Data], str]] = {
    Add: "add",
    Times: "times",
    Minus: "minus",
    Least: "least",
    Most: "most",
    Round: "round",
    Divide: "divide",
    Sum: "sum",
    Count: "count",
    Either: "if",
}


def _shape(value: object) -> str | None:
    if isinstance(value, str):
        return "key" if value[:1].islower() else "number"
    if isinstance(value, dict):
        return next((tag for tag in _SHAPES.values() if tag in value), None)
    return next((tag for shape, tag in _SHAPES.items() if isinstance(value, shape)), None)


Formula = Annotated[
    Annotated[Key, Tag("key")]
    | Annotated[Literal_, Tag("number")]
    | Annotated[Add, Tag("add")]
    | Annotated[Times, Tag("times")]
    | Annotated[Minus, Tag("minus")]
    | Annotated[Least, Tag("least")]
    | Annotated[Most, Tag("most")]
    | Annotated[Round, Tag("round")]
    | Annotated[Divide, Tag("divide")]
    | Annotated[Sum, Tag("sum")]
    | Annotated[Count, Tag("count")]
    | Annotated[Either, Tag("if")],
    Discriminator(
        _shape,
        custom_error_type="formula",
        custom_error_message="a formula is a key, a number, or starts with " + ", ".join(_SHAPES.values()),
    ),
]

for _model in _SHAPES:
    _model.model_rebuild()


def worth(formula: Formula, answers: Answers) -> Decimal | None:
    """What the formula comes to under these answers, exactly; None when an answer it needs is not there."""
    match formula:
        case str():
            return number(answers.get(formula)) if formula[:1].islower() else Decimal(formula)
        case Sum():
            found = (worth(formula.of, row) for row in _rows(formula.over, formula.where, answers))
            return reduce(EXACT.add, (one for one in found if one is not None), Decimal(0))
        case Count():
            return Decimal(sum(1 for _row in _rows(formula.over, formula.where, answers)))
        case Either():
            return worth(formula.then if holds(formula.when, answers) else formula.other, answers)
        case Round():
            part = worth(formula.of, answers)
            return None if part is None else EXACT.multiply(_quotient(part, formula.to, 0, formula.how), formula.to)
    parts = [worth(part, answers) for part in formula.of]
    there = [part for part in parts if part is not None]
    return _together(formula, there) if len(there) == len(parts) else None


def _together(formula: Add | Times | Minus | Least | Most | Divide, parts: list[Decimal]) -> Decimal | None:
    match formula:
        case Add():
            return reduce(EXACT.add, parts)
        case Times():
            return reduce(EXACT.multiply, parts)
        case Minus():
            return EXACT.subtract(*parts)
        case Least():
            return min(parts)
        case Most():
            return max(parts)
        case Divide():
            return _quotient(parts[0], parts[1], formula.places, formula.how) if parts[1] else None


def _quotient(part: Decimal, by: Decimal, places: int, how: How) -> Decimal:
    """Part ÷ by, rounded once: the remainder decides, so that no digit is guessed."""
    scaled, whole_by = EXACT.scaleb(part, places), by
    if whole_by < 0:
        scaled, whole_by = -scaled, -whole_by
    whole = EXACT.divide_int(scaled, whole_by)
    rest = EXACT.subtract(scaled, EXACT.multiply(whole, whole_by))
    if rest < 0:
        whole, rest = EXACT.subtract(whole, Decimal(1)), EXACT.add(rest, whole_by)
    up = rest > 0 if how == "up" else EXACT.multiply(rest, Decimal(2)) >= whole_by if how == "nearest" else False
    return EXACT.scaleb(EXACT.add(whole, Decimal(1)) if up else whole, -places)


def rounded(amount: Decimal, places: int) -> Decimal:
    """With at most so many decimal places, halves up."""
    return _quotient(amount, Decimal(1), places, "nearest")


def _rows(group: str, where: Condition | None, answers: Answers) -> Iterator[Answers]:
    rows = answers.get(group)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            seen: Mapping[str, JsonValue] = ChainMap(row, answers)  # type: ignore[arg-type]
            if holds(where, seen):
                yield seen


Need = tuple[str, str, Literal["number", "group", "fact"]]
"""The group whose rows it stands in ("" for none), the key of the answer, and what the answer must be."""


def needs(formula: Formula, within: str = "") -> Iterator[Need]:
    """Every answer the formula looks at."""
    match formula:
        case str():
            if formula[:1].islower():
                yield within, formula, "number"
            return
        case Sum():
            yield "", formula.over, "group"
            yield from needs(formula.of, formula.over)
            yield from _of_condition(formula.where, formula.over)
            return
        case Count():
            yield "", formula.over, "group"
            yield from _of_condition(formula.where, formula.over)
            return
        case Either():
            yield from _of_condition(formula.when, within)
            parts: tuple[Formula, ...] = (formula.then, formula.other)
        case Round():
            parts = (formula.of,)
        case _:
            parts = formula.of
    for part in parts:
        yield from needs(part, within)


def _of_condition(condition: Condition | None, within: str) -> Iterator[Need]:
    for fact in facts(condition):
        for key in fact.questions:
            yield within, key, "fact"
