"""Whoever answers for an agency's services reads what their forms did not ask, and says what becomes of it."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import gaps
from app.applications.gaps import Outcome
from app.catalogue.schema import Text
from app.core.errors import Invalid
from app.core.web import Db, Fields, Now, one, render, see
from app.pages.citizen_form import house_of
from app.pages.contexts.after import GapCount, GapsPage, GapView
from app.pages.officer_data import Manager
from app.pages.officer_room import bound, token
from app.stories import unasked

router = APIRouter()


@router.get("/officer/gaps")
def waiting(request: Request, db: Db, officer: Manager, now: Now) -> Response:
    """What waits, and how often each form left something unasked; each look is recorded."""
    house = house_of(request)
    services = house.catalogue.services

    def name(slug: str) -> Text:
        return services[slug].short_name if slug in services else Text(th=slug, en=slug)

    page = GapsPage(
        office=house.agency(officer.agency_code).name,
        counts=tuple(
            GapCount(service=name(slug), **{str(outcome): found.get(outcome, 0) for outcome in Outcome})
            for slug, found in sorted(gaps.counts(db, officer.agency_code).items())
        ),
        gaps=tuple(
            GapView(
                application_id=application.id,
                number=application.number,
                service=name(gap.service_slug),
                version=gap.service_version,
                text=(application.unasked or {}).get("text", ""),
                file=((application.unasked or {}).get("document") or {}).get("filename", ""),
                at=gap.noted_at,
            )
            for gap, application in unasked.tasks(db, house, officer, now)
        ),
        token=token(request, officer),
    )
    return render(request, "officer/gaps.html", page)


@router.post("/officer/gaps/{application_id}")
def settle(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Manager, now: Now) -> Response:
    """Say what becomes of one."""
    bound(request, officer, fields)
    said = one(fields, "outcome")
    if said not in set(Outcome) - {Outcome.OPEN}:
        raise Invalid("เลือกว่าจะทำอะไรกับข้อนี้")
    unasked.settle(db, officer, application_id, Outcome(said), now)
    return see("/officer/gaps")
