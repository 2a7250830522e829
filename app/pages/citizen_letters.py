"""Letters about my licence: read here, taken as a sealed file, and answered while there are days to answer."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core.clock import bangkok_date
from app.core.db import attempt
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import filled
from app.core.i18n import gettext as _
from app.core.thai import clean_lines
from app.core.web import Db, Fields, Now, as_file, one, render, see
from app.identity.sessions import CitizenSession
from app.licences import notice
from app.licences.life import Step
from app.licences.models import LicenceLetter
from app.pages.acting import from_our_page, token, too_old
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.letters import LicenceLetterPage
from app.pages.held import as_letter
from app.pages.officer_room import number_of
from app.pages.who import Citizen
from app.pdf import issued
from app.stories import holder_acts
from app.stories.holder_acts import Mine

router = APIRouter()
LETTER = "/licences/{licence_id}/letters/{letter_id}"
LONGEST = 4000


@router.get(LETTER)
def letter(request: Request, licence_id: UUID, letter_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """What the agency wrote, and my answer to it while there is time."""
    found = holder_acts.mine(db, house_of(request), citizen, licence_id, now)
    row = holder_acts.letter_of_mine(db, citizen, found, letter_id, now)
    return render(request, "citizen/licence_letter.html", _page(request, citizen, found, row))


@router.get(f"{LETTER}/letter.pdf")
def letter_pdf(request: Request, licence_id: UUID, letter_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """The sealed file."""
    house = house_of(request)
    row = holder_acts.letter_of_mine(db, citizen, holder_acts.mine(db, house, citizen, licence_id, now), letter_id, now)
    if row.file_digest is None:
        raise NotFound
    name = f"letter-{row.number.replace(' ', '-')}.pdf"
    return as_file(house.files.read(issued.newest(db, row.file_digest)), name, "application/pdf")


@router.post(f"{LETTER}/objection")
def objection(
    request: Request, licence_id: UUID, letter_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Answer what the agency intends; else the letter again with the words that were typed."""
    status, house, text = Invalid.status, house_of(request), clean_lines(one(fields, "objection"))[:LONGEST]
    found = holder_acts.mine(db, house, citizen, licence_id, now)
    row = holder_acts.letter_of_mine(db, citizen, found, letter_id, now)
    problems: tuple[Problem, ...] = () if from_our_page(request, citizen, fields) else (too_old(),)
    try:
        with attempt(db):
            if not problems:
                holder_acts.objection(db, house, citizen, licence_id, number_of(fields, "revision"), text, now)
    except Invalid as refused:
        problems = tuple(Problem(at, _(words)) for at, words in refused.problems.items())
    except Conflict as moved:
        problems, status = (Problem("main", filled(moved.message, moved.values)),), moved.status
    if problems:
        page = _page(request, citizen, found, row, text, *problems)
        return render(request, "citizen/licence_letter.html", page, status=status)
    return see(f"/licences/{licence_id}/letters/{letter_id}")


def _page(
    request: Request, citizen: CitizenSession, found: Mine, row: LicenceLetter, text: str = "", *problems: Problem
) -> LicenceLetterPage:
    matter = found.matter if found.matter is not None and found.matter.id == row.matter_id else None
    path = f"/licences/{found.licence.id}/letters/{row.id}"
    return LicenceLetterPage(
        problems=problems,
        licence_id=found.licence.id,
        name=found.service.result_name,
        number=row.number,
        subject=str(row.content["subject"]),
        letter=as_letter(notice.again(row.content)),
        pdf_href=f"{path}/letter.pdf" if row.file_digest else "",
        action=f"{path}/objection",
        object_by=matter.object_by if matter and found.may(matter.action, Step.OBJECT) else None,
        objection=text,
        objected_at=matter.objected_at if matter else None,
        objected=matter.objection if matter else "",
        revision=found.licence.revision,
        received_on=bangkok_date(row.received_at) if row.received_at else None,
        appeal_until=holder_acts.appeal_until(row),
        token=token(request, citizen),
    )
