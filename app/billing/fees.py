"""What an application costs and why: a quote, worked out from the catalogue's fee data, frozen when the form is sent.

Pure. Amounts are integer satang. A quote is computed or refused, never guessed: a missing measure, or one that no row
of the fee table reaches, is said to the person, not rounded away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import JsonValue

from app.billing.rates import Questions, Rate, rate
from app.catalogue.amounts import Late, NoFee, Vat
from app.catalogue.answers import for_service
from app.catalogue.charges import KnownFee, Part, SeveralFees
from app.catalogue.conditions import Answers, holds
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Service
from app.catalogue.texts import NBSP, Text, plain_number
from app.core.money import baht_short
from app.core.thai import date_long

_VAT = Text(th="ภาษีมูลค่าเพิ่มร้อยละ {percent} ของ{name}", en="VAT of {percent} per cent on: {name}")
_OF = Text(th="ร้อยละ {percent} ของ {amount}{nbsp}บาท", en="{percent} per cent of {amount}{nbsp}baht")
_LATE = Text(
    th="ยื่นหลังวันที่ {day} ซึ่งเป็นวันสุดท้าย ร้อยละ {percent} ของ {amount}{nbsp}บาท",
    en="Filed after {day}, the last day: {percent} per cent of {amount}{nbsp}baht",
)

_ROW = Text(th="{name} {each}ที่ {number} “{row}”", en="{name}, {each} {number} “{row}”")
_QUARTERS = Text(
    th="{rest} ปีแรกคิดเฉพาะ {quarters} ใน 4 งวดที่เหลือของปี เป็น {amount}{nbsp}บาท",
    en="{rest}. In the first year only the {quarters} remaining quarters of 4 are due: {amount}{nbsp}baht",
)


@dataclass(frozen=True)
class QuoteLine:
    """One fee: its name, its amount in satang (never negative), the law it rests on, and how the amount came about."""

    service_slug: str
    label: Text
    satang: int
    law: Text
    explanation: Text

    def __post_init__(self) -> None:
        if self.satang < 0:
            raise ValueError(f"a fee is never negative: {self.satang}")


@dataclass(frozen=True)
class Quote:
    """What an application costs; without lines it is free."""

    lines: tuple[QuoteLine, ...]

    @property
    def total(self) -> int:
        """The sum of the lines, in satang."""
        return sum(line.satang for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        """The quote as it is stored with the application."""
        return {
            "lines": [
                {
                    "service_slug": line.service_slug,
                    "label": line.label.model_dump(),
                    "satang": line.satang,
                    "law": line.law.model_dump(),
                    "explanation": line.explanation.model_dump(),
                }
                for line in self.lines
            ],
            "total": self.total,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Quote":
        """The quote that was stored. Raises ValueError or KeyError when it is not what `to_json` wrote."""
        quote = cls(tuple(_line(line) for line in stored["lines"]))
        if quote.total != stored["total"]:
            raise ValueError(f"the lines make {quote.total} satang, the stored total is {stored['total']}")
        return quote


def quote(service: Service, fee: KnownFee, answers: Answers, years: int = 1, on: date | None = None) -> Quote:
    """The quote of one service; `fee` is `catalogue.fee(service, agency)`, so that a local ordinance is already chosen.

    `years`: how many years of a yearly fee are paid at once (the first only, unless a law says otherwise). `on`: the
    day of filing, by which lateness is judged; without it nobody is late. What comes to nothing is no line.
    Raises Invalid, naming the question, when the answers do not lead to an amount.
    """
    if years < 1:
        raise ValueError("a yearly fee is paid for at least one year")
    match fee:
        case NoFee():
            return Quote(())
        case SeveralFees():
            parts: tuple[Part, ...] = fee.parts
        case _:
            parts = (fee,)
    said = for_service(service, answers)
    lines = (line for part in parts for due in _due(service, part, said) for line in due.lines(years, on))
    return Quote(tuple(line for line in lines if line.satang))


def renewal(service: Service, fee: KnownFee, answers: Answers, last: date, on: date) -> Quote:
    """What renewing a licence costs that ends on `last`, asked for `on`; `fee`: that of the service, as in `quote`.

    Lateness is judged by the rule for renewals alone: a surcharge after the last day, where the law has one.
    Raises Invalid as `quote` does, ValueError for a service that is not renewed.
    """
    if (rule := service.renewing) is None:
        raise ValueError(f"{service.slug} is not renewed")
    due = quote(service, rule.fee or fee, answers)
    if rule.late is None or rule.late.percent is None or on <= last or not due.total:
        return due
    whole = Rate(due.total, rule.late.name)
    how = _LATE.filled(
        day=Text(th=date_long(last, "th"), en=date_long(last, "en")), **_part_of(rule.late.percent, whole), nbsp=NBSP
    )
    extra = QuoteLine(service.slug, rule.late.name, _percent(rule.late.percent, whole), rule.late.source, how)
    return Quote((*due.lines, extra))


@dataclass(frozen=True)
class _Due:
    """A fee that is due once: with the answers it looks at (of one row, where it is due for each), and its name."""

    slug: str
    fee: Part
    name: Text
    questions: Questions
    answers: Answers

    def lines(self, years: int, on: date | None) -> Iterator[QuoteLine]:
        """The amount, then what the law adds to it: a surcharge for lateness, and value added tax."""
        fee = self.fee
        found = _of_this_year(fee, rate(self.questions, fee, self.answers, years), self.answers)
        yield QuoteLine(self.slug, self.name, found.satang, fee.source, found.explanation)
        surcharge = _surcharge(self.slug, fee.late, found, self.answers, on) if fee.late and on else None
        if surcharge is not None:
            yield surcharge
        if fee.vat is not None:
            yield _vat(self.slug, self.name, fee.vat, found)


def _due(service: Service, fee: Part, said: Answers) -> Iterator[_Due]:
    """How often a fee is due under these answers: once, for each row of its group, or not at all."""
    questions = {question.key: question for question in service.questions}
    group = questions.get(fee.for_each or "")
    if not isinstance(group, GroupQuestion):
        if holds(fee.when, said):
            yield _Due(service.slug, fee, fee.name, questions, said)
        return
    rows = said.get(group.key)
    for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
        if isinstance(row, dict) and holds(fee.when, {**said, **row}):
            name = _ROW.filled(name=fee.name, each=group.each, number=str(number), row=_first_words(group, row))
            yield _Due(service.slug, fee, name, {**questions, **group.cells}, {**said, **row})


def _first_words(group: GroupQuestion, row: Mapping[str, JsonValue]) -> Text:
    """What a row is known by: its first answer."""
    cell = group.questions[0]
    return Text(th=cell.show(row.get(cell.key), "th") or "-", en=cell.show(row.get(cell.key), "en") or "-")


def _of_this_year(fee: Part, found: Rate, answers: Answers) -> Rate:
    """The quarters that are left of the first year, the one of the day itself whole."""
    since = _day(answers, fee.first_year_from) if fee.first_year_from else None
    if since is None:
        return found
    quarters = 4 - (since.month - 1) // 3
    satang = int((Decimal(found.satang) * quarters / 4).to_integral_value(ROUND_HALF_UP))
    words = _QUARTERS.filled(rest=found.explanation, quarters=str(quarters), amount=baht_short(satang), nbsp=NBSP)
    return Rate(satang, words) if quarters < 4 else found


def _day(answers: Answers, key: str) -> date | None:
    """The day answered under `key`; None when it is not asked or not known to the day."""
    said = answers.get(key)
    return date.fromisoformat(said) if isinstance(said, str) and len(said) == len("2026-11-21") else None


def _surcharge(slug: str, late: Late, found: Rate, answers: Answers, on: date) -> QuoteLine | None:
    since = _day(answers, late.since)
    last = since + timedelta(days=late.days) if since else None
    if last is None or on <= last:
        return None  # nobody is late by a day that is not known
    explanation = _LATE.filled(
        day=Text(th=date_long(last, "th"), en=date_long(last, "en")), **_part_of(late.percent, found), nbsp=NBSP
    )
    return QuoteLine(slug, late.name, _percent(late.percent, found), late.source, explanation)


def _vat(slug: str, name: Text, vat: Vat, found: Rate) -> QuoteLine:
    label = _VAT.filled(percent=plain_number(vat.percent), name=name)
    explanation = _OF.filled(**_part_of(vat.percent, found), nbsp=NBSP)
    return QuoteLine(slug, label, _percent(vat.percent, found), vat.source, explanation)


def _percent(percent: Decimal, found: Rate) -> int:
    """So many per cent of an amount, half a satang rounded up."""
    return int((percent * found.satang / 100).to_integral_value(ROUND_HALF_UP))


def _part_of(percent: Decimal, found: Rate) -> dict[str, str]:
    return {"percent": plain_number(percent), "amount": baht_short(found.satang)}


def _line(stored: Mapping[str, Any]) -> QuoteLine:
    label, law, explanation = (Text.model_validate(stored[name]) for name in ("label", "law", "explanation"))
    if type(stored["satang"]) is not int:
        raise ValueError(f"satang are whole: {stored['satang']!r}")
    return QuoteLine(str(stored["service_slug"]), label, stored["satang"], law, explanation)
