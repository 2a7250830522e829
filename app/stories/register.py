"""The register of licences at the officers' desk: found by number, holder, place or code, and counted by standing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, cast, exists, false, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.applications import cases
from app.applications.cases import Reach
from app.applications.models import Application
from app.core.clock import bangkok_date
from app.core.thai import clean
from app.licences import service as licences
from app.licences.models import PIECES, SHORTEST_PIECE, SOUGHT, Licence, LicenceEdition, Matter, Status

Shelf = Literal["all", "under_way", "valid", "suspended", "expired", "surrendered", "revoked"]
SHELVES: tuple[Shelf, ...] = get_args(Shelf)
PER_PAGE = 25


@dataclass(frozen=True)
class Line:
    """One licence of the list."""

    id: UUID
    number: str
    holder: str
    premises: str
    service_slug: str
    service_version: int
    status: Status
    suspended_until: date | None
    valid_until: date | None
    under_way: bool


def _under_way() -> ColumnElement[bool]:
    return exists().where(Matter.licence_id == Licence.id, Matter.outcome.is_(None))


def _shelved(today: date) -> dict[Shelf, ColumnElement[bool]]:
    """Which licences stand where on a day; what the calendar has changed counts at once."""
    lifted = and_(Licence.status == Status.SUSPENDED, Licence.suspended_until < today)
    held = or_(Licence.status == Status.VALID, lifted)
    over = and_(Licence.valid_until.is_not(None), Licence.valid_until < today)
    suspended = or_(Licence.suspended_until.is_(None), Licence.suspended_until >= today)
    return {
        "all": Licence.id.is_not(None),
        "under_way": _under_way(),
        "valid": and_(held, or_(Licence.valid_until.is_(None), Licence.valid_until >= today)),
        "suspended": and_(Licence.status == Status.SUSPENDED, suspended),
        "expired": and_(held, over),
        "surrendered": Licence.status == Status.SURRENDERED,
        "revoked": Licence.status == Status.REVOKED,
    }


def _of(reach: Reach, *columns: Any) -> Select[Any]:
    """Issued licences whose applications an officer can see."""
    joined = select(*columns).select_from(Licence).join(Application, Application.id == Licence.application_id)
    return joined.where(cases.within(reach), Licence.agency_code == reach.agency_code, Licence.issued_at.is_not(None))


def counts(db: Session, reach: Reach, now: datetime) -> dict[Shelf, int]:
    """How many there are of each kind within this reach."""
    shelved = _shelved(bangkok_date(now))
    found = db.execute(_of(reach, *(func.count().filter(where) for where in shelved.values()))).one()
    return dict(zip(shelved, found, strict=True))


def listed(
    db: Session, reach: Reach, shelf: Shelf, asked: str, service: str, now: datetime, page: int
) -> tuple[list[Line], int]:
    """One page of a shelf, the newest first, and how many lines there are in all."""
    where = [_shelved(bangkok_date(now))[shelf]]
    if service:
        where.append(Licence.service_slug == service)
    if asked:
        where.append(_named(asked))
    total = db.scalar(_of(reach, func.count()).where(*where)) or 0
    query = _of(
        reach,
        *(Licence.id, Licence.number, Licence.holder, Licence.premises, Licence.service_slug, Licence.service_version),
        *(Licence.status, Licence.suspended_until, Licence.valid_until, _under_way()),
    )
    newest = query.where(*where).order_by(Licence.issued_at.desc(), Licence.id).limit(PER_PAGE)
    return [Line(*row) for row in db.execute(newest.offset((page - 1) * PER_PAGE))], total


def _named(asked: str) -> ColumnElement[bool]:
    """By its number however that was typed, by any of its codes, or by a part of the holder's or the place's name.

    Each way is a statement of its own that an index serves; two letters alone are looked for in what is here.
    """
    code, words = licences.typed(asked), clean(asked).lower()
    ways = [_with(part) for part in dict.fromkeys((words, licences.squeezed(asked).lower())) if part]
    if len(code) == licences.CODE_LENGTH:
        ways.append(select(LicenceEdition.licence_id).where(LicenceEdition.code == code))
    return Licence.id.in_(union_all(*ways)) if ways else false()


def _with(part: str) -> Select[UUID]:
    found = select(Licence.id).where(func.strpos(SOUGHT, part) > 0)
    if len(part) < SHORTEST_PIECE:
        return found
    pieces = sorted({part[at : at + SHORTEST_PIECE] for at in range(len(part) - SHORTEST_PIECE + 1)})
    return found.where(PIECES.op("@>")(cast(pieces, ARRAY(Text))))
