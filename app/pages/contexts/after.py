"""Contexts of changing what was sent: the whole form before anybody took it, one answer afterwards."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.frame import Page


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
