"""หนังสือแจ้งเหตุล่าช้า: why a case is not decided within the manual's time, and by when it will be. Blocks.

Licensing Facilitation Act s.10: in writing, every seven days until it is done, each time with a copy to the OPDC.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.core.thai import date_long
from app.pdf.blocks import Block, Facts, Heading, Paragraph
from app.pdf.letters import Letter, letter
from app.pdf.whole import Document

LAW = "พ.ร.บ. การอำนวยความสะดวกในการพิจารณาอนุญาตของทางราชการ พ.ศ. 2558 มาตรา 10"
COPY = "สำนักงานคณะกรรมการพัฒนาระบบราชการ (ก.พ.ร.)"
SUBJECT = "แจ้งเหตุที่พิจารณาคำขอล่าช้า"


@dataclass(frozen=True, kw_only=True)
class Delay:
    """What the letter says, in Thai by law. `count`: how many letters of this kind the applicant has with this one."""

    agency: str
    address: str
    phone: str
    applicant: str
    service: str
    application: str
    filed_on: str
    due_on: str
    count: int
    reason: str
    until: str
    """By when it will be decided; "" where the officer who told the reason named no day."""
    complaints: str
    signer: str
    position: str
    url: str

    def kept(self) -> dict[str, Any]:
        """For the database."""
        return asdict(self)


def again(kept: Mapping[str, Any]) -> Delay:
    """As it was kept."""
    return Delay(**kept)


def document(id_: str, number: str, on: date, told: Delay, schema_url: str) -> Document:
    """The letter as blocks; it is sealed after drawing."""
    due_on = date.fromisoformat(told.due_on)
    until = date.fromisoformat(told.until) if told.until else None
    rows = [
        ("ครบกำหนดตามคู่มือ", date_long(due_on)),
        ("เหตุที่ล่าช้า", told.reason),
        ("คาดว่าจะเสร็จภายในวันที่", date_long(until) if until else "ยังไม่กำหนด"),
    ]
    around = Letter(
        id=id_,
        kind="delay",
        number=number,
        on=on,
        agency=told.agency,
        address=told.address,
        phone=told.phone,
        subject=SUBJECT,
        about=told.application,
        to=told.applicant,
        regarding=f"คำขอเลขที่ {told.application} {told.service}",
        url=told.url,
        leads_to="ติดตามคำขอ",
        code="รหัสคิวอาร์สำหรับติดตามคำขอที่",
        signer=told.signer,
        position=told.position,
        schema_url=schema_url,
        facts=[*rows, ("ครั้งที่", str(told.count)), ("สำเนาเรียน", COPY), ("ตามกฎหมาย", LAW)],
        deadlines=[("manual", due_on), *([("expected", until)] if until else [])],
    )
    filed_on = date_long(date.fromisoformat(told.filed_on))
    words: list[Block] = [
        Paragraph(
            f"ตามที่ท่านยื่นคำขอ{told.service} เลขที่ {told.application} เมื่อวันที่ {filed_on} นั้น "
            f"{told.agency}ยังพิจารณาไม่เสร็จภายในเวลาของคู่มือสำหรับประชาชน จึงแจ้งเหตุเป็นครั้งที่ {told.count}",
            size=13,
        ),
        Facts(rows, size=13),
        Paragraph("ท่านไม่ต้องทำอะไรเพิ่ม ระหว่างนี้หน่วยงานจะแจ้งท่านทุก 7 วัน หากถึงวันดังกล่าวยังไม่เสร็จ ต้องแจ้งเหตุใหม่", size=13),
        Heading("ถ้าท่านเห็นว่าล่าช้าโดยไม่มีเหตุอันควร", 2, size=14),
        Paragraph(f"ร้องเรียนได้ที่{told.complaints} หรือที่{COPY}", size=13),
        Facts([("สำเนาเรียน", COPY), ("ตามกฎหมาย", LAW)], size=11),
    ]
    return letter(around, words)
