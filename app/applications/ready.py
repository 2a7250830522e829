"""What is ready for an officer's signature: accepted, theirs or nobody's, proposed by a colleague where two sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, String, Uuid, and_, any_, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session

from app.applications.cases import Reach
from app.applications.models import Application
from app.applications.workflow import State
from app.core.reading import Prepared


@dataclass(frozen=True)
class ReadyRow:
    """One case as a list of signatures shows it."""

    id: UUID
    single_form_id: UUID
    number: str
    service_slug: str
    service_version: int
    applicant_id: UUID
    applicant_name: str
    premises_name: str
    state: State
    revision: int
    taken_by: UUID | None
    proposal: dict[str, Any] | None
    proposed_by: UUID | None
    delay_reason: str
    fee_satang: int
    submitted_at: datetime
    due_on: date | None


_COLUMNS = tuple(getattr(Application, name) for name in ReadyRow.__dataclass_fields__)
_NEXT_ON = func.coalesce(Application.due_on, Application.check_by)
_two_hands = Application.service_slug == any_(bindparam("two_hands", type_=ARRAY(String)))
_officer: Any = bindparam("officer")
_READY = and_(
    Application.agency_code == bindparam("agency"),
    Application.state == literal_column("'accepted'"),
    Application.closed_at.is_(None),
    or_(Application.taken_by.is_(None), Application.taken_by == _officer),
    or_(
        and_(Application.proposed_by.is_(None), ~_two_hands),
        and_(
            Application.proposed_by != _officer,
            Application.proposal["action"].astext == literal_column("'approve'"),
        ),
    ),
)


@cache
def _of(*, one_office: bool) -> Prepared:
    """Chosen cases, whatever has become of them since."""
    rows = select(*_COLUMNS).where(
        Application.id == any_(bindparam("ids", type_=ARRAY(Uuid))), Application.agency_code == bindparam("agency")
    )
    return Prepared(rows.where(Application.office_code == bindparam("office")) if one_office else rows)


@cache
def _statements(*, one_office: bool, one_service: bool) -> tuple[Prepared, Prepared]:
    """What counts them, and what lists them, by service and with the least time left first."""
    where: list[Any] = [_READY]
    if one_office:
        where.append(Application.office_code == bindparam("office"))
    if one_service:
        where.append(Application.service_slug == bindparam("service"))
    order = (_NEXT_ON, Application.submitted_at, Application.number)
    rows = select(*_COLUMNS).where(*where).order_by(*order).limit(bindparam("most", type_=Integer))
    counts = select(Application.service_slug, func.count().label("n")).where(*where)
    return Prepared(counts.group_by(Application.service_slug)), Prepared(rows)


def waiting(
    db: Session, reach: Reach, two_hands: Sequence[str], service: str, most: int
) -> tuple[list[ReadyRow], dict[str, int]]:
    """The first of them, least time left first, and how many there are of each service."""
    values = {
        "agency": reach.agency_code,
        "office": reach.office_code,
        "officer": reach.officer_id,
        "two_hands": [*two_hands],
        "service": service,
    }
    counts, _ = _statements(one_office=reach.office_code is not None, one_service=False)
    _, rows = _statements(one_office=reach.office_code is not None, one_service=bool(service))
    found = {row.service_slug: int(row.n) for row in counts.rows(db, **values)}
    return [ReadyRow(*row) for row in rows.rows(db, **values, most=most)], found


def of(db: Session, reach: Reach, application_ids: Sequence[UUID]) -> dict[UUID, ReadyRow]:
    """These cases as far as this officer can see them, whatever has become of them since."""
    chosen = _of(one_office=reach.office_code is not None)
    found = chosen.rows(db, ids=[*application_ids], agency=reach.agency_code, office=reach.office_code)
    return {row.id: ReadyRow(*row) for row in found}
