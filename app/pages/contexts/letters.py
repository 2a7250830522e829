"""Context of a letter about a licence, as its holder reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.decision import Letter
from app.pages.contexts.frame import Page


@dataclass(frozen=True, kw_only=True)
class LicenceLetterPage(Page):
    """`citizen/licence_letter.html`: the letter, and the answer to it while there are days to answer (`object_by`)."""

    licence_id: UUID
    name: Text
    number: str
    subject: str
    letter: Letter
    pdf_href: str
    """Its sealed file; "" until it is drawn."""
    action: str
    object_by: date | None
    objection: str
    """What was typed."""
    objected_at: datetime | None
    objected: str
    """What was sent."""
    received_on: date | None
    """When it was first opened here."""
    appeal_until: date | None
    """The last day to appeal, counted from then; None where there is nothing to appeal."""
    revision: int
    token: str
