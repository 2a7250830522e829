"""The notices of delay, copied to who reports on the agencies (Licensing Facilitation Act s.10)."""

import csv
import io
import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.core.web import Db, Now, as_file, render
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.delays import DelaysPage, DelayView
from app.pages.reporter import HOME, PER_PAGE, Reporter, as_csv
from app.reporting.criteria import Window
from app.reporting.delays import Delay
from app.stories import report
from app.stories.house import House

router = APIRouter()
Number = Annotated[int, Query(ge=1, le=10_000)]


@router.get(f"{HOME}/delays")
def delays(request: Request, db: Db, officer: Reporter, as_of: str = "", page: Number = 1) -> Response:
    """Every notice of the window, newest first."""
    house = house_of(request)
    last = report.day(house, as_of)
    view = _page(house, officer, report.delays(db, officer, last), last, page)
    return render(request, "reporter/delays.html", view)


@router.get(f"{HOME}/delays.csv")
def delays_csv(request: Request, db: Db, officer: Reporter, as_of: str = "") -> Response:
    """The same as a table, whole."""
    last = report.day(house_of(request), as_of)
    out = io.StringIO()
    csv.writer(out).writerows(_rows(report.delays(db, officer, last)))
    return as_csv(out.getvalue(), f"delays-{last.isoformat()}.csv")


@router.get(f"{HOME}/delays/{{letter_id}}/letter.pdf")
def delay_copy(request: Request, letter_id: UUID, db: Db, officer: Reporter, now: Now) -> Response:
    """The letter itself, as the applicant has it."""
    number, digest = report.delay_copy(db, house_of(request), officer, letter_id, now)
    return as_file(house_of(request).files.read(digest), f"letter-{number.replace(' ', '-')}.pdf", "application/pdf")


def _page(house: House, officer: OfficerSession, found: Sequence[Delay], last: date, number: int) -> DelaysPage:
    own = house.catalogue.agencies.get(report.sees(officer) or "")
    return DelaysPage(
        whose=own.name if own else None,
        first=Window(last).first,
        last=last,
        rows=tuple(_view(house, one) for one in found[(number - 1) * PER_PAGE : number * PER_PAGE]),
        unexplained=sum(not one.reason for one in found),
        total=len(found),
        number=number,
        pages=max(1, math.ceil(len(found) / PER_PAGE)),
    )


def _view(house: House, one: Delay) -> DelayView:
    return DelayView(
        at=one.at,
        number=one.number,
        service=house.catalogue.services[one.service].short_name,
        agency=house.agency(one.agency).name,
        due_on=date.fromisoformat(one.due_on) if one.due_on else None,
        reason=one.reason,
        until=date.fromisoformat(one.until) if one.until else None,
        letter=one.letter,
        href=f"{HOME}/delays/{one.letter_id}/letter.pdf" if one.letter_id else "",
    )


def _rows(found: Sequence[Delay]) -> Iterator[list[str]]:
    yield ["told_at", "number", "service", "agency", "due_on", "reason", "until", "letter", "event"]
    for one in found:
        case = [one.at.isoformat(), one.number, one.service, one.agency, one.due_on]
        yield [*case, one.reason, one.until, one.letter, one.event]
