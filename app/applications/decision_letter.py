"""The letter that tells a refusal or a return for good: reasons, legal ground, how and until when to appeal. Blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.thai import date_long
from app.pdf.blocks import Block, Facts, Heading, Paragraph
from app.pdf.letters import Letter, letter
from app.pdf.whole import Document


@dataclass(frozen=True)
class Decision:
    """What the letter says, in Thai by law. `refused`: on a ground of the law; otherwise handed back, incomplete."""

    id: str
    number: str
    on: date
    agency: str
    address: str
    phone: str
    applicant: str
    service: str
    application: str
    filed_on: date
    refused: bool
    ground: str
    law: str
    explanation: str
    appeal: str
    appeal_law: str
    appeal_by: date
    signer: str
    position: str
    case_url: str
    schema_url: str
    """Where the schema of the letter's data is published."""

    @property
    def subject(self) -> str:
        """What the letter is about."""
        return "แจ้งผลการพิจารณา ไม่อนุญาตตามคำขอ" if self.refused else "คืนคำขอเพราะยังไม่ครบถ้วน"

    @property
    def opening(self) -> str:
        """Which application, and what was decided."""
        filed = f"ตามที่ท่านยื่นคำขอ{self.service} เลขที่ {self.application} เมื่อวันที่ {date_long(self.filed_on)} นั้น "
        if self.refused:
            return f"{filed}{self.agency}พิจารณาแล้ว มีคำสั่งไม่อนุญาต"
        return f"{filed}{self.agency}เคยแจ้งให้แก้ไขแล้วหนึ่งครั้ง แต่คำขอยังไม่ครบถ้วน จึงคืนคำขอ"

    @property
    def reasons(self) -> Sequence[tuple[str, str]]:
        """Terms and texts (Administrative Procedure Act B.E. 2539 s.37: facts, law, and reasons)."""
        if self.refused:
            return [("เหตุตามกฎหมาย", f"{self.ground} ({self.law})"), ("เหตุผล", self.explanation)]
        return [("สิ่งที่ยังขาด", self.explanation)]


CLOSING = "คำสั่งนี้ไม่ตัดสิทธิท่านที่จะแก้เหตุข้างต้นแล้วยื่นคำขอใหม่"


def document(told: Decision) -> Document:
    """The letter as blocks; it is sealed after drawing."""
    around = Letter(
        id=told.id,
        kind="refusal" if told.refused else "return",
        number=told.number,
        on=told.on,
        agency=told.agency,
        address=told.address,
        phone=told.phone,
        subject=told.subject,
        about=told.application,
        to=told.applicant,
        regarding=f"คำขอเลขที่ {told.application} {told.service}",
        url=told.case_url,
        leads_to="ติดตามคำขอ",
        code="รหัสคิวอาร์สำหรับติดตามคำขอที่",
        signer=told.signer,
        position=told.position,
        schema_url=told.schema_url,
        facts=[*told.reasons, ("อุทธรณ์", told.appeal), ("ตามกฎหมาย", told.appeal_law)],
        deadlines=[("appeal", told.appeal_by)],
    )
    words: list[Block] = [
        Paragraph(told.opening, size=13),
        Facts(list(told.reasons), size=13),
        Heading("ถ้าท่านไม่เห็นด้วย", 2, size=14),
        Paragraph(told.appeal, size=13),
        Facts(
            [
                ("ถ้าได้รับในวันที่ออกหนังสือ", f"อุทธรณ์ได้ถึงวันที่ {date_long(told.appeal_by)}"),
                ("ถ้าได้รับหลังจากนั้น", "กำหนดเวลานับจากวันที่ได้รับ"),
                ("ตามกฎหมาย", told.appeal_law),
            ],
            size=13,
        ),
        Paragraph(CLOSING, size=13),
    ]
    return letter(around, words)
