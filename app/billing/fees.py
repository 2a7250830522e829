"""What an application costs and why: a quote, worked out from the catalogue's fee data, frozen when the form is sent.

Pure. Amounts are integer satang. A quote is computed or refused, never guessed: a missing measure, or one that no row
of the fee table reaches, is said to the person, not rounded away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.catalogue.charges import ChoiceFee, FeeRow, FlatFee, KnownFee, NoFee, YearlyFee
from app.catalogue.conditions import Answers
from app.catalogue.kinds import Question
from app.catalogue.schema import Service
from app.catalogue.texts import NBSP, Text, number, plain_number
from app.core.errors import Invalid
from app.core.thai import baht_short

_FLAT = Text(th="อัตราเดียวทุกราย", en="The same for everyone")
_UP_TO = Text(th="ไม่เกิน{nbsp}{high}", en="up to{nbsp}{high}")
_BETWEEN = Text(th="เกิน{nbsp}{low} แต่ไม่เกิน{nbsp}{high}", en="over{nbsp}{low}, up to{nbsp}{high}")
_OVER = Text(th="เกิน{nbsp}{low}", en="over{nbsp}{low}")
_ANY = Text(th="ทุกขนาด", en="any size")
_YEARLY = Text(
    th="{name} {measure} อยู่ในช่วง {range} ปีละ {amount}{nbsp}บาท เป็นเวลา {years}{nbsp}ปี",
    en="{name} {measure}, in the row “{range}”: {amount}{nbsp}baht a year, for {years} year(s)",
)

_AMOUNT = Text(th="อัตรา {amount}{nbsp}บาท", en="{amount}{nbsp}baht")
_CHOSEN = Text(th="{name} “{answer}” {rest}", en="{name}: “{answer}”. {rest}")


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


def quote(service: Service, fee: KnownFee, answers: Answers, years: int = 1) -> Quote:
    """The quote of one service; `fee` is `catalogue.fee(service, agency)`, so that a local ordinance is already chosen.

    `years`: how many years of a yearly fee are paid at once (the first only, unless a law says otherwise).
    Raises Invalid, naming the question, when the answers do not lead to an amount.
    """
    if years < 1:
        raise ValueError("a yearly fee is paid for at least one year")
    match fee:
        case NoFee():
            return Quote(())
        case FlatFee():
            return Quote((QuoteLine(service.slug, fee.name, fee.amount, fee.source, fee.note or _FLAT),))
        case YearlyFee():
            return Quote((_yearly(service, fee, answers, years),))
        case ChoiceFee():
            return Quote((_chosen(service, fee, answers, years),))


def _chosen(service: Service, fee: ChoiceFee, answers: Answers, years: int) -> QuoteLine:
    question = _question(service, fee.by)
    answer = answers.get(fee.by)
    chosen = fee.chosen(answer)
    if chosen is None:
        message = "ตอบคำถามนี้ เราใช้คำนวณค่าธรรมเนียม"
        raise Invalid(message, {fee.by: message})
    said = Text(th=question.show(answer, "th"), en=question.show(answer, "en"))
    if isinstance(chosen, YearlyFee):
        line = _yearly(service, chosen, answers, years)
        rest = line.explanation
    else:
        line = QuoteLine(service.slug, fee.name, chosen.amount, fee.source, fee.name)
        rest = _AMOUNT.filled(amount=baht_short(chosen.amount), nbsp=NBSP)
    explanation = _CHOSEN.filled(name=question.name, answer=said, rest=rest)
    return replace(line, explanation=explanation)


def _question(service: Service, key: str) -> Question:
    return next(asked for asked in service.questions if asked.key == key)


def _yearly(service: Service, fee: YearlyFee, answers: Answers, years: int) -> QuoteLine:
    question = _question(service, fee.by)
    measure = number(answers.get(fee.by))
    if measure is None or measure < 0:
        message = "ตอบคำถามนี้เป็นตัวเลข เราใช้คำนวณค่าธรรมเนียม"
        raise Invalid(message, {fee.by: message})
    row = fee.row(measure)
    if row is None:
        message = "ไม่มีอัตราค่าธรรมเนียมสำหรับตัวเลขนี้ ถามหน่วยงานก่อนยื่น"
        raise Invalid(message, {fee.by: message})
    explanation = _YEARLY.filled(
        name=question.name,
        measure=_shown(question, measure),
        range=_range(question, fee, row),
        amount=baht_short(row.amount),
        years=str(years),
        nbsp=NBSP,
    )
    return QuoteLine(service.slug, fee.name, row.amount * years, fee.source, explanation)


def _range(question: Question, fee: YearlyFee, row: FeeRow) -> Text:
    """The row of the table in words: "เกิน 100 ตร.ม. แต่ไม่เกิน 200 ตร.ม."."""
    before = fee.rows[fee.rows.index(row) - 1].up_to if row is not fee.rows[0] else None
    limits = {
        name: _shown(question, limit) for name, limit in (("low", before), ("high", row.up_to)) if limit is not None
    }
    wording = {("low", "high"): _BETWEEN, ("high",): _UP_TO, ("low",): _OVER, (): _ANY}[tuple(limits)]
    return wording.filled(nbsp=NBSP, **limits)


def _shown(question: Question, measure: Decimal) -> Text:
    written = plain_number(measure)
    return Text(th=question.show(written, "th"), en=question.show(written, "en"))


def _line(stored: Mapping[str, Any]) -> QuoteLine:
    label, law, explanation = (Text.model_validate(stored[name]) for name in ("label", "law", "explanation"))
    if type(stored["satang"]) is not int:
        raise ValueError(f"satang are whole: {stored['satang']!r}")
    return QuoteLine(str(stored["service_slug"]), label, stored["satang"], law, explanation)
