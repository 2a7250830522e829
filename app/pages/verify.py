"""What a stranger may ask: is this licence, or this file, genuine, and is it valid now. How to find out without us."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.core import rates
from app.core.clock import bangkok_date
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.thai import clean, mask_name
from app.core.web import Db, Now, as_file, render, see
from app.licences import service as licences
from app.licences.models import LicenceEdition
from app.licences.service import Verdict
from app.pages import qr
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.verify import (
    EditionLine,
    PublicLicence,
    RecipePage,
    VerifyFilePage,
    VerifyPage,
    VerifyStartPage,
)
from app.pages.who import address, wants_json
from app.stories import authenticity
from app.stories.authenticity import FileAnswer, Known
from app.stories.house import House

router = APIRouter()
T = TypeVar("T")

ENDED = frozenset({Verdict.SUSPENDED, Verdict.SURRENDERED, Verdict.REVOKED})
"""Verdicts of which a stranger reads since when and why."""
VERIFY_PER_MINUTE = 30
FILES_PER_MINUTE = 20
_files = CapacityLimiter(2)
"""Files that are judged at once: each has a process of its own meanwhile, and no database turn."""


@router.get("/verify")
def verify_start(request: Request, db: Db, now: Now, code: str = "", number: str = "") -> Response:
    """Type a code, or a number and the end of its code, or hand over a file; a QR leads to the answer directly."""
    typed, wanted = clean(code)[:80], clean(number)[:60]
    if wanted:
        return _by_number(request, db, now, wanted, typed)
    if typed:
        return see(f"/verify/{licences.written(licences.typed(typed)) or '-'}")
    asked = {"code", "number"} & request.query_params.keys()
    problems = (Problem("code", _("ใส่รหัสใต้คิวอาร์ เช่น 7K2M-9QXR-4TVBD")),) if asked else ()
    return _start(request, VerifyStartPage(problems=problems))


def _by_number(request: Request, db: Db, now: Now, number: str, end: str) -> Response:
    if not end:
        missing = Problem("end", _("ใส่ 5 ตัวท้ายของรหัสใต้คิวอาร์ เช่น 4TVBD"))
        return _start(request, VerifyStartPage(problems=(missing,), number=number))
    rates.take(db, "verify", address(request), now, limit=VERIFY_PER_MINUTE, per_seconds=60)
    found = licences.by_number(db, number, end)
    if found is None:
        unknown = Problem("number", _("ไม่พบเลขที่และรหัสคู่นี้ ตรวจกับใบอีกครั้ง"))
        return _start(request, VerifyStartPage(problems=(unknown,), number=number, end=end), status=404)
    return see(f"/verify/{licences.written(found)}")


def _start(request: Request, page: VerifyStartPage, status: int = 422) -> Response:
    return render(request, "public/verify_start.html", page, status=status if page.problems else 200)


@router.get("/verify/how")
def how(request: Request) -> Response:
    """What to look at with any PDF reader, without asking this portal."""
    house = house_of(request)
    return render(request, "public/verify_how.html", RecipePage(recipe=authenticity.recipe(house)))


@router.get("/verify/root.pem")
def root(request: Request) -> Response:
    """The certificate that every signature leads to."""
    return as_file(house_of(request).trust_roots, "root.pem", "application/x-pem-file")


@router.post("/verify/file")
async def verify_file(request: Request, now: Now) -> Response:
    """The verdict on a file, which is read in memory and forgotten with the answer."""
    house = house_of(request)
    count = partial(rates.take, limit=FILES_PER_MINUTE, per_seconds=60)
    await _in_turn(request, lambda: _counted(house, count, address(request), now))
    try:
        pdf = await _posted(request)
    except Invalid as wrong:
        return _no_file(request, _(wrong.message))
    answer = await to_thread.run_sync(authenticity.of_file, house, pdf, limiter=_files)
    if wants_json(request):
        return JSONResponse(_file_as_json(house, answer))
    return render(request, "public/verify_file.html", await _in_turn(request, lambda: _file_page(house, answer, now)))


def _counted(house: House, count: Callable[..., None], who: str, now: Now) -> None:
    with house.database.transaction() as db:
        count(db, "verify file", who, now)


async def _in_turn(request: Request, work: Callable[[], T]) -> T:
    """Work with the database, when it is this request's turn, for as long as the work takes and no longer."""
    async with request.app.state.turns:
        return await to_thread.run_sync(work, limiter=CapacityLimiter(1))


async def _posted(request: Request) -> bytes:
    """The posted file, held in memory only. Raises Invalid without one."""
    if request.headers.get("content-type", "").startswith("application/pdf"):
        return await request.body()
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Invalid(NO_FILE)
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=4)
    parser.spool_max_size = authenticity.LARGEST_FILE + 1024 * 1024  # never rolls over to a disk
    try:
        form = await parser.parse()
    except MultiPartException as wrong:
        raise Invalid(NO_FILE) from wrong
    file = form.get("file")
    data = await file.read() if isinstance(file, UploadFile) else b""
    await form.close()
    if not data:
        raise Invalid(NO_FILE)
    return data


NO_FILE = "เลือกไฟล์ PDF ที่ต้องการตรวจก่อน"


def _no_file(request: Request, words: str) -> Response:
    if wants_json(request):
        return JSONResponse({"message": words}, status_code=422)
    return _start(request, VerifyStartPage(problems=(Problem("file", words),)))


def _file_page(house: House, answer: FileAnswer, now: Now) -> VerifyFilePage:
    with house.database.transaction() as db:
        licence = public_view(db, house, answer.known) if answer.known else None
    return VerifyFilePage(
        outcome=answer.kind,
        words=answer.words,
        checked_at=now,
        sha256=answer.sha256,
        number=answer.number,
        finding=answer.finding.value if answer.finding else "",
        licence=licence,
    )


def _file_as_json(house: House, answer: FileAnswer) -> dict[str, object]:
    found: dict[str, object] = {"genuine": answer.genuine, "outcome": answer.kind, "sha256": answer.sha256}
    if answer.known is not None:
        return found | {"licence": _as_json(house, answer.known, "")}
    if answer.finding is not None:
        found["finding"] = answer.finding.value
    return found | ({"number": answer.number} if answer.number else {})


@router.get("/verify/{code}")
def verify(request: Request, code: str, db: Db, now: Now) -> Response:
    """The live answer of the register, for people and (Accept: application/json) for machines."""
    rates.take(db, "verify", address(request), now, limit=VERIFY_PER_MINUTE, per_seconds=60)
    house = house_of(request)
    known = authenticity.of_code(db, code, now)
    if wants_json(request):
        return JSONResponse(_as_json(house, known, code), status_code=200 if known else 404)
    page = VerifyPage(
        outcome=known.verdict.value if known else "unknown",
        code=code[:40],
        checked_at=now,
        licence=public_view(db, house, known) if known else None,
    )
    return render(request, "public/verify.html", page, status=200 if known else 404)


def public_view(db: Db, house: House, known: Known) -> PublicLicence:
    """What a stranger may know of a licence."""
    licence = known.licence
    service = house.service(db, licence.service_slug, licence.service_version)
    agency = house.agency(licence.agency_code)
    changed = known.verdict in ENDED
    return PublicLicence(
        name=service.result_name,
        issuer=agency.name,
        number=licence.number,
        code=licences.written(known.edition.code),
        holder=mask_name(known.edition.holder),
        premises=known.edition.premises,
        valid_from=licence.valid_from,
        valid_until=licence.valid_until,
        signed_at=known.document.signed_at,
        phone=agency.phone,
        status_since=bangkok_date(licence.status_at) if changed else None,
        ground=licence.status_ground if changed else "",
        suspended_until=licence.suspended_until if changed else None,
        edition=EditionLine.of(known.edition),
        in_force=EditionLine.of(known.in_force),
        renews=known.renews.number if known.renews else "",
        renewed_by=known.renewed_by.number if known.renewed_by else "",
        qr=qr.draw(f"{house.settings.base_url}/verify/{licences.written(known.edition.code)}"),
    )


def _as_json(house: House, known: Known | None, code: str) -> dict[str, object]:
    if known is None:
        return {"genuine": False, "outcome": "unknown", "code": code[:40]}
    licence, document = known.licence, known.document
    return {
        "genuine": True,
        "outcome": known.verdict.value,
        "code": licences.written(known.edition.code),
        "number": licence.number,
        "service": licence.service_slug,
        "issuer": house.agency(licence.agency_code).name.model_dump(),
        "holder": mask_name(known.edition.holder),
        "premises": known.edition.premises,
        "valid_from": licence.valid_from.isoformat(),
        "valid_until": licence.valid_until.isoformat() if licence.valid_until else None,
        "sha256": document.digest,
        "sha256_of_every_form": list(known.digests),
        "signed_at": document.signed_at.isoformat(),
        "signer": {"subject": document.signer, "certificate_sha256": document.certificate_fingerprint},
        **_life_as_json(known),
    }


def _life_as_json(known: Known) -> dict[str, object]:
    """What became of it: since when and why it does not hold, its editions, the licences before and after it."""
    licence, changed = known.licence, known.verdict in ENDED
    until = licence.suspended_until if changed else None
    return {
        "status_since": licence.status_at.isoformat() if changed else None,
        "ground": licence.status_ground if changed else None,
        "suspended_until": until.isoformat() if until else None,
        "edition": _edition_as_json(known.edition),
        "edition_in_force": _edition_as_json(known.in_force),
        "renews": known.renews.number if known.renews else None,
        "renewed_by": known.renewed_by.number if known.renewed_by else None,
    }


def _edition_as_json(edition: LicenceEdition) -> dict[str, object]:
    issued = edition.issued_at.isoformat() if edition.issued_at else None
    return {"number": edition.number, "kind": edition.kind.value, "issued_at": issued}
