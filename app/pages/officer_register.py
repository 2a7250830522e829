"""The licences of an officer's agency: found, counted, opened."""

import math
from typing import Annotated, get_args
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.catalogue.routing import arriving
from app.catalogue.schema import Text
from app.core import events, i18n
from app.core.clock import bangkok_date
from app.core.errors import NotFound
from app.core.web import Db, Now, as_file, render
from app.identity.sessions import OfficerSession
from app.licences import editions, life, matters
from app.licences import service as licences
from app.licences.models import LicenceLetter
from app.pages import happenings
from app.pages.citizen_form import house_of
from app.pages.contexts.register import EditionView, HeldPage, LetterView, RegisterPage, RegisterRow
from app.pages.held import bar, matter_view
from app.pages.officer_queue import office_name
from app.pages.officer_room import Worker
from app.pdf import issued
from app.stories import desk, look, register
from app.stories.held_licence import Held, held
from app.stories.house import House
from app.stories.register import Line, Shelf

router = APIRouter()
LICENCE = "/officer/licences/{licence_id}"
SUPERVISING = Text(th="กำกับใบอนุญาตที่ออกแล้ว", en="Supervising an issued licence")
SEEN = {"holder": Text(th="ชื่อผู้ถือใบอนุญาต", en="Name of the holder")}


@router.get("/officer/licences")
def licences_of_agency(
    request: Request,
    db: Db,
    officer: Worker,
    now: Now,
    shelf: str = "",
    q: str = "",
    service: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Every licence within this officer's reach, by how it stands now; found by number, holder, place or code."""
    chosen: Shelf = next((one for one in get_args(Shelf) if one == shelf), "all")
    found = _list(request, db, officer, now, chosen, q.strip()[:80], service, page)
    return render(request, "officer/register.html", found)


def _list(
    request: Request, db: Db, officer: OfficerSession, now: Now, shelf: Shelf, q: str, service: str, page: int
) -> RegisterPage:
    house, reach = house_of(request), desk.reach(officer)
    service = service if service in house.catalogue.services else ""
    rows, total = register.listed(db, reach, shelf, q, service, now, page)
    counted = register.counts(db, reach, now)
    return RegisterPage(
        office=office_name(house, officer),
        shelves=tuple((one, counted[one]) for one in register.SHELVES),
        shelf=shelf,
        q=q,
        service=service,
        services=tuple(
            (one.slug, one.short_name)
            for one in arriving(house.catalogue, officer.agency_code, officer.office_code)
            if one.licence is not None
        ),
        rows=tuple(_row(db, house, line, now) for line in rows),
        number=page,
        pages=max(1, math.ceil(total / register.PER_PAGE)),
        total=total,
    )


def _row(db: Db, house: House, line: Line, now: Now) -> RegisterRow:
    return RegisterRow(
        id=line.id,
        number=line.number,
        service=house.service(db, line.service_slug, line.service_version).short_name,
        holder=line.holder,
        premises=line.premises,
        state=life.standing(line.status, line.valid_until, bangkok_date(now), line.suspended_until),
        suspended_until=line.suspended_until,
        valid_until=line.valid_until,
        under_way=line.under_way,
    )


@router.get(LICENCE)
def licence(request: Request, licence_id: UUID, db: Db, officer: Worker, now: Now) -> Response:
    """One licence: how it stands, what is under way, its editions, letters and everything that happened."""
    house = house_of(request)
    found = held(db, house, officer, licence_id, now)
    look.recorded(db, house, officer, found.application, SEEN, SUPERVISING, now)
    return render(request, "officer/licence.html", _page(db, house, officer, found, now))


def _page(db: Db, house: House, officer: OfficerSession, found: Held, now: Now) -> HeldPage:
    row, lang = found.licence, i18n.lang()
    renews, renewed_by = licences.neighbours(db, row)
    past = events.history(db, matters.stream(row.id))
    agency = house.agency(officer.agency_code).name.to(lang)
    return HeldPage(
        bar=bar(found),
        ground=row.status_ground,
        code=licences.written(row.code),
        law=found.law.name if found.law else "",
        choices=found.choices,
        matter=matter_view(found, found.matter, officer) if found.matter else None,
        past=tuple(matter_view(found, one, officer) for one in matters.of_licence(db, row.id) if one.outcome),
        editions=_editions(db, found),
        letters=tuple(_letter(one) for one in matters.letters(db, row.id)),
        application=(found.application.number, found.application.id),
        renews=(renews.number, renews.id) if renews else None,
        renewed_by=(renewed_by.number, renewed_by.id) if renewed_by else None,
        happened=happenings.told(past, officer.officer_id, agency, names=True),
        today=bangkok_date(now),
    )


def _editions(db: Db, found: Held) -> tuple[EditionView, ...]:
    return tuple(
        EditionView(
            number=one.number,
            kind=one.kind.value,
            ordered_at=one.ordered_at,
            issued_at=one.issued_at,
            code=licences.written(one.code),
            in_force=one.code == found.licence.code,
        )
        for one in editions.ordered(db, found.licence.id)
    )


def _letter(row: LicenceLetter) -> LetterView:
    href = f"/officer/licences/{row.licence_id}/letters/{row.id}/letter.pdf" if row.file_digest else ""
    return LetterView(number=row.number, subject=str(row.content.get("subject", "")), at=row.issued_at, href=href)


@router.get(f"{LICENCE}/letters/{{letter_id}}/letter.pdf")
def letter_pdf(request: Request, licence_id: UUID, letter_id: UUID, db: Db, officer: Worker, now: Now) -> Response:
    """The sealed file of a letter to the holder."""
    house = house_of(request)
    found = held(db, house, officer, licence_id, now)
    row = next((one for one in matters.letters(db, found.licence.id) if one.id == letter_id), None)
    if row is None or row.file_digest is None:
        raise NotFound
    look.recorded(db, house, officer, found.application, SEEN, SUPERVISING, now)
    return as_file(
        house.files.read(issued.newest(db, row.file_digest)), f"{row.number.replace(' ', '-')}.pdf", "application/pdf"
    )
