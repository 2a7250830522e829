"""Contexts of what comes after sending: what I must do, where each application stands, mending, withdrawing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.applications.deadlines import LegalClock
from app.applications.workflow import Holder, State
from app.catalogue.schema import Text
from app.pages.contexts.citizen import DocumentView, FormHead
from app.pages.contexts.frame import FieldView, Happening, Page


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """What the person must do now. `mend`: `count` items of a deficiency notice; `pay`: `satang` of a bill."""

    kind: Literal["mend", "pay"]
    service: Text
    href: str
    by: date
    count: int = 0
    satang: int = 0


@dataclass(frozen=True, kw_only=True)
class SentForm:
    """A submitted form and where each of its applications stands."""

    id: UUID
    reference: str
    title: str
    submitted_at: datetime
    applications: tuple[tuple[Text, State, int], ...]
    """Service, state, fee in satang."""


@dataclass(frozen=True, kw_only=True)
class MyPage(Page):
    """`citizen/my.html`."""

    todo: tuple[ToDo, ...]
    drafts: tuple[FormHead, ...]
    sent: tuple[SentForm, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One application on the tracking page: where it stands, who holds it, until when."""

    id: UUID
    slug: str
    service: Text
    agency: Text
    phone: str
    number: str
    state: State
    holder: Holder
    since: date
    fee_satang: int
    result_name: Text
    submitted_on: date
    accepted_on: date | None = None
    decided_on: date | None = None
    paid_on: date | None = None
    issued_on: date | None = None
    clock: LegalClock | None = None
    moves: tuple[tuple[datetime, str], ...] = ()
    check_by: date | None = None
    act_by: date | None = None
    """The last day of what the person must do (mend or pay)."""
    items_to_mend: int = 0
    reason: str = ""
    """Why it was refused or returned, as the officer wrote it; why it is late."""
    message: str = ""
    """What the officer who granted it wants the person to know."""
    bill_id: UUID | None = None
    receipt_href: str = ""
    licence_id: UUID | None = None
    letter_href: str = ""
    may_withdraw: bool = False


@dataclass(frozen=True, kw_only=True)
class CasePage(Page):
    """`citizen/case.html`: the lines of one submitted form, your turn first."""

    form_id: UUID
    reference: str
    title: str
    submitted_at: datetime
    todo: tuple[ToDo, ...]
    lines: tuple[Line, ...]
    thread: tuple[Happening, ...]
    receipt_href: str
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class DeficiencyItemView:
    """One thing to mend: a question (`field`) or a document (`document`), why, and what to do."""

    id: UUID
    label: Text
    reason: str
    instruction: str
    field: FieldView | None = None
    document: DocumentView | None = None
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class DeficiencyPage(Page):
    """`citizen/deficiency.html`: everything that is missing, once (Licensing Facilitation Act s.8)."""

    application_id: UUID
    form_id: UUID
    number: str
    service: Text
    agency: Text
    phone: str
    officer: str
    """Name and position of the officer who signed the notice."""
    issued_at: datetime
    mend_by: date
    message: str
    items: tuple[DeficiencyItemView, ...]
    token: str = ""
