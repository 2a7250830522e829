"""Where does this application stand: for whoever has its number, without a word about whose it is."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.applications.workflow import HOLDER, PUBLIC_STATUS
from app.core import rates
from app.core.clock import bangkok_date
from app.core.i18n import gettext as _
from app.core.thai import clean
from app.core.web import Db, Now, render
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.public import TrackPage, TrackStartPage
from app.pages.who import address, wants_json
from app.stories import numbered, track
from app.stories.desk import clock_of

router = APIRouter()

TRACK_PER_MINUTE = 20


@router.get("/track")
def track_start(request: Request, ref: str = "") -> Response:
    """Type an application's number."""
    typed = clean(ref)[:40]
    if typed:
        return RedirectResponse(f"/track/{typed.replace(' ', '-').replace('/', '-')}", status_code=303)
    problems = (Problem("ref", _("ใส่เลขคำขอ เช่น สอ 2569-00312")),) if "ref" in request.query_params else ()
    return render(
        request, "public/track_start.html", TrackStartPage(problems=problems), status=422 if problems else 200
    )


@router.get("/track/{ref}")
def tracked(request: Request, ref: str, db: Db, now: Now) -> Response:
    """Where it stands, without a word about whose it is."""
    rates.take(db, "track", address(request), now, limit=TRACK_PER_MINUTE, per_seconds=60)
    house = house_of(request)
    application = numbered.by_number(db, ref)
    if application is None:
        sent = numbered.by_reference(db, ref)
        application = sent[0] if len(sent) == 1 else None
    if application is None:
        missing = Problem("ref", _("ไม่พบเลขคำขอนี้ ตรวจตัวเลขกับหลักฐานการยื่นอีกครั้ง"))
        page = TrackStartPage(problems=(missing,), reference=ref[:40])
        return render(request, "public/track_start.html", page, status=404)
    service = house.service(db, application.service_slug, application.service_version)
    past = track.acts(db, application.id)
    clock = clock_of(db, application, service, now)
    status, other = PUBLIC_STATUS[application.state]
    if wants_json(request):
        return JSONResponse({"number": application.number, "status": status, "statusOther": other})
    return render(
        request,
        "public/track.html",
        TrackPage(
            reference=application.number,
            service=service.short_name,
            agency=house.agency(application.agency_code).name,
            state=application.state,
            holder=HOLDER[application.state],
            since=bangkok_date(past[-1].at if past else application.submitted_at),
            submitted_on=bangkok_date(application.submitted_at),
            clock=clock if clock.running != "not_started" else None,
        ),
    )
