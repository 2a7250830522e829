"""A licence comes to its end: its holder is told on each of the days its service names, once, until it is renewed.

What is told is a duty of the portal and not an offer, so no preference keeps it from the inbox.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.applications.renewals import GIVEN_UP
from app.applications.workflow import State
from app.catalogue.schema import Catalogue
from app.core.clock import bangkok_date
from app.core.events import SYSTEM, record
from app.licences.models import Licence, Status
from app.notices import inbox
from app.stories import renewal
from app.stories.house import House

AT_ONCE = 200
"""Licences of one transaction."""
NEVER_TOLD = 1000
"""More days than any reminder comes before."""


def remind(house: House) -> int:
    """By the clock: tell every holder whose day has come; how many were. However often it runs, nobody hears twice."""
    now, told = house.clock.now(), 0
    while True:
        with house.database.transaction() as db:
            due = _due(db, house.catalogue, bangkok_date(now))
            for licence in due:
                _tell(db, house, licence, now)
        told += len(due)
        if len(due) < AT_ONCE:
            return told


def _bands(catalogue: Catalogue) -> Iterator[tuple[list[str], int, int]]:
    """Services with the same reminders, and for each of these: so many days before, and more than so many."""
    alike: dict[tuple[int, ...], list[str]] = {}
    for service in catalogue.services.values():
        if service.renewing is not None and service.renewing.by != "none":
            alike.setdefault(service.renewing.remind, []).append(service.slug)
    for days, slugs in alike.items():
        yield from ((slugs, first, then) for first, then in pairwise((*days, -1)))


def _due(db: Session, catalogue: Catalogue, today: date) -> list[Licence]:
    """Valid licences in a band whose reminder was not sent; none that is renewed, or waits for its agency."""
    bands = [
        and_(
            Licence.service_slug.in_(slugs),
            Licence.valid_until <= today + timedelta(days=first),
            Licence.valid_until > today + timedelta(days=then),
            func.coalesce(Licence.reminded, NEVER_TOLD) > first,
        )
        for slugs, first, then in _bands(catalogue)
    ]
    goes_on = exists().where(
        Application.renews == Licence.id, Application.state.not_in([*GIVEN_UP, State.AWAITING_PAYMENT])
    )
    query = select(Licence).where(Licence.status == Status.VALID, or_(*bands), ~goes_on).order_by(Licence.valid_until)
    return list(db.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True, of=Licence))) if bands else []


def _tell(db: Session, house: House, licence: Licence, now: datetime) -> None:
    rule = house.catalogue.services[licence.service_slug].renewing
    if rule is None or licence.valid_until is None:
        raise ValueError("only what is renewed and ends is reminded of")
    today = bangkok_date(now)
    licence.reminded = rule.reminder_due(licence.valid_until, today)
    asked = renewal.prospects(db, house, [licence], now)[licence.id].under_way
    inbox.tell(
        db,
        licence.applicant_id,
        "licence_unpaid" if asked else "licence_ending",
        now,
        href=f"/licences/{licence.id}/renew",
        number=licence.number,
        service=licence.service_slug,
        days=(licence.valid_until - today).days,
        day=licence.valid_until.isoformat(),
    )
    record(db, f"licence:{licence.id}", "licence.remind", SYSTEM, now, subject=licence.id, days=licence.reminded)
