"""A prepared paper as a file: what it says, room to sign, and the code by which it finds its way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.catalogue.papers import Prepared
from app.core.clock import bangkok_date
from app.core.thai import date_long, moment_long
from app.papers import sheets
from app.papers.models import Paper
from app.pdf.blocks import (
    Align,
    Block,
    Canvas,
    Columns,
    Facts,
    Heading,
    Paragraph,
    Qr,
    Rule,
    Spacer,
    Statement,
    Tone,
    Writing,
)
from app.pdf.whole import Attachment, Document, Footer, Relationship


@dataclass(frozen=True)
class Signed:
    """One signature as the paper shows it."""

    role: str
    name: str
    ial: str
    at: datetime
    event: str
    """Where the act is on record."""


def printed(paper: Paper, prepared: Prepared, reference: str, base_url: str) -> Document:
    """To be signed by hand, photographed or scanned, and sent back."""
    blocks = [*_head(paper, prepared, reference, base_url), *_words(paper.body, prepared)]
    blocks += [block for role in prepared.roles for block in _lines(role.title.th, _named(paper, role.named_by))]
    blocks += [block for n in range(prepared.witnesses) for block in _lines(f"พยานคนที่ {n + 1}", "")]
    return _document(paper, prepared, reference, blocks)


def signed(paper: Paper, prepared: Prepared, reference: str, base_url: str, by: Sequence[Signed]) -> Document:
    """With the signatures that were given online, and the exact words that were signed attached."""
    blocks = [*_head(paper, prepared, reference, base_url), *_words(paper.body, prepared)]
    blocks += [
        Statement(
            [
                f"ลงนามโดย {one.name} ({one.role})",
                f"เมื่อ {moment_long(one.at)} ยืนยันตัวตนด้วย ThaID ระดับ {one.ial}",
                f"บันทึกเหตุการณ์ {one.event}",
            ],
            Align.LEFT,
        )
        for one in by
    ]
    blocks += [
        Spacer(8),
        Paragraph(
            "ผู้ลงนามแต่ละคนเข้าสู่ระบบด้วยตนเอง อ่านข้อความข้างต้น และแสดงเจตนาลงลายมือชื่ออิเล็กทรอนิกส์กับข้อความที่มีลายนิ้วมือนี้ "
            "(พ.ร.บ. ว่าด้วยธุรกรรมทางอิเล็กทรอนิกส์ พ.ศ. 2544 มาตรา 9)",
            size=10,
        ),
        Paragraph(f"ลายนิ้วมือ (SHA-256): {paper.sha256[:32]} {paper.sha256[32:]}", size=9, tone=Tone.SOFT),
    ]
    return _document(paper, prepared, reference, blocks)


def _head(paper: Paper, prepared: Prepared, reference: str, base_url: str) -> list[Block]:
    code, day = sheets.written(paper.code), date_long(bangkok_date(paper.made_at))
    return [
        Columns(
            [
                [
                    Paragraph("จุดเดียว บริการภาครัฐ ยื่นครั้งเดียว", size=11, tone=Tone.SOFT),
                    Heading(prepared.title.th, 1, size=20),
                    Paragraph(f"แบบฟอร์ม {reference} · ข้อความตามคำตอบ ณ {day}", size=11),
                ],
                [
                    Qr(
                        sheets.address(base_url, paper.code),
                        f"รหัสคิวอาร์ของกระดาษแผ่นนี้ {code}",
                        code,
                        size=92,
                        align=Align.RIGHT,
                    )
                ],
            ],
            [2.8, 1],
        ),
        Rule(),
    ]


def _words(body: Mapping[str, Any], prepared: Prepared) -> list[Block]:
    told = {one["key"]: one for one in body["quoted"]}
    rows = [(told[key]["label"], told[key]["text"]) for key in body["listed"]]
    return [
        *(Paragraph(text, size=13) for text in body["paragraphs"]),
        *([Facts(rows)] if rows else []),
        *(Canvas(drawing.title.th, drawing.height) for drawing in prepared.drawings),
        *([Paragraph(prepared.note.th, size=10, tone=Tone.SOFT)] if prepared.note else []),
        Spacer(10),
    ]


def _named(paper: Paper, key: str | None) -> str:
    return next((one["text"] for one in paper.body["quoted"] if one["key"] == key), "")


def _lines(title: str, name: str) -> list[Block]:
    """Room for one signature: the line, the name, the day."""
    who: Block = Paragraph(f"({name})", size=11) if name else Writing("ชื่อตัวบรรจง", size=11)
    return [
        Columns(
            [
                [Writing(f"ลงชื่อ ({title})"), who],
                [Writing("วันที่")],
            ],
            [2.2, 1],
        )
    ]


def _document(paper: Paper, prepared: Prepared, reference: str, blocks: Sequence[Block]) -> Document:
    code = sheets.written(paper.code)
    return Document(
        id=str(paper.id),
        title=f"{prepared.title.th} {reference}",
        language="th-TH",
        subject=prepared.title.th,
        author="จุดเดียว",
        blocks=blocks,
        footer=Footer(f"{prepared.title.th} · {reference} · รหัสกระดาษ {code}", page="หน้า {page} / {pages}"),
    )


def with_body(document: Document, text: bytes) -> Document:
    """The same with what was signed attached, byte for byte."""
    attached = Attachment("paper.json", text, "application/json", Relationship.SOURCE, "ข้อความที่ลงนามตามที่เก็บไว้")
    return Document(**{**document.__dict__, "attachments": [attached]})
