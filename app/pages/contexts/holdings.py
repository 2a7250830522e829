"""Contexts of the licences a person holds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.frame import Page, QrCode

LicenceState = Literal["valid", "expired", "suspended", "surrendered", "revoked", "replaced"]


@dataclass(frozen=True, kw_only=True)
class LicencePage(Page):
    """`citizen/licence.html`. `facts` are (label, value, over the whole width)."""

    id: UUID
    form_id: UUID
    name: Text
    issuer: Text
    number: str
    state: LicenceState
    facts: tuple[tuple[Text | str, str, bool], ...]
    valid_until: date | None
    days_left: int | None
    signed_at: datetime
    checked_at: datetime
    file_size: str
    pdf_href: str
    data_href: str
    verify_url: str
    qr: QrCode
    renewal: Text
    ground: str = ""


@dataclass(frozen=True, kw_only=True)
class LicenceRow:
    """A licence in the list."""

    id: UUID
    name: Text
    premises: str
    issuer: Text
    number: str
    state: LicenceState
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class LicencesPage(Page):
    """`citizen/licences.html`."""

    licences: tuple[LicenceRow, ...]
