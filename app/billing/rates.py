"""One fee of the catalogue worked out for one person's answers: the amount, and how it came about, in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import reduce
from operator import mul

from app.catalogue.amounts import FeeRow, FlatFee, PerUnitFee, SizeFee, YearlyFee
from app.catalogue.charges import ChoiceFee, Part
from app.catalogue.conditions import Answers, measured
from app.catalogue.kinds import Question
from app.catalogue.texts import NBSP, Text, number, plain_number
from app.core.errors import Invalid
from app.core.money import baht_short

_FLAT = Text(th="อัตราเดียวทุกราย", en="The same for everyone")
_UP_TO = Text(th="ไม่เกิน{nbsp}{high}", en="up to{nbsp}{high}")
_BETWEEN = Text(th="เกิน{nbsp}{low} แต่ไม่เกิน{nbsp}{high}", en="over{nbsp}{low}, up to{nbsp}{high}")
_OVER = Text(th="เกิน{nbsp}{low}", en="over{nbsp}{low}")
_ANY = Text(th="ทุกขนาด", en="any size")
_YEARLY = Text(
    th="{name} {measure} อยู่ในช่วง {range} ปีละ {amount}{nbsp}บาท เป็นเวลา {years}{nbsp}ปี",
    en="{name} {measure}, in the row “{range}”: {amount}{nbsp}baht a year, for {years} year(s)",
)
_ONCE = Text(
    th="{name} {measure} อยู่ในช่วง {range} อัตรา {amount}{nbsp}บาท",
    en="{name} {measure}, in the row “{range}”: {amount}{nbsp}baht",
)
_AMOUNT = Text(th="อัตรา {amount}{nbsp}บาท", en="{amount}{nbsp}baht")
_CHOSEN = Text(th="{name} “{answer}” {rest}", en="{name}: “{answer}”. {rest}")
_MEASURED = Text(th="{name} {measure}", en="{name} {measure}")
_EACH = Text(th="{what} × {amount}{nbsp}บาท", en="{what} × {amount}{nbsp}baht")
_UNITS = Text(th="{what} คิดเป็น {units} หน่วย หน่วยละ {per}", en="{what}, which is {units} units of {per} each")
_FOR_YEARS = Text(th="{rest} เป็นเวลา {years}{nbsp}ปี", en="{rest}, for {years} year(s)")
_LEAST = Text(
    th="{rest} ได้ {reached}{nbsp}บาท แต่กฎหมายกำหนดขั้นต่ำ {bound}{nbsp}บาท",
    en="{rest} comes to {reached}{nbsp}baht; the law sets a minimum of {bound}{nbsp}baht",
)
_MOST = Text(
    th="{rest} ได้ {reached}{nbsp}บาท แต่กฎหมายกำหนดไม่เกิน {bound}{nbsp}บาท",
    en="{rest} comes to {reached}{nbsp}baht; the law sets a maximum of {bound}{nbsp}baht",
)


Questions = Mapping[str, Question]
"""The questions a fee may look at, by key: those of the service, and of a group's rows."""


@dataclass(frozen=True)
class Rate:
    """An amount in satang, and how it came about."""

    satang: int
    explanation: Text


def rate(questions: Questions, fee: Part, answers: Answers, years: int) -> Rate:
    """What `fee` comes to. Raises Invalid, naming the question, when the answers do not lead to an amount."""
    match fee:
        case FlatFee():
            return Rate(fee.amount, fee.note or _FLAT)
        case YearlyFee() | SizeFee():
            return _by_table(questions, fee, answers, years)
        case PerUnitFee():
            return _per_unit(questions, fee, answers, years if fee.yearly else 1)
        case ChoiceFee():
            return _chosen(questions, fee, answers, years)


def _chosen(questions: Questions, fee: ChoiceFee, answers: Answers, years: int) -> Rate:
    question = questions[fee.by]
    answer = answers.get(fee.by)
    chosen = fee.chosen(answer)
    if chosen is None:
        message = "ตอบคำถามนี้ เราใช้คำนวณค่าธรรมเนียม"
        raise Invalid(message, {fee.by: message})
    said = Text(th=question.show(answer, "th"), en=question.show(answer, "en"))
    found = rate(questions, chosen, answers, years)
    flat = isinstance(chosen, FlatFee)
    rest = _AMOUNT.filled(amount=baht_short(found.satang), nbsp=NBSP) if flat else found.explanation
    return Rate(found.satang, _CHOSEN.filled(name=question.name, answer=said, rest=rest))


def _by_table(questions: Questions, fee: YearlyFee | SizeFee, answers: Answers, years: int) -> Rate:
    question, measure = questions[fee.by], _measure(answers, fee.by)
    row = fee.row(measure)
    if row is None:
        message = "ไม่มีอัตราค่าธรรมเนียมสำหรับตัวเลขนี้ ถามหน่วยงานก่อนยื่น"
        raise Invalid(message, {fee.by: message})
    words: dict[str, Text | str] = {
        "name": question.name,
        "measure": _shown(question, measure),
        "range": _range(question, fee, row),
        "amount": baht_short(row.amount),
        "nbsp": NBSP,
    }
    if isinstance(fee, SizeFee):
        return Rate(row.amount, _ONCE.filled(**words))
    return Rate(row.amount * years, _YEARLY.filled(**words, years=str(years)))


def _per_unit(questions: Questions, fee: PerUnitFee, answers: Answers, years: int) -> Rate:
    measures = {key: _measure(answers, key) for key in fee.by}
    total = reduce(mul, measures.values())
    units = total / fee.per
    if fee.rounding == "up":
        units = units.to_integral_value(ROUND_CEILING)
    reached = int((units * fee.amount).to_integral_value(ROUND_HALF_UP)) * years
    words = _counted(questions, fee, measures, total, units)
    if years > 1:
        words = _FOR_YEARS.filled(rest=words, years=str(years), nbsp=NBSP)
    low, high = (bound * years if bound is not None else None for bound in (fee.least, fee.most))
    if low is not None and reached < low:
        return Rate(low, _LEAST.filled(rest=words, **_bounded(reached, low)))
    if high is not None and reached > high:
        return Rate(high, _MOST.filled(rest=words, **_bounded(reached, high)))
    return Rate(reached, words)


def _counted(
    questions: Questions, fee: PerUnitFee, measures: dict[str, Decimal], total: Decimal, units: Decimal
) -> Text:
    """What was measured, multiplied and counted: "200 ซม. × 80 ซม. = 16,000 ตร.ซม. คิดเป็น 32 หน่วย … × 5 บาท"."""
    asked = {key: questions[key] for key in fee.by}
    factors = [_MEASURED.filled(name=q.name, measure=_shown(q, measures[key])) for key, q in asked.items()]
    what = Text(th=" × ".join(one.th for one in factors), en=" × ".join(one.en for one in factors))
    unit = fee.unit or next(iter(asked.values())).unit_text
    if len(factors) > 1:
        what = Text(th=f"{what.th} = {measured(total, unit, 'th')}", en=f"{what.en} = {measured(total, unit, 'en')}")
    if fee.per != 1 or units != total:
        per = Text(th=measured(fee.per, unit, "th"), en=measured(fee.per, unit, "en"))
        what = _UNITS.filled(what=what, units=f"{units:,f}", per=per)
    return _EACH.filled(what=what, amount=baht_short(fee.amount), nbsp=NBSP)


def _bounded(reached: int, bound: int) -> dict[str, str]:
    return {"reached": baht_short(reached), "bound": baht_short(bound), "nbsp": NBSP}


def _measure(answers: Answers, key: str) -> Decimal:
    """The number answered under `key`. Raises Invalid when there is none."""
    found = number(answers.get(key))
    if found is None or found < 0:
        message = "ตอบคำถามนี้เป็นตัวเลข เราใช้คำนวณค่าธรรมเนียม"
        raise Invalid(message, {key: message})
    return found


def _range(question: Question, fee: YearlyFee | SizeFee, row: FeeRow) -> Text:
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
