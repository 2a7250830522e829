"""Contexts of the page that shows everything before it is sent, and of the one that says it was."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.catalogue.effort import Effort
from app.catalogue.schema import Text
from app.catalogue.texts import Unit
from app.pages.contexts.citizen import FormHead
from app.pages.contexts.documents import DocumentView
from app.pages.contexts.frame import FeeLine, Page


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """One answer as it will be sent. `missing`: required and not answered; `source`: the registry it came from."""

    label: Text
    text: str
    href: str = ""
    source: Text | str = ""
    source_on: date | None = None
    missing: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckSection:
    """A topic on the check page."""

    title: Text
    rows: tuple[CheckRow, ...]


@dataclass(frozen=True, kw_only=True)
class PartView:
    """What one application gets: its receiver, its fee in satang and its time, its answers and documents by name.

    `agency` and `satang` are None while the answers do not yet say where it goes and what it costs.
    """

    service: Text
    agency: Text | None
    office: Text | None
    satang: int | None
    duration: Text
    answers: tuple[Text, ...]
    documents: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    """`citizen/check.html`. `fees` is None while the answers do not yet say what they cost."""

    form: FormHead
    sections: tuple[CheckSection, ...]
    documents: tuple[DocumentView, ...]
    fees: tuple[FeeLine, ...] | None
    total_satang: int
    parts: tuple[PartView, ...]
    unasked: str
    """What the person says that the form did not ask."""
    effort: Effort
    declarations: tuple[Text, ...]
    idempotency_key: str
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class SentApplication:
    """One application on the confirmation page. `received_on` is the day it counts as received by law."""

    service: Text
    agency: Text
    office: Text | None
    phone: str
    number: str
    fee_satang: int
    received_on: date
    check_by: date
    answer_by: date
    allowed: int
    unit: Unit
    needs: tuple[Text, ...] = ()
    """Why it rests on other licences."""


@dataclass(frozen=True, kw_only=True)
class ConfirmationPage(Page):
    """`citizen/confirmation.html`. `receipt_href` is empty while the PDF is being made."""

    form_id: UUID
    reference: str
    submitted_at: datetime
    submitted_on: date
    applications: tuple[SentApplication, ...]
    receipt_href: str
