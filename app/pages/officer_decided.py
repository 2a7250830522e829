"""Done: what was decided, what happens now, and the next case in line."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import queue as waiting
from app.applications.queue import Asked
from app.core import events
from app.core.clock import bangkok_date
from app.core.errors import NotFound
from app.core.web import Db, Now, render, see
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.decision import DecidedPage, NextCase
from app.pages.officer_decide import DECISIONS
from app.pages.officer_room import (
    CASE,
    Decider,
    bar,
    case_path,
    token,
    trail_of,
)
from app.stories import desk

router = APIRouter()


@router.get(f"{CASE}/decided/{{action}}")
def decided(request: Request, application_id: UUID, action: str, db: Db, officer: Decider, now: Now) -> Response:
    """Done; what happens now, and the next case in line."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    done = next((known for known in DECISIONS if known == action), None)
    if done is None:
        raise NotFound
    signed = [e for e in events.history(db, f"application:{application_id}") if e.kind == f"application.{done}"]
    if not signed:
        return see(case_path(request, application_id))
    trail, reach = trail_of(request), desk.reach(officer)
    today, soon, tab = bangkok_date(now), desk.soon_after(now), trail.tab or "new"
    page = DecidedPage(
        bar=bar(request, db, officer, found),
        done=done,
        at=signed[-1].at,
        after=_after(request, db, officer, application_id, now),
        tab=tab,
        left=waiting.tab_counts(db, reach, today, soon)[tab],
        token=token(request, officer),
    )
    return render(request, "officer/decided.html", page)


def _after(request: Request, db: Db, officer: OfficerSession, done: UUID, now: Now) -> NextCase | None:
    house, trail = house_of(request), trail_of(request)
    asked = Asked(trail.tab or "new", service=trail.service, hand=desk.hand(house, officer))
    rows = waiting.first(db, desk.reach(officer), asked, bangkok_date(now), desk.soon_after(now), but={done})
    if not rows:
        return None
    service = house.service(db, rows[0].service_slug, rows[0].service_version)
    return NextCase(
        number=rows[0].number,
        service=service.short_name,
        applicant=rows[0].applicant_name,
        due_on=rows[0].next_on,
        free=rows[0].taken_by is None,
    )
