"""Contexts of changing what was sent: the whole form before anybody took it, one answer afterwards."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.frame import FieldView, Page


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
