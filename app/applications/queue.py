"""What waits at an agency: tabs and their counts, one page of a tab with the least time left first."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, String, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.applications.cases import Reach
from app.applications.models import Application
from app.applications.workflow import FINAL, State
from app.core.db import read
from app.core.thai import clean

TABS = ("new", "mine", "applicant", "soon", "late", "done")
PER_PAGE = 25


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue: what an officer needs to choose the next case."""

    id: UUID
    number: str
    service_slug: str
    service_version: int
    applicant_name: str
    premises_name: str
    state: State
    submitted_at: datetime
    check_by: date
    due_on: date | None
    taken_by: UUID | None
    taken_name: str | None
    next_on: date | None
    revision: int


_WITH_APPLICANT = (State.RETURNED, State.AWAITING_PAYMENT)
_AT_AGENCY = (State.SUBMITTED, State.ACCEPTED)
_next_on = case((Application.state == State.SUBMITTED, Application.check_by), else_=Application.due_on)


_at_agency = Application.state.in_(_AT_AGENCY)
_here = and_(
    Application.agency_code == bindparam("agency"),
    or_(bindparam("office", type_=String).is_(None), Application.office_code == bindparam("office")),
)
_tab = {
    "new": and_(_at_agency, Application.taken_by.is_(None)),
    "mine": and_(_at_agency, Application.taken_by == bindparam("officer")),
    "late": and_(_at_agency, _next_on < bindparam("today")),
    "soon": and_(_at_agency, _next_on >= bindparam("today"), _next_on <= bindparam("soon")),
    "applicant": Application.state.in_(_WITH_APPLICANT),
    "done": Application.state.in_((State.PREPARING, *FINAL)),
}
_COUNTS = select(*(func.count().filter(_tab[tab]).label(tab) for tab in TABS)).select_from(Application).where(_here)


def _seen_by(reach: Reach, today: date, soon: date) -> dict[str, Any]:
    """The values of the queue's statements."""
    return {
        "agency": reach.agency_code,
        "office": reach.office_code,
        "officer": reach.officer_id,
        "today": today,
        "soon": soon,
    }


def tab_counts(db: Session, reach: Reach, today: date, soon: date) -> dict[str, int]:
    """How many cases each tab holds, in one query."""
    return dict(read(db, _COUNTS, _seen_by(reach, today, soon)).one()._mapping)


@cache
def _statements(tab: str, *, searching: bool, one_service: bool) -> tuple[Select[int], Select[*tuple[Any, ...]]]:
    """What counts the rows of a tab, and what lists them page by page: built once for each combination of filters."""
    where = [_here, _tab[tab]]
    if searching:
        names = (Application.number, Application.applicant_name, Application.premises_name)
        where.append(or_(*(func.lower(name).like(func.lower(bindparam("text")), escape="/") for name in names)))
    if one_service:
        where.append(Application.service_slug == bindparam("service"))
    officers = Application.metadata.tables["officers"]
    order = (
        (Application.closed_at.desc().nulls_first(), Application.number)
        if tab == "done"
        else (_next_on.asc().nulls_last(), Application.submitted_at, Application.number)
    )
    rows = (
        select(
            Application.id,
            Application.number,
            Application.service_slug,
            Application.service_version,
            Application.applicant_name,
            Application.premises_name,
            Application.state,
            Application.submitted_at,
            Application.check_by,
            Application.due_on,
            Application.taken_by,
            officers.c.name_th.label("taken_name"),
            _next_on.label("next_on"),
            Application.revision,
        )
        .outerjoin(officers, officers.c.id == Application.taken_by)
        .where(*where)
        .order_by(*order)
        .limit(PER_PAGE)
        .offset(bindparam("offset", type_=Integer))
    )
    return select(func.count()).select_from(Application).where(*where), rows


def queue(
    db: Session,
    reach: Reach,
    tab: str,
    today: date,
    soon: date,
    *,
    text: str = "",
    service: str = "",
    page: int = 1,
    held: int | None = None,
) -> tuple[list[QueueRow], int]:
    """One page of a tab, least time left first; and how many rows the filter finds.

    `held`: how many rows the tab holds, where the caller has counted them: without a filter they are not counted again.
    """
    words = clean(text)
    count, rows = _statements(tab, searching=bool(words), one_service=bool(service))
    values = {
        **_seen_by(reach, today, soon),
        "text": "%" + re.sub(r"([/%_])", r"/\1", words) + "%",
        "service": service,
        "offset": (page - 1) * PER_PAGE,
    }
    filtered = bool(words or service)
    found = held if held is not None and not filtered else int(read(db, count, values).scalar_one())
    return [QueueRow(**row._mapping) for row in read(db, rows, values)], found
