"""บันทึกข้อบกพร่อง on paper: everything missing at once, by when, what follows, and who signed on both sides. Blocks.

Licensing Facilitation Act s.8: one record, signed by the officer and the applicant, who gets a copy; s.9: what happens
when it is not mended in time. The words are kept as the officer signed them; the applicant's signature comes later, and
then the same record is drawn once more with both names.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from app.core.thai import date_long, moment_long
from app.pdf.blocks import Block, Column, Facts, Paragraph, Table
from app.pdf.letter_data import Item
from app.pdf.letters import Letter, letter
from app.pdf.whole import Document

LAW = "พ.ร.บ. การอำนวยความสะดวกในการพิจารณาอนุญาตของทางราชการ พ.ศ. 2558 มาตรา 8 และ 9"


@dataclass(frozen=True, kw_only=True)
class Deficiency:
    """What the record says, in Thai by law. `items`: name, reason ("" for none) and what to do."""

    agency: str
    address: str
    phone: str
    applicant: str
    service: str
    manual: int
    """The version of the citizen manual that nothing outside can be asked for (s.7)."""
    application: str
    filed_on: str
    items: tuple[tuple[str, str, str], ...]
    message: str
    mend_by: str
    appeal: str
    appeal_law: str
    signer: str
    position: str
    signed_at: str
    url: str

    def kept(self) -> dict[str, Any]:
        """For the database."""
        return asdict(self)


def again(kept: Mapping[str, Any]) -> Deficiency:
    """As it was kept."""
    items = tuple((name, reason, told) for name, reason, told in kept["items"])
    return Deficiency(**{**kept, "items": items})


@dataclass(frozen=True)
class Acknowledged:
    """The applicant's side: who signed (for whom), how surely known, and when."""

    name: str
    ial: str
    at: datetime


SUBJECT = "บันทึกข้อบกพร่อง"
UNSIGNED = "ยังไม่ได้ลงชื่อ ลงชื่อรับทราบได้ที่หน้าคำขอ หรือเมื่อส่งที่แก้แล้วกลับ"


def document(id_: str, number: str, on: date, told: Deficiency, by: Acknowledged | None, schema_url: str) -> Document:
    """The record as blocks; it is sealed after drawing."""
    mend_by = date.fromisoformat(told.mend_by)
    filed_on = date_long(date.fromisoformat(told.filed_on))
    signed_at = moment_long(datetime.fromisoformat(told.signed_at))
    other = ["ผู้ยื่น", UNSIGNED]
    if by is not None:
        other = [by.name, f"ผู้ยื่น ยืนยันตัวระดับ {by.ial}", f"ลงชื่อรับทราบเมื่อ {moment_long(by.at)}"]
    after = f"หากพ้นวันที่ {date_long(mend_by)} เจ้าหน้าที่จะคืนคำขอพร้อมเหตุผลเป็นหนังสือ ท่านยื่นคำขอใหม่ได้ทุกเมื่อ หรืออุทธรณ์คำสั่งคืนคำขอนั้นได้"
    around = Letter(
        id=id_,
        kind="deficiency",
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
        leads_to="แก้และส่งกลับ",
        code="รหัสคิวอาร์สำหรับเปิดคำขอที่",
        signer=told.signer,
        position=told.position,
        schema_url=schema_url,
        other_side=other,
        facts=[
            ("เจ้าหน้าที่ลงชื่อเมื่อ", signed_at),
            ("ผู้ยื่น", " ".join(other)),
            ("ข้อความจากเจ้าหน้าที่", told.message),
            ("ถ้าพ้นกำหนด", after),
            ("ตามกฎหมาย", LAW),
        ],
        deadlines=[("mend", mend_by)],
        items=[Item(*one) for one in told.items],
    )
    words: list[Block] = [
        Paragraph(
            f"ตามที่ท่านยื่นคำขอ{told.service} เลขที่ {told.application} เมื่อวันที่ {filed_on} นั้น "
            f"เจ้าหน้าที่ตรวจกับคู่มือสำหรับประชาชนรุ่น {told.manual} แล้ว ยังไม่ครบถ้วน {len(told.items)} รายการ",
            size=12,
        ),
        Table(
            [Column("ที่", 0.3), Column("รายการ", 1.6), Column("เหตุ", 1.6), Column("สิ่งที่ต้องแก้", 2.2)],
            [[str(n), name, reason or "–", todo] for n, (name, reason, todo) in enumerate(told.items, 1)],
            size=10.5,
        ),
        *([Paragraph(told.message, size=12)] if told.message else []),
        Facts([("แก้และส่งกลับภายในวันที่", date_long(mend_by))], size=12),
        Paragraph(f"เวลาพิจารณาเริ่มนับเมื่อคำขอครบถ้วน เจ้าหน้าที่ขอเพิ่มนอกจากรายการนี้ หรือขออีกครั้ง ไม่ได้ {after}", size=11),
        Paragraph(f"{told.appeal} (ตาม{told.appeal_law})", size=11),
        Paragraph(f"เจ้าหน้าที่ลงชื่อเมื่อ {signed_at} ตาม{LAW} ซึ่งให้ทั้งสองฝ่ายลงชื่อในบันทึกนี้", size=10),
    ]
    return letter(around, words)
