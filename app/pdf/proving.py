"""Before a key signs a document at the press, a specimen has to be without fault, and genuine to pyHanko."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

import structlog

from app.pdf.blocks import (
    Align,
    Attachment,
    Column,
    Columns,
    Document,
    Facts,
    Footer,
    Frame,
    Heading,
    Items,
    Panel,
    Paragraph,
    Property,
    Qr,
    Relationship,
    Rule,
    Schema,
    Seal,
    SignatureField,
    Spacer,
    Statement,
    Stretch,
    Table,
    Tone,
)
from app.pdf.checking import check
from app.pdf.frozen_signature import NotAsExpected
from app.pdf.press import Press, Reasons, printed
from app.pdf.signing import Signer
from app.pdf.timestamping import Timestamper
from app.pdf.validating import examine

log = structlog.get_logger(__name__)

_SAYS = Reasons("ทดลองพิมพ์ (ตัวอย่าง)", "ที่ทดลอง", "น้ำ ปั๊ม กุฏิ ญาณ")


class Unproven(Exception):
    """What the press made is not fit to be given to anybody; documents are made the plain way."""


class Presses:
    """The presses of a process: each is made and proved when it is first asked for, and kept."""

    def __init__(self) -> None:
        self._by_key: dict[str, Press | None] = {}
        self._unsigned: bool | None = None

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
            Rule(),
            Stretch(),
            Columns(
                [[Qr("https://judiao.example/verify/7K3M-Q9ZC", "รหัสคิวอาร์")], [Statement(["ผู้ลงนาม", "ตำแหน่ง"])]], [1, 2]
            ),
        ],
    )
