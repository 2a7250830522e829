"""Conditions as data: checked at load, evaluated alike everywhere, and explained to a person in words.

A condition is one of
    {all: [condition, …]}   {any: [condition, …]}   {not: condition}
    {question: key, is: value | in: [value, …] | at_least | at_most | above | below: number | answered: yes | no
                    | same_as: key of another question}
Comparing an answer that is not there is false, whatever the comparison: an unanswered question decides nothing.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Final, Protocol, Self

from pydantic import Discriminator, Field, JsonValue, Tag, model_validator

from app.catalogue.texts import NBSP, Data, Key, Text, Words, number, plain_number

Answers = Mapping[str, JsonValue]
Test = Callable[[Answers], bool]

_ORDERINGS: Final = {"at_least": operator.ge, "at_most": operator.le, "above": operator.gt, "below": operator.lt}


class AllOf(Data):
    """Every part must hold."""

    of: Annotated[tuple["Condition", ...], Field(alias="all", min_length=1)]

    @cached_property
    def test(self) -> Test:
        """The same as a function of the answers, made once."""
        tests = tuple(part.test for part in self.of)

        def every(answers: Answers) -> bool:
            for test in tests:  # noqa: SIM110 - a generator costs more than what it would ask
                if not test(answers):
                    return False
            return True

        return every


class AnyOf(Data):
    """At least one part must hold."""

    of: Annotated[tuple["Condition", ...], Field(alias="any", min_length=1)]

    @cached_property
    def test(self) -> Test:
        """The same as a function of the answers, made once."""
        tests = tuple(part.test for part in self.of)

        def some(answers: Answers) -> bool:
            for test in tests:  # noqa: SIM110 - a generator costs more than what it would ask
                if test(answers):
                    return True
            return False

        return some


class Not(Data):
    """The part must not hold."""

    of: Annotated["Condition", Field(alias="not")]

    @cached_property
    def test(self) -> Test:
        """The same as a function of the answers, made once."""
        test = self.of.test
        return lambda answers: not test(answers)


class Fact(Data):
    """One comparison with the answer to one question."""

    question: Key
    is_: Annotated[Words | None, Field(alias="is")] = None
    in_: Annotated[tuple[Words, ...] | None, Field(alias="in", min_length=1)] = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    answered: bool | None = None
    same_as: Key | None = None
    """The same answer as to another question; two addresses are the same when they name the same house."""

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        if len(self.model_fields_set - {"question"}) != 1:
            raise ValueError("give exactly one of is, in, at_least, at_most, above, below, answered, same_as")
        return self

    @property
    def comparison(self) -> str:
        """The name of the comparison as it is written in YAML."""
        return next(name for name in self.model_fields_set if name != "question").rstrip("_")

    @property
    def questions(self) -> tuple[str, ...]:
        """The keys of the questions whose answers it looks at."""
        return (self.question,) if self.same_as is None else (self.question, self.same_as)

    @property
    def values(self) -> tuple[str, ...]:
        """The words the answer is compared with (`is`, `in`), else empty."""
        return self.in_ or ((self.is_,) if self.is_ is not None else ())

    @cached_property
    def test(self) -> Test:
        """The same as a function of the answers, made once."""
        key, same_as, wanted = self.question, self.same_as, self.answered
        if same_as is not None:
            return lambda answers: _there(answers.get(key)) and _essence(answers[key]) == _essence(answers.get(same_as))
        if wanted is not None:
            return lambda answers: _there(answers.get(key)) is wanted
        if self.values:
            return _meant(key, frozenset(self.values))
        compare, limit = _ORDERINGS[self.comparison], getattr(self, self.comparison)

        def ordered(answers: Answers) -> bool:
            found = number(answers.get(key))
            return found is not None and bool(compare(found, limit))

        return ordered


def _there(answer: JsonValue) -> bool:
    return answer not in (None, "", [])


def _meant(key: str, values: frozenset[str]) -> Test:
    def meant(answers: Answers) -> bool:
        answer = answers.get(key)
        if isinstance(answer, list):
            return any(isinstance(one, str) and one in values for one in answer)
        return isinstance(answer, str) and answer != "" and answer in values

    return meant


def _shape(value: object) -> str | None:
    if isinstance(value, dict):
        return next((tag for tag in ("all", "any", "not", "question") if tag in value), None)
    return {AllOf: "all", AnyOf: "any", Not: "not", Fact: "question"}.get(type(value))  # type: ignore[call-overload, no-any-return]


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Fact, Tag("question")],
    Discriminator(
        _shape,
        custom_error_type="condition",
        custom_error_message="a condition starts with all, any, not or question",
    ),
]

for _model in (AllOf, AnyOf, Not):
    _model.model_rebuild()


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether the condition is true of these answers (no condition is always true).

    `answers` must hold visible answers only: what a hidden question once said decides nothing. Of an answer that is a
    list of choices, `is` and `in` ask whether one of them is meant.
    """
    return condition is None or condition.test(answers)


def _essence(answer: JsonValue) -> JsonValue:
    """What makes an answer this one: of an address the house, not how its lane and road are spelled."""
    if not isinstance(answer, dict):
        return answer
    return ["".join(str(answer.get(part) or "").split()) for part in ("house", "moo", "subdistrict")]


def facts(condition: Condition | None) -> Iterator[Fact]:
    """Every comparison inside a condition, in writing order."""
    match condition:
        case None:
            return
        case AllOf() | AnyOf():
            for part in condition.of:
                yield from facts(part)
        case Not():
            yield from facts(condition.of)
        case Fact():
            yield condition


def decided(condition: Condition | None, known: Answers) -> bool | None:
    """Whether the condition holds, as far as it follows from what is known; None while it could go either way."""
    match condition:
        case None:
            return True
        case Not():
            part = decided(condition.of, known)
            return None if part is None else not part
        case Fact():
            return holds(condition, known) if {*condition.questions} <= known.keys() else None
    parts = {decided(part, known) for part in condition.of}
    decisive = isinstance(condition, AnyOf)
    return decisive if decisive in parts else None if None in parts else not decisive


class Named(Protocol):
    """What an explanation must know of a question: its name, its unit and how a value is shown."""

    @property
    def name(self) -> Text:
        """The question as a noun."""

    @property
    def unit_text(self) -> Text | None:
        """The unit of its answer."""

    def show(self, value: JsonValue, lang: str) -> str:
        """An answer as a person reads it."""


_SAYINGS: Final[dict[str, Text]] = {
    "is": Text(th="{name}คือ “{value}”", en="{name} is “{value}”"),
    "in": Text(th="{name}คือ “{value}”", en="{name} is “{value}”"),
    "at_least": Text(th="{name}ตั้งแต่ {value} ขึ้นไป", en="{name} is at least {value}"),
    "at_most": Text(th="{name}ไม่เกิน {value}", en="{name} is at most {value}"),
    "above": Text(th="{name}เกิน {value}", en="{name} is more than {value}"),
    "below": Text(th="{name}น้อยกว่า {value}", en="{name} is less than {value}"),
}
_ANSWERED: Final = Text(th="ตอบ{name}แล้ว", en="{name} is answered")
_UNANSWERED: Final = Text(th="ไม่ได้ตอบ{name}", en="{name} is not answered")
_SAME: Final = Text(th="{name}ตรงกับ{other}", en="{name} is the same as {other}")
_NOT: Final = Text(th="ไม่ใช่กรณีที่{what}", en="it is not the case that {what}")


def explain(condition: Condition, questions: Mapping[str, Named], lang: str) -> str:
    """The condition in words, to follow "เพราะ" or "when": "พื้นที่เกิน 200 ตร.ม. และ …"."""
    match condition:
        case AllOf():
            return _joined(Text(th="และ", en="and"), condition.of, questions, lang)
        case AnyOf():
            return _joined(Text(th="หรือ", en="or"), condition.of, questions, lang)
        case Not():
            return _NOT.to(lang).format(what=explain(condition.of, questions, lang))
        case Fact():
            return _sentence(condition, questions, lang)


def _joined(word: Text, parts: tuple[Condition, ...], questions: Mapping[str, Named], lang: str) -> str:
    """The parts with `word` between them; a part that is a list itself stands in brackets."""
    said = []
    for part in parts:
        words = explain(part, questions, lang)
        said.append(f"({words})" if isinstance(part, AllOf | AnyOf) and len(part.of) > 1 else words)
    gaps = (" " if lang == "en" or words.startswith("(") else "" for words in said[1:])
    return said[0] + "".join(f" {word.to(lang)}{gap}{words}" for gap, words in zip(gaps, said[1:], strict=True))


def _sentence(fact: Fact, questions: Mapping[str, Named], lang: str) -> str:
    question = questions[fact.question]
    name = _noun(question, lang)
    if fact.same_as is not None:
        return _SAME.to(lang).format(name=name, other=_noun(questions[fact.same_as], lang))
    if fact.answered is not None:
        return (_ANSWERED if fact.answered else _UNANSWERED).to(lang).format(name=name)
    if fact.values:
        value = ("” or “" if lang == "en" else "” หรือ “").join(question.show(v, lang) for v in fact.values)
    else:
        limit: Any = getattr(fact, fact.comparison)
        value = measured(limit, question.unit_text, lang)
    return _SAYINGS[fact.comparison].to(lang).format(name=name, value=value)


def _noun(question: Named, lang: str) -> str:
    """The question inside a sentence: English has an article and a small letter, unless it is an abbreviation."""
    name = question.name.to(lang)
    if lang != "en":
        return name
    return f"the {name}" if name[:2].isupper() else f"the {name[:1].lower()}{name[1:]}"


def measured(amount: Decimal, unit: Text | None, lang: str) -> str:
    """A number with its unit on one line: "200 ตร.ม."."""
    written = f"{Decimal(plain_number(amount)):,}"
    return f"{written}{NBSP}{unit.to(lang)}" if unit else written
