"""The very licence before it is decided: drawn by the engine that will draw it, marked as a draft, signed by nobody.

No number is taken and nothing is stored. What cannot be drawn is found here, before anybody signs.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.applications.models import Application
from app.catalogue import routing, wording
from app.catalogue.manual import ISSUING_WORDS
from app.catalogue.schema import Catalogue, Service, Text
from app.core.clock import bangkok_date
from app.core.db import new_id
from app.core.errors import Conflict
from app.core.thai import date_long, thai_digits
from app.licences import document as licence_document
from app.licences.document import Content, Field
from app.pdf.blocks import Block, Panel, Paragraph, Tone
from app.pdf.typeface import MissingGlyph
from app.pdf.whole import Document, Footer
from app.stories import issue
from app.stories.house import House
from app.stories.sealing import unsigned

MARK = "ร่าง"
SAYS = "ร่างสำหรับเจ้าหน้าที่ ยังไม่ได้ลงลายมือชื่อ ยังไม่ออกเลข ใช้แสดงต่อผู้ใดไม่ได้"
NAME = Text(th="ร่างใบอนุญาต", en="Draft of the licence")
KEY = "licence_draft"
"""What a look at it is called in the record of looks."""


def licence(db: Session, house: House, application: Application, service: Service, now: datetime) -> bytes:
    """The draft of the licence that approving this application leads to (PDF).

    Conflict when an answer holds a character that cannot be printed.
    """
    says = issue.content(house, application, service, issue.unissued(db, application, service, now))
    return _drawn(house, says, now)


def specimen(house: House, catalogue: Catalogue, service: Service, now: datetime) -> bytes:
    """The licence of a service that is being written, with the examples of its questions (PDF)."""
    agency, day = routing.receivers(catalogue, service)[0], bangkok_date(now)
    until = service.validity.last_day(day)
    said = dict.fromkeys(ISSUING_WORDS, "…") | {
        "number": issue.UNNUMBERED,
        "valid_from": thai_digits(date_long(day)),
        "issued_on": thai_digits(date_long(day)),
        "valid_until": thai_digits(date_long(until)) if until else "",
        "agency": agency.name.th,
        "office": agency.name.th,
        "signer": agency.signer.th,
    }
    words = wording.specimen_wording(service, said, "th")
    says = Content(
        id=str(new_id()),
        number=issue.UNNUMBERED,
        code="",
        title=words.title,
        subtitle=words.subtitle,
        agency=agency.name.th,
        signer=agency.signer.th,
        fields=[Field(row.label, row.value, row.xml) for row in words.rows],
        statement=words.statement,
        conditions=words.conditions,
        xml_root=words.xml_root,
        valid_from=day,
        valid_until=until,
        verify_url="",
        holder="…",
        service=service.slug,
        service_version=service.version,
    )
    return _drawn(house, says, now)


def _drawn(house: House, says: Content, now: datetime) -> bytes:
    says = replace(says, verify_url=f"{house.settings.base_url}/verify")
    whole = licence_document.document(says)
    draft = replace(
        whole,
        title=f"{MARK} {whole.title}",
        attachments=(),
        schemas=(),
        signature=None,
        across=MARK,
        blocks=_marked(whole),
        footer=Footer(SAYS, page="หน้า {page} / {pages}"),
    )
    try:
        return unsigned(house, draft, now).data
    except MissingGlyph as missing:
        raise Conflict(
            "พิมพ์เอกสารไม่ได้ เพราะคำตอบมีอักษรที่แบบอักษรไม่มี: %(characters)s", characters=missing.characters
        ) from missing


def _marked(whole: Document) -> tuple[Block, ...]:
    """What it is, in words, before everything else."""
    return (Panel([Paragraph(SAYS, bold=True)], Tone.STOP), *whole.blocks)
