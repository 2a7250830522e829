"""My data in one place: a copy of all of it, and what I ask an agency to do about it."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core import i18n
from app.core.clock import bangkok_date
from app.core.db import attempt
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.thai import file_size
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see, token_holds
from app.identity import sessions
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.my_data import AskPage, CopyFile, CopyState, MyDataPage, RequestView
from app.pages.who import Person
from app.privacy import copies, requests
from app.privacy.models import DataCopy, Right, SubjectRequest
from app.privacy.requests import Asked
from app.stories import my_data
from app.stories.house import House

router = APIRouter()

HINTS = {
    Right.CORRECTION: "เช่น ชื่อสะกดผิด หรือที่อยู่เปลี่ยน",
    Right.ERASURE: "ลบไม่ได้ถ้ากฎหมายให้เก็บ เราจะบอกกฎหมายข้อนั้น",
    Right.OBJECTION: "บอกว่าไม่ควรใช้ข้อมูลใด เพราะอะไร",
    Right.RESTRICTION: "เช่น ระหว่างรอแก้ข้อมูลที่ผิด",
}


@router.get("/my/privacy")
def my_privacy(request: Request, db: Db, citizen: Person, now: Now) -> Response:
    """What I can see and do about my data."""
    row = copies.latest(db, citizen.person_id)
    mine = requests.of_person(db, citizen.person_id)
    page = MyDataPage(
        copy_state=_state(row),
        copy_id=row.id if row else None,
        asked_at=row.asked_at if row else None,
        expires_at=row.expires_at if row else None,
        files=_files(row),
        requests=tuple(request_view(house_of(request), found, now) for found in mine),
        token=_token(request, citizen),
    )
    return render(request, "citizen/my_data.html", page)


def _state(row: DataCopy | None) -> CopyState:
    if row is None:
        return "none"
    return "gone" if row.gone_at else "ready" if row.ready_at else "making"


def _files(row: DataCopy | None) -> tuple[CopyFile, ...]:
    return tuple(
        CopyFile(name=file["name"], size=file_size(file["size"]), href=f"/my/privacy/copies/{row.id}/{file['name']}")
        for file in (row.files if row else ())
        if row
    )


def request_view(house: House, found: SubjectRequest, now: Now) -> RequestView:
    """One request as both sides read it."""
    return RequestView(
        id=found.id,
        number=found.number,
        right=_(requests.WORDS[found.right]),
        agency=house.agency(found.agency_code).name,
        person=found.person_name,
        text=found.text,
        asked_at=found.asked_at,
        due_on=found.due_on,
        days_left=requests.days_left(found, bangkok_date(now)),
        state=found.state.value,
        answer=found.answer,
        answered_at=found.answered_at,
    )


def _token(request: Request, citizen: Person) -> str:
    return form_token(house_of(request).settings.cookie_secret, citizen.session_id, "my-data")


def _bound(request: Request, citizen: Person, fields: Fields) -> None:
    secret = house_of(request).settings.cookie_secret
    if not token_holds(secret, citizen.session_id, "my-data", one(fields, "token")):
        raise Conflict("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ เปิดหน้าอีกครั้งแล้วทำรายการใหม่")


@router.post("/my/privacy/copies")
def ask(request: Request, fields: Fields, db: Db, citizen: Person, now: Now) -> Response:
    """Have a copy made."""
    _bound(request, citizen, fields)
    my_data.ask(db, citizen.person_id, i18n.lang(), sessions.actor(citizen), now)
    return see("/my/privacy#copy")


@router.get("/my/privacy/copies/{copy_id}/{name}")
def take(request: Request, copy_id: UUID, name: str, db: Db, citizen: Person, now: Now) -> Response:
    """One file of my copy, for me alone and for its days only."""
    house = house_of(request)
    data = my_data.take(db, house, citizen.person_id, copy_id, name, sessions.actor(citizen), now)
    kinds = {my_data.JSON: "application/json", my_data.PDF: "application/pdf", my_data.ZIP: "application/zip"}
    return as_file(data, name, kinds.get(name, "application/octet-stream"))


@router.post("/my/privacy/copies/{copy_id}/remove")
def remove(request: Request, copy_id: UUID, fields: Fields, db: Db, citizen: Person, now: Now) -> Response:
    """I have it; nobody needs it here any more."""
    _bound(request, citizen, fields)
    copies.let_go(db, citizen.person_id, copy_id, now)
    return see("/my/privacy#copy")


# — Requests ———————————————————————————————————————————————————————————————————————————————————————————————————————


def _ask_page(request: Request, citizen: Person, said: Mapping[str, str], wrong: Mapping[str, str]) -> AskPage:
    house = house_of(request)
    return AskPage(
        problems=tuple(Problem(field, _(words)) for field, words in wrong.items()),
        rights=tuple((right.value, _(requests.WORDS[right]), _(HINTS[right])) for right in Right),
        agencies=tuple((code, agency.name) for code, agency in house.catalogue.agencies.items()),
        wrong={field: _(words) for field, words in wrong.items()},
        token=_token(request, citizen),
        right=said.get("right", ""),
        agency=said.get("agency", ""),
        text=said.get("text", ""),
    )


@router.get("/my/privacy/requests/new")
def new_request(request: Request, _db: Db, citizen: Person, right: str = "") -> Response:
    """The form of a request."""
    return render(request, "citizen/data_request.html", _ask_page(request, citizen, {"right": right}, {}))


@router.post("/my/privacy/requests")
def file(request: Request, fields: Fields, db: Db, citizen: Person, now: Now) -> Response:
    """It is in the agency's list at once; or the same page with what to mend."""
    said = {name: one(fields, name) for name in ("right", "agency", "text")}
    secret, wrong = house_of(request).settings.cookie_secret, {"main": "เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ ตรวจแล้วกดส่งอีกครั้ง"}
    if token_holds(secret, citizen.session_id, "my-data", one(fields, "token")):
        try:
            with attempt(db):
                return _filed(request, said, db, citizen, now)
        except Invalid as refused:
            wrong = refused.problems
    return render(request, "citizen/data_request.html", _ask_page(request, citizen, said, wrong), status=422)


def _filed(request: Request, said: Mapping[str, str], db: Db, citizen: Person, now: Now) -> Response:
    asked = Asked(said["right"], said["agency"], said["text"])
    agencies = list(house_of(request).catalogue.agencies)
    requests.file(db, citizen.person_id, citizen.display_name, asked, agencies, sessions.actor(citizen), now)
    return see("/my/privacy#requests")
