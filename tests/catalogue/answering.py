"""Whole answers to any service, found by its own questions: hostile words, random choices, every limit kept."""

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.catalogue import answers
from app.catalogue.accounts import BANKS, BankAccountQuestion
from app.catalogue.addresses import AddressQuestion
from app.catalogue.cells import AnyCell
from app.catalogue.identifiers import CitizenIdQuestion, JuristicIdQuestion, TsicQuestion
from app.catalogue.kinds import Question
from app.catalogue.measures import DateQuestion, DecimalQuestion, IntegerQuestion, MoneyQuestion
from app.catalogue.options import ChoiceQuestion, MultiChoiceQuestion, YesNoQuestion
from app.catalogue.positions import PositionQuestion
from app.catalogue.reckoning import ComputedQuestion
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Catalogue, Service
from app.catalogue.seeing import answered, value_of
from app.catalogue.times import TimeQuestion
from app.catalogue.writing import EmailQuestion, PhoneQuestion
from app.catalogue.conditions import holds

WORDS = (
    "น้ำทิพย์ ปั๊มสุข",
    "ญาณี กุฏิเพ็ชร์",
    "ฤๅษี ฯลฯ ต่าง ๆ",
    "ปู่ฟื้น ป้าปี่ ฝ้าย",
    "Café Müller & ลูก",
    "๑๒/๓ “ตึก” (ก)",
    "ฐูปฏิบัติธรรม ญุ ฎุ่",
    "กำ่ ป๊ำ ฝ้ำ ย่ำค่ำ",
)
TRIES = 400


def answered_by(catalogue: Catalogue, service: Service, place: dict[str, str], seed: int = 1) -> dict[str, Any]:
    """Answers to everything the service asks, that keep all its limits; every address is `place`."""
    form = answers.merge(catalogue, [service])
    documents = {asked.key for asked in form.documents}
    for attempt in range(TRIES):
        said = _said(form, place, random.Random(seed * TRIES + attempt))  # noqa: S311 - the same on every machine
        if not (left := answers.missing(form, said, documents)):
            return said
    raise AssertionError(f"{service.slug}: {[one.key for one in left]}")


def _said(form: answers.Form, place: dict[str, str], chance: random.Random) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for question in form.questions.values():
        if not holds(question.when, said):
            continue
        if isinstance(question, ComputedQuestion):
            value = value_of(question, {}, said)
        else:
            value = answer(question, place, chance)
        if answered(value):
            said[question.key] = value
    return said


def answer(question: Question | AnyCell, place: dict[str, str], chance: random.Random) -> Any:
    """A value in stored form that the question itself accepts."""
    if isinstance(question, GroupQuestion):
        count = max(question.lowest, min(question.highest, 2))
        return question.accept([_row(question, number, place, chance) for number in range(1, count + 1)])
    return next((v for v in map(question.accept, proposals(question, place, chance)) if v is not None), None)


def _row(group: GroupQuestion, number: int, place: dict[str, str], chance: random.Random) -> dict[str, Any]:
    row: dict[str, Any] = {"row": str(number)}
    for cell in group.questions:
        if holds(cell.when, row):
            row[cell.key] = answer(cell, place, chance)
    return row


def proposals(question: Any, place: dict[str, str], chance: random.Random) -> Iterator[Any]:
    """Values to try."""
    match question:
        case IntegerQuestion() | DecimalQuestion():
            low, high = question.lowest or Decimal(1), question.highest or Decimal(100_000)
            top = min(high, low + Decimal(chance.choice([2, 30, 150, 900])))
            yield str(chance.randint(int(low) + (low > int(low)), int(top)))
        case MoneyQuestion():
            yield (question.lowest or 0) + 123_450
        case DateQuestion():
            yield from (f"{year}-06-15" for year in (2027, 2026, 2025, 1990))
        case YesNoQuestion():
            yield chance.choice(["yes", "no"])
        case ChoiceQuestion():
            yield chance.choice(question.choices).value
        case MultiChoiceQuestion():
            several = [choice.value for choice in question.choices]
            yield from (several, several[: question.lowest])
        case PhoneQuestion():
            yield "0812345678"
        case EmailQuestion():
            yield "mali@example.com"
        case CitizenIdQuestion():
            yield "1000000000010"[:12] + _check("100000000001")
        case JuristicIdQuestion():
            yield "0105536112014"
        case TsicQuestion():
            yield "56101"
        case AddressQuestion():
            yield {"house": "๙๙/๙", "moo": "4", "soi": "ปั๊มน้ำมัน", "road": "กุฏิญาณสังวร", **place}
        case PositionQuestion():
            yield {"lat": "13.819", "lon": "100.06"}
        case TimeQuestion():
            yield from ("10:00", "21:00")
        case BankAccountQuestion():
            yield {"bank": next(iter(BANKS)), "number": "1234567890", "holder": "น้ำทิพย์ ปั๊มสุข"}
        case _:
            text = chance.choice(WORDS)
            yield from (" ".join([text, *WORDS])[: question.max_length].strip(), text[: question.max_length])


def _check(twelve: str) -> str:
    return str((11 - sum(int(d) * (13 - i) for i, d in enumerate(twelve)) % 11) % 10)
