"""A letter as every agency writes one: its head, to whom and about what, the words, a code and who signed. Blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.thai import date_long
from app.pdf.blocks import Align, Block, Columns, Facts, Heading, Paragraph, Qr, Seal, Statement, Stretch, Tone
from app.pdf.whole import Document, Footer, SignatureField


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What stands around the words. `about`: what the subject is about, in the file's title; `leads_to`: the code."""

    id: str
    number: str
    on: date
    agency: str
    address: str
    phone: str
    subject: str
    about: str
    to: str
    regarding: str
    url: str
    leads_to: str
    code: str
    signer: str
    position: str


def letter(around: Letter, words: Sequence[Block]) -> Document:
    """The letter; it is sealed after drawing."""
    return Document(
        id=around.id,
        title=f"{around.subject} {around.about}",
        language="th-TH",
        subject=around.subject,
        author=around.agency,
        signature=SignatureField(f"ลายมือชื่อดิจิทัลของ{around.agency}"),
        blocks=[
            Columns(
                [
                    [Seal(f"ตราสัญลักษณ์ของ{around.agency}", size=64, align=Align.LEFT)],
                    [
                        Paragraph(around.agency, size=15, bold=True),
                        Paragraph(f"{around.address} · โทร. {around.phone}", size=11, tone=Tone.SOFT),
                    ],
                ],
                [1, 5],
            ),
            Paragraph(f"ที่ {around.number}", size=13),
            Paragraph(date_long(around.on), Align.RIGHT, 13),
            Heading(around.subject, 1, size=18),
            Facts([("เรียน", around.to), ("อ้างถึง", around.regarding)], size=13),
            *words,
            Stretch(),
            Columns(
                [
                    [Qr(around.url, f"{around.code} {around.url}", around.leads_to, size=84)],
                    [Statement([around.signer, around.position, f"ลงลายมือชื่อดิจิทัลด้วยใบรับรองของ{around.agency}"])],
                ],
                [1, 2.4],
            ),
        ],
        footer=Footer("ต้นฉบับคือไฟล์อิเล็กทรอนิกส์ที่ลงลายมือชื่อแล้ว", page="หน้า {page} / {pages}"),
    )
