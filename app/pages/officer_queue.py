"""The officer's queue: least time left first, and a tab for every case there is; the next case in line."""

import math
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.applications import cases
from app.applications import queue as waiting
from app.applications.deadlines import ClockEntry
from app.applications.queue import Asked
from app.catalogue.routing import arriving
from app.catalogue.schema import Text
from app.core.clock import bangkok_date
from app.core.web import Db, Fields, Now, render, see
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.officer import QueuePage, QueueRow, QueueTab
from app.pages.officer_passing import opened
from app.pages.officer_room import TABS, Trail, Worker, bound, token, trail_of
from app.pages.who import CASEWORK, REPORTING, duty
from app.stories import desk, passing
from app.stories.house import House

router = APIRouter()

HOMES: tuple[tuple[frozenset[Duty], str], ...] = (
    (frozenset({Duty.CASHIER}), "/officer/money"),
    (REPORTING, "/officer/reports"),
)
"""Where officers are at home who have no cases to work on."""
AtHome = Annotated[OfficerSession, Depends(duty(*Duty))]
"""An officer who has something to do here."""
TO_WORK_ON = frozenset[QueueTab]({"new", "mine", "soon", "late"})
"""The tabs in which a case may wait for this officer; the others show what somebody else has, or what is over."""


@router.get("/officer")
def queue(
    request: Request, db: Db, officer: AtHome, now: Now, q: str = "", page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> Response:
    """What waits, least time left first; whoever works on no cases is led to where their work is."""
    if officer.duties.isdisjoint(CASEWORK):
        return see(next(home for duties, home in HOMES if duties & officer.duties))
    return render(request, "officer/queue.html", _page(request, db, officer, now, q.strip()[:80], page))


def _page(request: Request, db: Db, officer: OfficerSession, now: Now, q: str, page: int) -> QueuePage:
    house, trail = house_of(request), trail_of(request)
    tab = trail.tab or "new"
    reach, today, soon = desk.reach(officer), bangkok_date(now), desk.soon_after(now)
    counts = waiting.tab_counts(db, reach, today, soon)
    asked = Asked(tab, q, trail.service, desk.hand(house, officer) if trail.able else None)
    rows, total = waiting.queue(db, reach, asked, today, soon, page=page, held=counts[tab])
    clocks = cases.clock_entries_of(db, [row.id for row in rows])
    return QueuePage(
        office=office_name(house, officer),
        today=today,
        tabs=tuple((name, counts[name]) for name in TABS),
        tab=tab,
        q=q,
        service=trail.service,
        services=tuple(
            (s.slug, s.short_name) for s in arriving(house.catalogue, officer.agency_code, officer.office_code)
        ),
        able=trail.able,
        tail=Trail(tab, trail.service, trail.able).tail,
        rows=tuple(_row(db, house, officer, row, clocks[row.id], now) for row in rows),
        number=page,
        pages=max(1, math.ceil(total / waiting.PER_PAGE)),
        total=total,
        goes_on=tab in TO_WORK_ON and counts[tab] > 0,
        found_none=request.query_params.get("next") == "none",
        token=token(request, officer),
    )


def office_name(house: House, officer: OfficerSession) -> Text:
    """Where an officer works, in words."""
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
        proposed=row.proposed and row.state == "accepted",
        revision=row.revision,
    )


@router.post("/officer/next")
def go_on(request: Request, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """To the case with the least time left in this tab that I can move on; a free one becomes mine on the way."""
    bound(request, officer, fields)
    trail = trail_of(request)
    found = passing.take_next(db, house_of(request), officer, Asked(trail.tab or "new", service=trail.service), now)
    if found is None:
        return see("/officer?" + urlencode(trail.query | {"next": "none"}))
    return see(opened(request, db, officer, found))
