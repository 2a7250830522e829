"""Which licences do not hold although their day has not come: suspended, given back, revoked; and replaced editions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.licences.models import NOT_VALID, Licence, LicenceDocument, LicenceEdition


@dataclass(frozen=True)
class Void:
    """A licence that does not hold: whose, which, since when, and the hash of every form of its file."""

    agency_code: str
    number: str
    service_slug: str
    status: str
    since: datetime | None
    digests: Sequence[str]


_LISTED = (
    select(
        Licence.agency_code,
        Licence.number,
        Licence.service_slug,
        Licence.status,
        Licence.status_at,
        func.array_agg(LicenceDocument.digest),
    )
    .join(LicenceDocument, LicenceDocument.licence_id == Licence.id)
    .where(
        Licence.status.in_(NOT_VALID),
        or_(Licence.suspended_until.is_(None), Licence.suspended_until >= bindparam("today")),
    )
    .group_by(Licence.id)
    .order_by(Licence.status_at, Licence.id)
)


_NEWER = aliased(LicenceEdition)
_REPLACED = (
    select(
        Licence.agency_code,
        Licence.number,
        Licence.service_slug,
        literal("replaced"),
        _NEWER.issued_at,
        func.array_agg(LicenceDocument.digest),
    )
    .join(LicenceDocument, LicenceDocument.licence_id == Licence.id)
    .join(_NEWER, (_NEWER.licence_id == Licence.id) & (_NEWER.number == LicenceDocument.edition + 1))
    .where(or_(Licence.status.not_in(NOT_VALID), Licence.suspended_until < bindparam("today")))
    .where(_NEWER.issued_at.is_not(None))
    .group_by(Licence.id, _NEWER.id)
    .order_by(_NEWER.issued_at, _NEWER.id)
)
"""The files of editions that another took the place of, while the licence itself holds."""


def listed(db: Session, today: date) -> list[Void]:
    """All licences that do not hold, the longest first; then the replaced editions of those that do."""
    day = {"today": today}
    return [Void(*row) for row in (*db.execute(_LISTED, day), *db.execute(_REPLACED, day))]
