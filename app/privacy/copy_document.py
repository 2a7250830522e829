"""The copy of a person's data as a document to read: the same rows as the machine-readable file, with labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.i18n import gettext as _
from app.core.thai import moment_long
from app.pdf.blocks import Block, Column, Facts, Heading, Paragraph, Spacer, Table, Tone
from app.pdf.characters import spelled
from app.pdf.whole import Document, Footer


@dataclass(frozen=True)
class Section:
    """One kind of data: its title, the labels of its columns, and its rows, already in words."""

    title: str
    labels: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def document(copy_id: str, name: str, sections: Sequence[Section], made_at: datetime, language: str) -> Document:
    """The whole copy. Sections without rows are said to be empty: that nothing is held is an answer too."""
    made = moment_long(made_at, language)
    blocks: list[Block] = [
        Heading(_("สำเนาข้อมูลส่วนบุคคลของคุณ"), 1, size=22),
        Facts([(_("ของ"), name), (_("ทำเมื่อ"), made)]),
        Paragraph(_("เอกสารนี้บอกทุกอย่างที่จุดเดียวเก็บเกี่ยวกับคุณ (พ.ร.บ.คุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562 มาตรา 30 และ 31)"), size=11),
        Paragraph(
            _("ไม่รวมบันทึกภายในของเจ้าหน้าที่ ข้อมูลของผู้อื่น และรหัสลับที่ปกป้องบัญชีของคุณ รายการครบทุกช่องอยู่ในไฟล์ data.json"), size=11
        ),
    ]
    for section in sections:
        blocks.append(Heading(f"{section.title} ({len(section.rows)})", 2, size=15))
        rows = [tuple(map(spelled, row)) for row in section.rows]  # what was written long ago is not refused now
        if not rows:
            blocks.append(Paragraph(_("ไม่มี"), tone=Tone.SOFT, size=11))
        elif len(section.rows) == 1:
            blocks.append(Facts(list(zip(section.labels, rows[0], strict=True)), size=11))
        else:
            blocks.append(Table([Column(label) for label in section.labels], rows, size=10))
    blocks.append(Spacer(8))
    return Document(
        id=copy_id,
        title=_("สำเนาข้อมูลส่วนบุคคลของ %(name)s") % {"name": name},
        language="en-GB" if language == "en" else "th-TH",
        subject=_("สำเนาข้อมูลส่วนบุคคลของคุณ"),
        author=_("จุดเดียว"),
        blocks=blocks,
        footer=Footer(_("สำเนาข้อมูลส่วนบุคคล ทำเมื่อ %(made)s") % {"made": made}, page=_("หน้า {page} / {pages}")),
    )
