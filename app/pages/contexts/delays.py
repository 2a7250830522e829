"""What the page of the notices of delay is drawn from. No field of it names a person."""

from dataclasses import dataclass
from datetime import date, datetime

from app.catalogue.schema import Text
from app.pages.contexts.frame import Page


@dataclass(frozen=True, kw_only=True)
class DelayView:
    """One notice; `reason` is "" when the agency gave none."""

    at: datetime
    number: str
    service: Text
    agency: Text
    due_on: date | None
    reason: str
    until: date | None
    letter: str
    """Its number; "" where there was nothing to write."""
    href: str


@dataclass(frozen=True, kw_only=True)
class DelaysPage(Page):
    """`reporter/delays.html`: the copies for the OPDC of the 90 days that end with `last`, newest first."""

    whose: Text | None
    """The officer's agency; None: every agency."""
    first: date
    last: date
    rows: tuple[DelayView, ...]
    unexplained: int
    total: int
    number: int
    pages: int
