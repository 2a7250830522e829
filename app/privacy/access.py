"""Who looked at my data: written by every story that shows a person's data to somebody else, read by that person."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, distinct, exists, func, select
from sqlalchemy.orm import Session

from app.privacy.models import AccessLog, ViewerKind
from app.privacy.wording import Bilingual, Words, read, stored

PER_PAGE = 25


@dataclass(frozen=True)
class Viewer:
    """Who looks. An officer is shown to the person by position and agency; the id is for complaints and audits."""

    kind: ViewerKind
    agency_code: str
    agency: Bilingual
    position: Bilingual
    officer_id: UUID | None = None


@dataclass(frozen=True)
class About:
    """Which application or form the look belonged to: its id, and its number as the person knows it."""

    application_id: UUID | None = None
    reference: str = ""


@dataclass(frozen=True)
class View:
    """One entry of the log as the person reads it."""

    id: UUID
    at: datetime
    viewer_kind: ViewerKind
    agency_code: str
    agency: Words
    position: Words
    what: tuple[Words, ...]
    purpose: Words
    application_id: UUID | None
    reference: str


@dataclass(frozen=True)
class Page:
    """One page of entries, newest first, and how many there are in all."""

    views: tuple[View, ...]
    number: int
    pages: int
    total: int


def record_view(
    db: Session,
    person_id: UUID,
    viewer: Viewer,
    what: Mapping[str, Bilingual],
    purpose: Bilingual,
    now: datetime,
    *,
    about: About = About(),
) -> None:
    """Write that `viewer` saw `what` (key → label) of `person_id`, in the transaction that shows it. Never empty."""
    if not what:
        raise ValueError("a look at nothing is not a look")
    db.add(
        AccessLog(
            at=now,
            person_id=person_id,
            viewer_kind=viewer.kind,
            officer_id=viewer.officer_id,
            agency_code=viewer.agency_code,
            agency=stored(viewer.agency),
            position=stored(viewer.position),
            what=[{"key": key, **stored(label)} for key, label in what.items()],
            purpose=stored(purpose),
            application_id=about.application_id,
            reference=about.reference,
        )
    )
    db.flush()


def seen(db: Session, officer_id: UUID, application_id: UUID, key: str, since: datetime) -> bool:
    """Whether it is written already that this officer saw `key` of this application since a moment."""
    return db.execute(
        select(
            exists().where(
                AccessLog.officer_id == officer_id,
                AccessLog.application_id == application_id,
                AccessLog.at >= since,
                AccessLog.what.contains([{"key": key}]),
            )
        )
    ).scalar_one()


def views_for(db: Session, person_id: UUID, page: int = 1) -> Page:
    """One page of who looked, newest first. A page beyond the last is the last."""
    total = db.execute(select(func.count()).where(AccessLog.person_id == person_id)).scalar_one()
    pages = max(1, math.ceil(total / PER_PAGE))
    number = min(max(page, 1), pages)
    return Page(_views(db, _of(person_id).limit(PER_PAGE).offset((number - 1) * PER_PAGE)), number, pages, total)


def every_view(db: Session, person_id: UUID) -> tuple[View, ...]:
    """The whole log of a person: their download."""
    return _views(db, _of(person_id))


def since(db: Session, person_id: UUID, moment: datetime) -> tuple[int, int]:
    """How many looks since `moment`, and by how many agencies (officers and registries)."""
    agencies = func.count(distinct(AccessLog.agency_code)).filter(AccessLog.viewer_kind != ViewerKind.SYSTEM)
    row = db.execute(
        select(func.count().label("looks"), agencies.label("agencies")).where(
            AccessLog.person_id == person_id, AccessLog.at >= moment
        )
    ).one()
    return row.looks, row.agencies


_Both = dict[str, Any]
_Log = tuple[UUID, datetime, ViewerKind, str, _Both, _Both, list[Any], _Both, UUID | None, str]


def _of(person_id: UUID) -> "Select[*_Log]":
    return (
        select(
            AccessLog.id,
            AccessLog.at,
            AccessLog.viewer_kind,
            AccessLog.agency_code,
            AccessLog.agency,
            AccessLog.position,
            AccessLog.what,
            AccessLog.purpose,
            AccessLog.application_id,
            AccessLog.reference,
        )
        .where(AccessLog.person_id == person_id)
        .order_by(AccessLog.at.desc(), AccessLog.id.desc())
    )


def _views(db: Session, statement: "Select[*_Log]") -> tuple[View, ...]:
    return tuple(
        View(
            id=row.id,
            at=row.at,
            viewer_kind=row.viewer_kind,
            agency_code=row.agency_code,
            agency=read(row.agency),
            position=read(row.position),
            what=tuple(read(item) for item in row.what),
            purpose=read(row.purpose),
            application_id=row.application_id,
            reference=row.reference,
        )
        for row in db.execute(statement)
    )
