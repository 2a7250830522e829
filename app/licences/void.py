"""Which licences do not hold although their day has not come: suspended or revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.licences.models import Licence, LicenceDocument, Status


@dataclass(frozen=True)
class Void:
    """A licence that does not hold: whose, which, since when, and the hash of every form of its file."""

    agency_code: str
    number: str
    service_slug: str
    status: Status
    since: datetime
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
    .where(Licence.status.in_([Status.SUSPENDED, Status.REVOKED]))
    .group_by(Licence.id)
    .order_by(Licence.status_at, Licence.id)
)


def listed(db: Session) -> list[Void]:
    """All of them, the longest first."""
    return [Void(*row) for row in db.execute(_LISTED)]
