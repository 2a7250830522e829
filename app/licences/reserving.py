"""A licence's number is given before its document is drawn: to many at once, in one statement for each series.

Numbers have no gap within a Buddhist year, and an application that was given one keeps it, whatever happens after.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, String, bindparam, select, text
from sqlalchemy.orm import Session

from app.core import numbers
from app.core.clock import bangkok_date
from app.licences.models import Kind, Licence, LicenceEdition, Status
from app.licences.service import new_code


@dataclass(frozen=True)
class Order:
    """What a number is reserved for. `follows`: the licence that it renews."""

    application_id: UUID
    applicant_id: UUID
    number_prefix: str
    service_slug: str
    service_version: int
    agency_code: str
    holder: str
    premises: str
    valid_from: date
    valid_until: date | None
    follows: UUID | None = None

    @property
    def series(self) -> str:
        """Each authority counts for itself, and for each prefix."""
        return f"licence:{self.agency_code}:{self.number_prefix}"


_IN_LINE = text(
    "select pg_advisory_xact_lock(hashtextextended('licence:' || application, 0)) from unnest(:ids) application"
).bindparams(bindparam("ids", type_=ARRAY(String)))


def reserve(db: Session, orders: Iterable[Order], now: datetime) -> dict[UUID, Licence]:
    """The licence of each application: the one reserved before, or one with the next number of its series.

    Those who reserve for one application at once wait for each other.
    """
    wanted = {order.application_id: order for order in orders}
    db.execute(_IN_LINE, {"ids": sorted(map(str, wanted))})
    there = db.scalars(select(Licence).where(Licence.application_id.in_(wanted)).with_for_update())
    found = {licence.application_id: licence for licence in there}
    new = sorted((order for key, order in wanted.items() if key not in found), key=lambda order: order.series)
    made = [
        licence
        for series, group in itertools.groupby(new, lambda order: order.series)
        for licence in _numbered(db, series, list(group), now)
    ]
    db.add_all(made)
    db.flush()
    db.add_all(_first(licence, now) for licence in made)
    db.flush()
    return found | {licence.application_id: licence for licence in made}


def _numbered(db: Session, series: str, orders: Sequence[Order], now: datetime) -> list[Licence]:
    year, taken = numbers.take_many(db, series, bangkok_date(now), len(orders))
    return [
        Licence(
            application_id=order.application_id,
            applicant_id=order.applicant_id,
            number=f"{order.number_prefix} {number}/{year}",
            code=new_code(),
            service_slug=order.service_slug,
            service_version=order.service_version,
            agency_code=order.agency_code,
            holder=order.holder,
            premises=order.premises,
            status=Status.RESERVED,
            status_at=now,
            valid_from=order.valid_from,
            valid_until=order.valid_until,
            reserved_at=now,
            follows_id=order.follows,
        )
        for number, order in zip(taken, orders, strict=True)
    ]


def _first(licence: Licence, now: datetime) -> LicenceEdition:
    """The edition in which it is issued. It goes by the licence's own id, as its document does for ever."""
    return LicenceEdition(
        id=licence.id,
        licence_id=licence.id,
        number=1,
        code=licence.code,
        kind=Kind.ORIGINAL,
        holder=licence.holder,
        premises=licence.premises,
        answers={},
        ordered_at=now,
    )
