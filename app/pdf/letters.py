"""A letter as every agency writes one: its head, to whom and about what, the words, a code and who signed. Blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.thai import date_long
from app.pdf import letter_data
from app.pdf.blocks import Align, Block, Columns, Facts, Heading, Paragraph, Qr, Seal, Statement, Stretch, Tone
from app.pdf.letter_data import Data, Item
from app.pdf.whole import Document, Footer, SignatureField


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What stands around the words. `about`: what the subject is about, in the file's title; `leads_to`: the code.

    For machines: `kind` (a word of a-z), `facts`, `deadlines` and `items`, and where their schema is published.
    """

    id: str
    kind: str
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
    schema_url: str
    facts: Sequence[tuple[str, str]]
    deadlines: Sequence[tuple[str, date]] = ()
    items: Sequence[Item] = ()
    other_side: Sequence[str] = ()
    """Lines under which the addressee signs too, where the law wants both; () where only the agency signs."""

    @property
    def data(self) -> Data:
        """What it says, for machines."""
        return Data(
            id=self.id,
            kind=self.kind,
            number=self.number,
            on=self.on,
            agency=self.agency,
            to=self.to,
            regarding=self.regarding,
            subject=self.subject,
            signer=f"{self.signer} {self.position}".strip(),
            url=self.url,
            schema_url=self.schema_url,
            facts=self.facts,
            deadlines=self.deadlines,
            items=self.items,
        )


def letter(around: Letter, words: Sequence[Block]) -> Document:
    """The letter with its data inside; it is sealed after drawing. Raises Malformed."""
    return Document(
        id=around.id,
        title=f"{around.subject} {around.about}",
        language="th-TH",
        subject=around.subject,
        author=around.agency,
        signature=SignatureField(f"ลายมือชื่อดิจิทัลของ{around.agency}"),
        attachments=letter_data.attachments(around.data),
        schemas=[letter_data.etda(around.id)],
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
            Columns(
                [[Paragraph(f"ที่ {around.number}", size=13)], [Paragraph(date_long(around.on), Align.RIGHT, 13)]],
                [1, 1],
            ),
            Heading(around.subject, 1, size=18),
            Facts([("เรียน", around.to), ("อ้างถึง", around.regarding)], size=13),
            *words,
            Stretch(),
            _signatures(around),
        ],
        footer=Footer("ต้นฉบับคือไฟล์อิเล็กทรอนิกส์ที่ลงลายมือชื่อแล้ว", page="หน้า {page} / {pages}"),
    )


def _signatures(around: Letter) -> Columns:
    """The code beside who signed: the agency, and where the law wants it the other side."""
    code = [Qr(around.url, f"{around.code} {around.url}", around.leads_to, size=84)]
    agency = [Statement([around.signer, around.position, f"ลงลายมือชื่อดิจิทัลด้วยใบรับรองของ{around.agency}"])]
    if not around.other_side:
        return Columns([code, agency], [1, 2.4])
    return Columns([code, [Statement(around.other_side)], agency], [1, 1.7, 1.7])
