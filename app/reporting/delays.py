"""The notices of delay, as the law wants them copied to the OPDC each time (Licensing Facilitation Act s.10)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.reporting.criteria import Window

_DELAYS = text(
    """
    select at, number, service, agency, due_on, reason, until, letter, letter_id, event from views.delays
    where at >= :start and at < :end and (:agency = '' or agency = :agency)
    order by at desc, number
    """
).bindparams(bindparam("start"), bindparam("end"), bindparam("agency"))


@dataclass(frozen=True)
class Delay:
    """One notice that an applicant was given. It names the case by its number and no person."""

    at: datetime
    number: str
    service: str
    agency: str
    due_on: str
    """The day on which the manual's time ended, as YYYY-MM-DD."""
    reason: str
    """As the applicant was told; "" when the agency gave none."""
    until: str
    """By when it will be decided, as YYYY-MM-DD; "" when no day was given."""
    letter: str
    """The number of the letter that told it; "" when nothing was explained."""
    letter_id: UUID | None
    event: str
    """The digest of the event that proves it."""


def delays(db: Session, window: Window, agency: str | None) -> list[Delay]:
    """Every notice of the window, of every agency or of one, newest first."""
    found = db.execute(_DELAYS, {"start": window.start, "end": window.end, "agency": agency or ""})
    return [Delay(**row._mapping) for row in found]
