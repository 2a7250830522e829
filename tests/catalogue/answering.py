"""Whole answers to any service, found by its own questions: hostile words, random choices, every limit kept."""

import random
from decimal import Decimal
from typing import Any

from app.catalogue import answers, merging
from app.catalogue.accounts import BANKS
from app.catalogue.addresses import AddressQuestion
from app.catalogue.cells import AnyCell
from app.catalogue.conditions import holds
from app.catalogue.kinds import Question
from app.catalogue.measures import DecimalQuestion, IntegerQuestion
from app.catalogue.options import ChoiceQuestion, MultiChoiceQuestion
from app.catalogue.reckoning import ComputedQuestion
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Catalogue, Service
from app.catalogue.seeing import answered, value_of

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
    form = merging.merge(catalogue, [service])
    documents = {asked.key for asked in form.documents}
    for attempt in range(TRIES):
        said = _said(form, place, random.Random(seed * TRIES + attempt))
        if not (left := answers.missing(form, said, documents)):
            return said
    raise AssertionError(f"{service.slug}: {[one.key for one in left]}")


def _said(form: merging.Form, place: dict[str, str], chance: random.Random) -> dict[str, Any]:
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


def proposals(question: Any, place: dict[str, str], chance: random.Random) -> list[Any]:
    """Values to try: the first that the question accepts is the answer."""
    match question:
        case AddressQuestion():
            return [{"house": "๙๙/๙", "moo": "4", "soi": "ปั๊มน้ำมัน", "road": "กุฏิญาณสังวร", **place}]
        case IntegerQuestion() | DecimalQuestion():
            low, high = question.lowest or Decimal(1), question.highest or Decimal(100_000)
            top = min(high, low + Decimal(chance.choice([2, 30, 150, 900])))
            return [str(chance.randint(int(low) + (low > int(low)), int(top)))]
        case ChoiceQuestion():
            return [chance.choice(question.choices).value]
        case MultiChoiceQuestion():
            several = [choice.value for choice in question.choices]
            return [several, several[: question.lowest]]
    if question.kind in PLAIN:
        return chance.sample(PLAIN[question.kind], len(PLAIN[question.kind]))
    text = chance.choice(WORDS)
    return [" ".join([text, *WORDS])[: question.max_length].strip(), text[: question.max_length]]


PLAIN: dict[str, list[Any]] = {
    "yes_no": ["yes", "no"],
    "date": ["2027-06-15", "2026-06-15", "2025-06-15", "1990-06-15"],
    "time": ["10:00", "21:00"],
    "money": [123_450, 5_000_000, 100_000_025, 2_000_000_000],
    "phone": ["0812345678"],
    "email": ["mali@example.com"],
    "citizen_id": ["1000000000010", "1000000000028", "1000000000036", *(f"100000000000{n}" for n in range(10))],
    "juristic_id": ["0105536112014"],
    "tsic": ["56101"],
    "position": [{"lat": "13.819", "lon": "100.06"}],
    "bank_account": [{"bank": next(iter(BANKS)), "number": "1234567890", "holder": "น้ำทิพย์ ปั๊มสุข"}],
}
"""Kinds whose answers are of a few forms only."""
