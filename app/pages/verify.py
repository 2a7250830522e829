"""What a stranger may ask: is this licence genuine and valid, and where does this application stand."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.applications.workflow import HOLDER, PUBLIC_STATUS
from app.core import rates
from app.core.clock import bangkok_date
from app.core.i18n import gettext as _
from app.core.thai import clean, mask_name
from app.core.web import Db, Now, render, see
from app.licences import service as licences
from app.licences.models import Status
from app.pages import qr
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.public import PublicLicence, TrackPage, TrackStartPage, VerifyPage, VerifyStartPage
from app.stories import authenticity, track
from app.stories.authenticity import Known
from app.stories.desk import clock_of
from app.stories.house import House

router = APIRouter()

VERIFY_PER_MINUTE = 30
TRACK_PER_MINUTE = 20


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


@router.get("/verify")
def verify_start(request: Request, code: str = "") -> Response:
    """Type a code; a QR leads to the answer directly."""
    typed = clean(code)[:80]
    if not typed:
        problems = (Problem("code", _("ใส่รหัสใต้คิวอาร์ เช่น 7K2M-9QXR-4TVBD")),) if "code" in request.query_params else ()
        return render(
            request, "public/verify_start.html", VerifyStartPage(problems=problems), status=422 if problems else 200
        )
    return see(f"/verify/{licences.written(licences.typed(typed)) or '-'}")


@router.get("/verify/{code}")
def verify(request: Request, code: str, db: Db, now: Now) -> Response:
    """The live answer of the register, for people and (Accept: application/json) for machines."""
    rates.take(db, "verify", _address(request), now, limit=VERIFY_PER_MINUTE, per_seconds=60)
    house = house_of(request)
    known = authenticity.of_code(db, code, now)
    if _wants_json(request):
        return JSONResponse(_as_json(house, known, code), status_code=200 if known else 404)
    page = VerifyPage(
        outcome=known.verdict.value if known else "unknown",
        code=code[:40],
        checked_at=now,
        licence=_public(db, house, known) if known else None,
    )
    return render(request, "public/verify.html", page, status=200 if known else 404)


def _public(db: Db, house: House, known: Known) -> PublicLicence:
    licence = known.licence
    service = house.service(db, licence.service_slug, licence.service_version)
    agency = house.agency(licence.agency_code)
    changed = licence.status in {Status.SUSPENDED, Status.REVOKED}
    return PublicLicence(
        name=service.result_name,
        issuer=agency.name,
        number=licence.number,
        code=licences.written(licence.code),
        holder=mask_name(licence.holder),
        premises=licence.premises,
        valid_from=licence.valid_from,
        valid_until=licence.valid_until,
        signed_at=known.document.signed_at,
        phone=agency.phone,
        status_since=bangkok_date(licence.status_at) if changed else None,
        ground=licence.status_ground if changed else "",
        qr=qr.draw(f"{house.settings.base_url}/verify/{licences.written(licence.code)}"),
    )


def _as_json(house: House, known: Known | None, code: str) -> dict[str, object]:
    if known is None:
        return {"genuine": False, "outcome": "unknown", "code": code[:40]}
    licence = known.licence
    return {
        "genuine": True,
        "outcome": known.verdict.value,
        "code": licences.written(licence.code),
        "number": licence.number,
        "service": licence.service_slug,
        "issuer": house.agency(licence.agency_code).name.model_dump(),
        "holder": mask_name(licence.holder),
        "premises": licence.premises,
        "valid_from": licence.valid_from.isoformat(),
        "valid_until": licence.valid_until.isoformat() if licence.valid_until else None,
        "sha256": known.document.digest,
        "signed_at": known.document.signed_at.isoformat(),
    }


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
    rates.take(db, "track", _address(request), now, limit=TRACK_PER_MINUTE, per_seconds=60)
    house = house_of(request)
    application = track.by_number(db, ref)
    if application is None:
        sent = track.by_reference(db, ref)
        application = sent[0] if len(sent) == 1 else None
    if application is None:
        missing = Problem("ref", _("ไม่พบเลขคำขอนี้ ตรวจตัวเลขกับหลักฐานการยื่นอีกครั้ง"))
        page = TrackStartPage(problems=(missing,), reference=ref[:40])
        return render(request, "public/track_start.html", page, status=404)
    service = house.service(db, application.service_slug, application.service_version)
    past = track.acts(db, application.id)
    clock = clock_of(db, application, service, now)
    status, other = PUBLIC_STATUS[application.state]
    if _wants_json(request):
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
