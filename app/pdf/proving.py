"""Before a key signs a document at the press, a specimen has to be without fault, and genuine to pyHanko.

The archive's own validator judges the specimen of every key, and the first document of every form in a process; each
document after that only our own look. That suffices, because the press writes all documents of one form with the same
code: what that validator finds beyond our look (how objects, streams and references are written, what the catalogue
holds) does not depend on who a licence is for. What does (the texts and their glyphs, widths and characters, the
metadata, attached data, the structure, what a signature covers) is looked at in every single file. To judge each twice
would halve what a core prints, and a property test holds random documents of both ways against each other instead.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import chain
from typing import TypeAlias

import structlog

from app.pdf.blocks import (
    Align,
    Block,
    Canvas,
    Column,
    Columns,
    Facts,
    Heading,
    Items,
    Panel,
    Paragraph,
    Qr,
    Rule,
    Seal,
    Spacer,
    Statement,
    Stretch,
    Table,
    Ticks,
    Tone,
    Writing,
)
from app.pdf.checking import CHECKER, OWN_CHECKER, check, own_findings
from app.pdf.frozen_signature import NotAsExpected
from app.pdf.press import Press, Reasons, printed
from app.pdf.signing import Signer
from app.pdf.timestamping import Timestamper
from app.pdf.validating import examine
from app.pdf.whole import Attachment, Document, Footer, Frame, Property, Relationship, Schema, SignatureField

log = structlog.get_logger(__name__)

_SAYS = Reasons("ทดลองพิมพ์ (ตัวอย่าง)", "ที่ทดลอง", "น้ำ ปั๊ม กุฏิ ญาณ")


Form: TypeAlias = tuple[object, ...]


def form_of(document: Document) -> Form:
    """What documents have in common whose files are written alike: all but their words."""
    return (
        frozenset(_kinds(document.blocks)),
        document.frame,
        document.footer is not None,
        document.signature is not None,
        bool(document.author),
        bool(document.subject),
        tuple(sorted((file.name, file.mime, file.relationship) for file in document.attachments)),
        tuple((schema.namespace, len(schema.properties)) for schema in document.schemas),
    )


def _kinds(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield type(block).__name__
        match block:
            case Columns():
                yield from _kinds(chain.from_iterable(block.parts))
            case Panel():
                yield from _kinds(block.blocks)


class Unproven(Exception):
    """What the press made is not fit to be given to anybody; documents are made the plain way."""


class Presses:
    """The presses of a process: each is made and proved when it is first asked for, and kept."""

    def __init__(self) -> None:
        self._by_key: dict[str, Press | None] = {}
        self._unsigned: bool | None = None
        self._forms: set[Form] = set()

    def judges(self, document: Document, pdf: bytes) -> tuple[list[str], str]:
        """What is found wrong with a document that the press has printed, and who says so."""
        form = form_of(document)
        if form in self._forms:
            return own_findings(pdf), OWN_CHECKER
        findings = check(pdf)
        if not findings:
            self._forms.add(form)
        return findings, CHECKER

    def of(self, signer: Signer, timestamper: Timestamper, trust_roots: bytes, now: datetime) -> Press | None:
        """The press of a key; None where it could not be proved. Raises Unavailable when nobody stamps the time."""
        key = signer.certificate.fingerprint
        if key not in self._by_key:
            try:
                press = Press(signer)
                prove(press, timestamper, [trust_roots], now)
                self._by_key[key] = press
            except (NotAsExpected, Unproven):
                log.exception("the press is not used for a key", signer=signer.certificate.subject)
                self._by_key[key] = None
        return self._by_key[key]

    def unsigned(self, now: datetime) -> bool:
        """Whether documents that nobody signs may be printed."""
        if self._unsigned is None:
            findings = check(printed(replace(specimen(), signature=None), now))
            self._unsigned = not findings
            if findings:
                log.error("the press is not used for documents without signature", findings=findings)
        return self._unsigned


PRESSES = Presses()
"""Those of this process: how a document is written does not depend on which of its portals asks."""


def prove(press: Press, timestamper: Timestamper, trust_roots: Sequence[bytes], now: datetime) -> None:
    """Raise Unproven unless a specimen printed at the press is without fault and genuine to pyHanko, of this signer.

    Takes a quarter of a second: once for a key and process. Raises Unavailable when nobody stamps the time.
    """
    printed = press.signed(specimen(), _SAYS, timestamper, now=now)
    if findings := check(printed):
        raise Unproven("; ".join(findings))
    found = examine(printed, trust_roots, now=now)
    if not found.genuine or found.signer != press.signer.certificate:
        raise Unproven(found.problem or f"not genuine: {found}")


@cache
def specimen() -> Document:
    """A document of two pages with every kind of block."""
    rows = [(f"แถวที่ {n}", "ปั๊มน้ำมันปิ่นโต กุฏิวัดญาณสังวร", f"{n * 1_234:,}.50") for n in range(1, 21)]
    return Document(
        id="00000000-0000-7000-8000-000000000000",
        title="แผ่นทดลองพิมพ์ (Specimen)",
        language="th-TH",
        subject="น้ำ ที่ ปั๊ม กุฏิ ญาณ",
        author="จุดเดียว",
        frame=Frame.DOUBLE_RULE,
        footer=Footer("แผ่นทดลองพิมพ์ ไม่ใช่เอกสารราชการ", "หน้า {page} / {pages}"),
        signature=SignatureField("ลายมือชื่อดิจิทัลสำหรับทดลอง"),
        attachments=[
            Attachment("a.xml", "<น้ำ>ปั๊ม</น้ำ>".encode(), "text/xml", Relationship.ALTERNATIVE, "ข้อมูล"),
            Attachment("ข.json", b'{"a": 1}', "application/json", Relationship.SOURCE, "คำตอบ"),
        ],
        schemas=[
            Schema("Specimen", "urn:judiao:specimen#", "specimen", [Property("Kind", "ทดลอง", "kind of document")])
        ],
        blocks=[
            Seal("ตราทดลอง", 60),
            Heading("แผ่นทดลองพิมพ์", align=Align.CENTRE),
            Paragraph("Specimen: not a document", Align.CENTRE, tone=Tone.SOFT, language="en"),
            Rule(ornament=True),
            Heading("ข้อเท็จจริง", 2),
            Facts([("น้ำ", "ที่ ปั๊ม กุฏิ ญาณ"), ("ที่อยู่", "12/3 หมู่ที่ 4\nตำบลสีคิ้ว")]),
            Spacer(6),
            Items(["หนึ่ง", "สอง"], ["๑.", "๒."]),
            Panel([Paragraph("อ่านก่อน", bold=True)], Tone.STOP),
            Table(
                [Column("รายการ"), Column("คำอธิบาย", 2), Column("บาท", align=Align.RIGHT)], rows, [("รวม", "1,234.50")]
            ),
            Ticks(["บุคคลธรรมดา", "นิติบุคคล"]),
            Writing("ลงชื่อ", 2),
            Canvas("แผนที่", 60),
            Rule(),
            Stretch(),
            Columns(
                [[Qr("https://judiao.example/verify/7K3M-Q9ZC", "รหัสคิวอาร์")], [Statement(["ผู้ลงนาม", "ตำแหน่ง"])]], [1, 2]
            ),
        ],
    )
