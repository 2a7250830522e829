"""The letters to a licence's holder: what is intended and how to object, what was ordered and how to appeal. Blocks.

A letter is put together when an officer confirms it and kept in these words; the file is drawn from them afterwards.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from app.core.thai import date_long
from app.licences.life import AGAINST_HOLDER, Action
from app.pdf.blocks import Block, Facts, Heading, Paragraph
from app.pdf.letters import Letter, letter
from app.pdf.whole import Document

ORDERED: Mapping[Action, str] = {
    Action.SUSPEND: "คำสั่งพักใช้",
    Action.REINSTATE: "คำสั่งให้กลับมาใช้ได้ของ",
    Action.REVOKE: "คำสั่งเพิกถอน",
    Action.AMEND: "แจ้งออกฉบับแก้ไขข้อมูลของ",
    Action.SUBSTITUTE: "แจ้งออกใบแทนของ",
}
"""What each order is called, before the name of the document."""
_DONE: Mapping[Action, str] = {
    Action.SUSPEND: "มีคำสั่งพักใช้",
    Action.REINSTATE: "มีคำสั่งให้กลับมาใช้ได้ตั้งแต่วันที่ในหนังสือนี้",
    Action.REVOKE: "มีคำสั่งเพิกถอนตั้งแต่วันที่ในหนังสือนี้",
    Action.AMEND: "ให้แก้ไขข้อมูลตามที่ท่านขอ และออกฉบับใหม่ให้ภายใต้เลขที่เดิม ฉบับก่อนหน้าใช้ไม่ได้อีก",
    Action.SUBSTITUTE: "ให้ออกใบแทนตามที่ท่านขอ ภายใต้เลขที่เดิม ฉบับก่อนหน้าใช้ไม่ได้อีก",
}
_GRANTED: Mapping[Action, str] = {
    Action.AMEND: "ให้แก้ไขข้อมูลตามที่ท่านขอ เมื่อท่านชำระค่าธรรมเนียมแล้ว จะออกฉบับใหม่ให้ภายใต้เลขที่เดิม ระหว่างนี้ฉบับก่อนหน้ายังใช้ได้",
    Action.SUBSTITUTE: "ให้ออกใบแทนตามที่ท่านขอ เมื่อท่านชำระค่าธรรมเนียมแล้ว จะออกให้ภายใต้เลขที่เดิม ระหว่างนี้ฉบับก่อนหน้ายังใช้ได้",
}
"""The same where a fee must be paid first: nothing is made, and the edition before holds, until it is."""


@dataclass(frozen=True)
class Fee:
    """What must be paid before what was granted is made: how much, by which law, and until when."""

    baht: str
    law: str
    by: date


@dataclass(frozen=True)
class Notice:
    """What a letter says, in Thai by law. `rows`: terms and texts; `then`: what the holder can do next."""

    agency: str
    address: str
    phone: str
    holder: str
    licence: str
    """Name and number of the document."""
    on: str
    subject: str
    opening: str
    rows: tuple[tuple[str, str], ...]
    then: str
    then_text: str
    then_rows: tuple[tuple[str, str], ...]
    signer: str
    position: str
    url: str
    """Where the holder reads this and answers."""
    appeal_days: int = 0
    """How many days there are to appeal, from the day on which the letter is received; 0: nothing to appeal."""
    received_by: str = ""
    """The day on which it counts as received at the latest."""

    def kept(self) -> dict[str, Any]:
        """For the database."""
        return asdict(self)


def again(kept: Mapping[str, Any]) -> Notice:
    """As it was kept."""
    rows = {name: tuple((term, text) for term, text in kept[name]) for name in ("rows", "then_rows")}
    return Notice(**{**kept, **rows})


@dataclass(frozen=True)
class Heads:
    """What every letter begins and ends with."""

    agency: str
    address: str
    phone: str
    holder: str
    name: str
    number: str
    on: date
    signer: str
    position: str
    url: str


@dataclass(frozen=True)
class Why:
    """The legal ground, the reasons of this case, and the last day of a suspension."""

    ground: str
    law: str
    message: str
    until: date | None = None
    asked: tuple[tuple[str, str], ...] = ()
    """What the holder asked for: term and words."""
    unheard: str = ""
    """Why the holder was not heard before an order that goes against them."""


@dataclass(frozen=True)
class Appeal:
    """How to appeal against what a letter says, by which law, for how many days from its receipt; when that is."""

    text: str
    law: str
    days: int
    receipt: str
    received_by: date
    """The day on which the letter counts as received at the latest."""
    first_end: date
    """The last day to appeal for who receives it on the day of the letter."""


def _notice(heads: Heads, subject: str, opening: str, rows: list[tuple[str, str]]) -> Notice:
    return Notice(
        agency=heads.agency,
        address=heads.address,
        phone=heads.phone,
        holder=heads.holder,
        licence=f"{heads.name} เลขที่ {heads.number}",
        on=heads.on.isoformat(),
        subject=subject,
        opening=opening,
        rows=tuple((term, text) for term, text in rows if text),
        then="",
        then_text="",
        then_rows=(),
        signer=heads.signer,
        position=heads.position,
        url=heads.url,
    )


def order(heads: Heads, action: Action, why: Why, appeal: Appeal, fee: Fee | None = None) -> Notice:
    """An order that was signed. Against the holder, it says how and until when to appeal (Act s.40).

    `fee`: what is granted, but made only when that is paid.
    """
    rows = [*why.asked, ("เหตุตามกฎหมาย", f"{why.ground} ({why.law})"), ("เหตุผล", why.message)]
    if action is Action.SUSPEND:
        rows.append(("พักใช้", f"ถึงวันที่ {date_long(why.until)}" if why.until else "จนกว่าจะมีคำสั่งให้กลับมาใช้ได้"))
    if action in AGAINST_HOLDER and why.unheard:
        rows.append(("ไม่ได้ฟังท่านก่อน เพราะ", why.unheard))
    if fee is not None:
        rows += _to_pay(fee)
    done = _DONE[action] if fee is None else _GRANTED[action]
    opening = f"ตามที่ท่านถือ{heads.name} เลขที่ {heads.number} นั้น {heads.agency}{done}"
    made = _notice(heads, f"{ORDERED[action]}{heads.name}", opening, rows)
    return _appealed(made, appeal) if action in AGAINST_HOLDER else made


def _to_pay(fee: Fee) -> list[tuple[str, str]]:
    return [
        ("ค่าธรรมเนียม", f"{fee.baht} บาท ({fee.law})"),
        ("ชำระได้ถึงวันที่", date_long(fee.by)),
        ("ถ้าไม่ชำระ", "จะไม่ออกฉบับใหม่ให้ ฉบับก่อนหน้าใช้ได้ต่อไป และท่านขอใหม่ได้"),
    ]


def refusal(heads: Heads, action: Action, message: str, appeal: Appeal) -> Notice:
    """What the holder asked for is not done."""
    asked = "แก้ไขข้อมูล" if action is Action.AMEND else "ออกใบแทน"
    opening = f"ตามที่ท่านขอให้{asked}ของ{heads.name} เลขที่ {heads.number} นั้น {heads.agency}พิจารณาแล้ว ไม่อาจทำตามคำขอได้"
    made = _notice(heads, f"แจ้งผล ไม่{asked}ของ{heads.name}", opening, [("เหตุผล", message)])
    return _appealed(made, appeal)


def _appealed(made: Notice, appeal: Appeal) -> Notice:
    rows = (
        ("อุทธรณ์ได้ภายใน", f"{appeal.days} วัน นับจากวันที่ท่านได้รับหนังสือนี้"),
        ("ถ้าได้รับในวันที่ออกหนังสือ", f"ถึงวันที่ {date_long(appeal.first_end)}"),
        ("วันที่ได้รับ", appeal.receipt),
        ("ตามกฎหมาย", appeal.law),
    )
    told = replace(made, then="ถ้าท่านไม่เห็นด้วย", then_text=appeal.text, then_rows=rows)
    return replace(told, appeal_days=appeal.days, received_by=appeal.received_by.isoformat())


def intent(heads: Heads, action: Action, why: Why, hearing_law: str, object_by: date) -> Notice:
    """What is intended, so that the holder can answer before it is decided."""
    verb = {Action.REVOKE: "เพิกถอน", Action.SUSPEND: "พักใช้"}.get(action, "มีคำสั่งเกี่ยวกับ")
    opening = f"ตามที่ท่านถือ{heads.name} เลขที่ {heads.number} นั้น {heads.agency}มีเหตุที่อาจต้อง{verb} ยังไม่มีคำสั่งใด และขอฟังท่านก่อน"
    rows = [("เหตุตามกฎหมาย", f"{why.ground} ({why.law})"), ("ข้อเท็จจริง", why.message)]
    made = _notice(heads, f"แจ้งเหตุที่อาจ{verb}{heads.name} และให้โอกาสโต้แย้ง", opening, rows)
    return replace(
        made,
        then="ท่านโต้แย้งได้",
        then_text="ตอบข้อเท็จจริงข้างต้นและส่งเหตุผลของท่านได้ที่หน้าใบอนุญาตของท่านในจุดเดียว เจ้าหน้าที่อ่านคำตอบของท่านก่อนมีคำสั่ง",
        then_rows=(("โต้แย้งได้ถึงวันที่", date_long(object_by)), ("ตามกฎหมาย", hearing_law)),
    )


def document(id_: str, number: str, told: Notice, *, kind: str, schema_url: str) -> Document:
    """The letter as blocks; it is sealed after drawing. `kind`: what it is called in its data."""
    around = Letter(
        id=id_,
        kind=kind,
        number=number,
        on=date.fromisoformat(told.on),
        agency=told.agency,
        address=told.address,
        phone=told.phone,
        subject=told.subject,
        about=number,
        to=told.holder,
        regarding=told.licence,
        url=told.url,
        leads_to="เปิดใบอนุญาต",
        code="รหัสคิวอาร์สำหรับเปิดใบอนุญาตที่",
        signer=told.signer,
        position=told.position,
        schema_url=schema_url,
        deadlines=[("received", date.fromisoformat(told.received_by))] if told.received_by else (),
        facts=[*told.rows, *([(told.then, told.then_text)] if told.then else []), *told.then_rows],
    )
    words: list[Block] = [Paragraph(told.opening, size=13)]
    if told.rows:
        words.append(Facts(list(told.rows), size=13))
    if told.then:
        words += [Heading(told.then, 2, size=14), Paragraph(told.then_text, size=13)]
        words.append(Facts(list(told.then_rows), size=13))
    return letter(around, words)
