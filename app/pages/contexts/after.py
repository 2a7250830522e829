"""Contexts of changing what was sent: the whole form before anybody took it, one answer afterwards."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.citizen import FormHead
from app.pages.contexts.documents import DocumentView
from app.pages.contexts.frame import FieldView, FileView, Page


@dataclass(frozen=True, kw_only=True)
class ClockEffect:
    """What sending again does to one application: the last day of its check as it stands, and if sent now."""

    service: Text
    number: str
    check_by: date
    then: date


@dataclass(frozen=True, kw_only=True)
class CorrectPage(Page):
    """`citizen/correct.html`: what correcting a sent form means, before it is begun."""

    form_id: UUID
    reference: str
    effects: tuple[ClockEffect, ...]
    draft_id: UUID | None
    """The correction that was begun already."""
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """A request to change one answer: what stands, what is wanted and why, and what became of it.

    `fee_satang` is None where it costs the same.
    """

    id: UUID
    label: Text
    before: str
    after: str
    why: str
    asked_at: datetime
    state: Literal["open", "accepted", "refused", "taken_back"]
    officer: str = ""
    reason: str = ""
    answered_at: datetime | None = None
    fee_satang: int | None = None
    problem: Text | str = ""


@dataclass(frozen=True, kw_only=True)
class ChangePage(Page):
    """`citizen/change.html`: every answer that can be asked to change, and what was asked. `field` when one is open."""

    application_id: UUID
    form_id: UUID
    number: str
    service: Text
    agency: Text
    possible: bool
    due_on: date | None
    """The last day of the agency's answer, which asking does not move."""
    answers: tuple[tuple[str, Text, str], ...]
    """Key, label and value of each answer."""
    requests: tuple[ChangeView, ...]
    field: FieldView | None = None
    before: str = ""
    why: str = ""
    why_problem: Text | str = ""
    token: str = ""


# — What the form did not ask ——————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, kw_only=True)
class UnaskedPage(Page):
    """`citizen/unasked.html`: free text and one file, for every agency of the form."""

    form: FormHead
    text: str
    document: DocumentView
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class UnaskedView:
    """The same at the officer's desk."""

    text: str
    file: FileView | None


@dataclass(frozen=True, kw_only=True)
class GapView:
    """One thing a form did not ask, waiting for who answers for the service."""

    application_id: UUID
    number: str
    service: Text
    version: int
    text: str
    file: str
    """Name of the file that came with it; "" when none did."""
    at: datetime


@dataclass(frozen=True, kw_only=True)
class GapCount:
    """How often the form of one service left something unasked, and what became of it."""

    service: Text
    open: int
    ask: int
    explain: int
    nothing: int


@dataclass(frozen=True, kw_only=True)
class GapsPage(Page):
    """`officer/gaps.html`."""

    office: Text
    counts: tuple[GapCount, ...]
    gaps: tuple[GapView, ...]
    token: str = ""
