"""The officer's queue: least time left first, one tab for everything that can wait for somebody."""

import math
from typing import Annotated, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.applications import cases
from app.applications import queue as waiting
from app.applications.deadlines import ClockEntry, working_days_after
from app.catalogue.schema import Text
from app.core.clock import bangkok_date
from app.core.web import Db, Now, form_token, render
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.officer import (
    QueuePage,
    QueueRow,
    QueueTab,
)
from app.pages.officer_room import (
    Worker,
)
from app.stories import desk
from app.stories.house import House

router = APIRouter()


SOON_WORKING_DAYS = 3
TABS: tuple[QueueTab, ...] = get_args(QueueTab)


@router.get("/officer")
def queue(
    request: Request,
    db: Db,
    officer: Worker,
    now: Now,
    tab: str = "new",
    q: str = "",
    service: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """What waits, least time left first."""
    house = house_of(request)
    chosen: QueueTab = tab if tab in TABS else "new"
    reach, today = desk.reach(officer), bangkok_date(now)
    soon = working_days_after(today, SOON_WORKING_DAYS)
    counts = waiting.tab_counts(db, reach, today, soon)
    rows, total = waiting.queue(
        db, reach, chosen, today, soon, text=q.strip()[:80], service=service, page=page, held=counts[chosen]
    )
    clocks = cases.clock_entries_of(db, [row.id for row in rows])
    context = QueuePage(
        office=_office(house, officer),
        today=today,
        tabs=tuple((name, counts[name]) for name in TABS),
        tab=chosen,
        q=q[:80],
        service=service,
        services=tuple((slug, s.short_name) for slug, s in house.catalogue.services.items()),
        rows=tuple(_row(db, house, officer, row, clocks[row.id], now) for row in rows),
        number=page,
        pages=max(1, math.ceil(total / waiting.PER_PAGE)),
        total=total,
        token=form_token(house.settings.cookie_secret, officer.session_id, "officer"),
    )
    return render(request, "officer/queue.html", context)


def _office(house: House, officer: OfficerSession) -> Text:
    agency = house.agency(officer.agency_code)
    office = agency.office(officer.office_code) if officer.office_code else None
    if office is None:
        return agency.name
    return Text.model_construct(th=f"{office.name.th} {agency.name.th}", en=f"{office.name.en}, {agency.name.en}")


def _row(
    db: Db, house: House, officer: OfficerSession, row: waiting.QueueRow, moves: list[ClockEntry], now: Now
) -> QueueRow:
    service = house.service(db, row.service_slug, row.service_version)
    clock = desk.clock_from(moves, service, now) if moves else None
    return QueueRow(
        id=row.id,
        number=row.number,
        service=service.short_name,
        applicant=row.applicant_name,
        premises=row.premises_name,
        state=row.state,
        clock=clock,
        check_by=row.check_by,
        owner=row.taken_name or "",
        mine=row.taken_by == officer.officer_id,
        revision=row.revision,
    )
