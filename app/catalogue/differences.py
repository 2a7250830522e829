"""What changed between two versions of a service, as a person needs to know it: asked, wanted, paid, timed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.catalogue.asking import Asking
from app.catalogue.options import ChoiceQuestion, MultiChoiceQuestion
from app.catalogue.schema import DocumentUse, Service
from app.catalogue.texts import Text

Part = Literal["question", "document", "fee", "time", "text"]
How = Literal["added", "removed", "changed"]

_WORDS_ONLY = {"hint", "why", "example", "autocomplete", "prefill", "derive", "short"}
"""What may change in a question without any answer to it meaning something else."""
_WORDED = Text(th="ถ้อยคำเปลี่ยน", en="The wording changed")
_RULES = Text(th="กติกาของคำตอบเปลี่ยน", en="The rules for the answer changed")
_LABEL = Text(th="คำถามเปลี่ยนจาก “{before}”", en="The question was “{before}”")
_GONE = Text(th="ตัวเลือกที่ไม่มีแล้ว: {options}", en="Options no longer there: {options}")
_NEW = Text(th="ตัวเลือกใหม่: {options}", en="New options: {options}")
_FEE = Text(th="ค่าธรรมเนียม", en="The fee")
_TIME = Text(th="ระยะเวลาของเจ้าหน้าที่", en="The officers’ time")
_FROM_TO = Text(th="จาก {before} เป็น {after}", en="From {before} to {after}")
_MANUAL: Mapping[str, Text] = {
    "name": Text(th="ชื่องานบริการ", en="Name of the service"),
    "limits": Text(th="เงื่อนไขของคำตอบ", en="What answers must satisfy"),
    "needs": Text(th="ใบอนุญาตอื่นที่ต้องมี", en="Other licences needed"),
    "receiver": Text(th="หน่วยงานที่รับเรื่อง", en="Who receives it"),
    "steps": Text(th="ขั้นตอน", en="Steps"),
    "declarations": Text(th="คำรับรองที่คุณยอมรับตอนส่ง", en="What you declare when you send it"),
    "grounds": Text(th="เหตุที่ไม่อนุญาตได้", en="Grounds for a refusal"),
    "appeal": Text(th="การอุทธรณ์", en="Appeal"),
    "validity": Text(th="อายุ", en="Validity"),
    "licence": Text(th="ข้อความในใบอนุญาต", en="Wording of the licence"),
    "privacy": Text(th="การใช้ข้อมูลส่วนบุคคล", en="Use of personal data"),
    "manual": Text(th="เนื้อหาอื่นในคู่มือ", en="Other parts of the manual"),
    "laws": Text(th="กฎหมาย", en="Laws"),
}


@dataclass(frozen=True)
class Change:
    """One thing that changed: what it is called, how, and in words; `key` of the question or document.

    `look`: an answer that was given may no longer mean the same, or there is none yet.
    """

    part: Part
    how: How
    name: Text
    key: str = ""
    details: tuple[Text, ...] = ()
    look: bool = False


def between(before: Service, after: Service) -> list[Change]:
    """Everything that changed, in reading order: questions, documents, money, time, words."""
    return [
        *_questions(before, after),
        *_documents(before, after),
        *_fee(before, after),
        *_time(before, after),
        *(
            Change("text", "changed", name, key)
            for key, name in _MANUAL.items()
            if getattr(before, key) != getattr(after, key)
        ),
    ]


def _questions(before: Service, after: Service) -> Iterator[Change]:
    old, new = ({question.key: question for question in service.questions} for service in (before, after))
    for key, question in new.items():
        if key not in old:
            yield Change("question", "added", question.name, key, look=question.asked and not question.optional)
        elif question != old[key]:
            details, look = _in_question(old[key], question)
            yield Change("question", "changed", question.name, key, details, look and question.asked)
    yield from (Change("question", "removed", old[key].name, key) for key in old if key not in new)


def _in_question(old: Asking, new: Asking) -> tuple[tuple[Text, ...], bool]:
    """What changed in a question in words, and whether an answer to it needs another look."""
    was, now = (question.model_dump(mode="json") for question in (old, new))
    fields = {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
    details = []
    if "label" in fields:
        details.append(_LABEL.filled(before=old.label))
    if "choices" in fields and isinstance(old, ChoiceQuestion | MultiChoiceQuestion):
        details += _options(was, now)
    rules = fields - _WORDS_ONLY - {"label", "choices"}
    details += [_RULES] if rules else [_WORDED] if not details else []
    return tuple(details), bool(rules or fields & {"label", "choices"})


def _options(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Text]:
    old, new = ({option["value"]: option["label"] for option in one.get("choices", ())} for one in (was, now))
    for rule, more, less in ((_GONE, old, new), (_NEW, new, old)):
        names = [label for value, label in more.items() if value not in less]
        if names:
            listed = Text(th=" · ".join(one["th"] for one in names), en=" · ".join(one["en"] for one in names))
            yield rule.filled(options=listed)


def _documents(before: Service, after: Service) -> Iterator[Change]:
    old, new = ({use.key: use for use in service.documents} for service in (before, after))
    for key, use in new.items():
        if key not in old:
            yield Change("document", "added", use.document.name, key, look=True)
        elif use != old[key]:
            look = _wanted(use) != _wanted(old[key])
            yield Change("document", "changed", use.document.name, key, (_RULES if look else _WORDED,), look)
    yield from (Change("document", "removed", old[key].document.name, key) for key in old if key not in new)


def _wanted(use: DocumentUse) -> tuple[Any, ...]:
    """What a file for it must satisfy, without words."""
    one = use.document
    return (
        use.when,
        one.name,
        one.waived_by,
        one.waived_when,
        one.produced_by,
        one.issued_within,
        one.alternatives,
        one.formats,
        one.max_mb,
    )


def _fee(before: Service, after: Service) -> Iterator[Change]:
    if (before.fee, before.later_fees) != (after.fee, after.later_fees):
        yield Change("fee", "changed", _FEE)


def _time(before: Service, after: Service) -> Iterator[Change]:
    if before.duration != after.duration:
        same = before.duration.words == after.duration.words
        details = () if same else (_FROM_TO.filled(before=before.duration.words, after=after.duration.words),)
        yield Change("time", "changed", _TIME, details=details)
