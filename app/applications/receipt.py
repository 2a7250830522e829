"""หลักฐานการยื่น: the receipt of a submission, with what was sent, when it counts as received and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core.money import baht_short
from app.core.thai import date_long, file_size, moment_long
from app.pdf.blocks import Align, Block, Column, Columns, Facts, Heading, Paragraph, Qr, Rule, Spacer, Table, Tone
from app.pdf.characters import spelled
from app.pdf.whole import Attachment, Document, Footer, Relationship


@dataclass(frozen=True)
class SentApplication:
    """One application in the receipt: what, where to, its number, its days, what the agency got and what it needs."""

    service: str
    version: int
    agency: str
    office: str
    number: str
    fee_satang: int
    check_by: date
    answer_by: date
    duration: str
    answers: int
    documents: int
    needs: Sequence[str] = ()


@dataclass(frozen=True)
class Attached:
    """A file that was sent: for which document, what it is called, bytes, pages."""

    document: str
    filename: str
    size: int
    pages: int
    signed: Sequence[str] = ()
    """Who signed it online, and when."""


@dataclass(frozen=True)
class Submission:
    """What the receipt says. `answers` are (topic, rows of label and value); amounts are already in words."""

    id: str
    reference: str
    applicant: str
    sender: str
    """Who sent it, when that is not the applicant; "" otherwise."""
    submitted_at: datetime
    received_on: date
    applications: Sequence[SentApplication]
    answers: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    documents: Sequence[Attached]
    spared: Sequence[tuple[str, str, str]]
    """Documents that nobody had to hand in, who brings them instead, and the number of the record ("" for none)."""
    sha256: str
    snapshot: bytes
    track_url: str


def _next(one: SentApplication) -> str:
    """What happens with one application from here on."""
    said = (
        f"{one.number}: หน่วยงานได้รับคำตอบ {one.answers} ข้อ เอกสาร {one.documents} รายการ",
        f"เมื่อเอกสารครบ พิจารณาให้เสร็จภายใน {one.duration}",
        f"คือไม่เกิน {date_long(one.answer_by)} ถ้าไม่มีอะไรต้องแก้",
    )
    return " ".join((*said, *one.needs))


def _attached(sent: Submission) -> list[tuple[str, str]]:
    return [
        (one.document, "\n".join((f"{spelled(one.filename)} ({file_size(one.size)}, {one.pages} หน้า)", *one.signed)))
        for one in sent.documents
    ]


def _brought(sent: Submission) -> list[tuple[str, str]]:
    """Every document: what was attached, then what others bring."""
    spared = [(name, f"ไม่ต้องแนบ ได้จาก{source} {reference}".strip()) for name, source, reference in sent.spared]
    return [*_attached(sent), *spared]


def document(sent: Submission) -> Document:
    """The receipt as blocks, with the exact snapshot attached for machines and auditors."""
    blocks: list[Block] = [
        Paragraph("จุดเดียว บริการภาครัฐ ยื่นครั้งเดียว", size=11, tone=Tone.SOFT),
        Heading("หลักฐานการยื่นคำขอ", 1, size=22),
        Columns(
            [
                [
                    Facts(
                        [
                            ("เลขที่แบบฟอร์ม", sent.reference),
                            ("ผู้ยื่น", sent.applicant),
                            *([("ผู้ส่งแทน", sent.sender)] if sent.sender else []),
                            ("ส่งเมื่อ", moment_long(sent.submitted_at)),
                            ("ถือว่าได้รับเมื่อ", date_long(sent.received_on)),
                        ]
                    )
                ],
                [
                    Qr(
                        sent.track_url,
                        f"รหัสคิวอาร์สำหรับติดตามคำขอที่ {sent.track_url}",
                        "ติดตามคำขอ",
                        size=96,
                        align=Align.RIGHT,
                    )
                ],
            ],
            [2.6, 1],
        ),
        Heading("คำขอที่ส่ง", 2, size=15),
        Table(
            [
                Column("เรื่อง", 2.4),
                Column("หน่วยงาน", 1.8),
                Column("เลขคำขอ", 1.2),
                Column("ค่าธรรมเนียม", 0.9),
                Column("ตรวจครบภายใน", 1.1),
            ],
            [
                [
                    f"{a.service} (คู่มือรุ่น {a.version})",
                    " ".join(filter(None, (a.agency, a.office))),
                    a.number,
                    f"{baht_short(a.fee_satang)} บาท" if a.fee_satang else "ไม่มี",
                    date_long(a.check_by),
                ]
                for a in sent.applications
            ],
        ),
        *[Paragraph(_next(a), size=11) for a in sent.applications],
        Heading("คำตอบที่ส่ง", 2, size=15),
    ]
    for topic, rows in sent.answers:
        blocks += [Heading(topic, 3, size=12), Facts(rows, size=11)]
    blocks += [Heading("เอกสารที่ส่ง", 2, size=15), Facts(_brought(sent) or [("ไม่มี", "เรื่องนี้ไม่ต้องแนบเอกสาร")], size=11)]
    blocks += [
        Spacer(10),
        Rule(),
        Paragraph(
            "เจ้าหน้าที่ขอเอกสารนอกเหนือจากคู่มือฉบับนี้ไม่ได้ และแจ้งสิ่งที่ขาดได้ครั้งเดียว "
            "(พ.ร.บ. การอำนวยความสะดวกในการพิจารณาอนุญาตของทางราชการ พ.ศ. 2558 มาตรา 7 และ 8)",
            size=10,
        ),
        Paragraph(f"ลายนิ้วมือของคำตอบ (SHA-256): {sent.sha256[:32]} {sent.sha256[32:]}", size=9, tone=Tone.SOFT),
    ]
    return Document(
        id=sent.id,
        title=f"หลักฐานการยื่นคำขอ {sent.reference}",
        language="th-TH",
        subject="หลักฐานการยื่นคำขอ",
        author="จุดเดียว",
        blocks=blocks,
        attachments=[
            Attachment("snapshot.json", sent.snapshot, "application/json", Relationship.SOURCE, "คำตอบทั้งหมดตามที่ส่ง")
        ],
        footer=Footer(f"หลักฐานการยื่นคำขอ {sent.reference}", page="หน้า {page} / {pages}"),
    )
