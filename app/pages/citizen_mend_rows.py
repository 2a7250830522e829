"""One row of a group that an officer sent back to be mended."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core.errors import NotFound
from app.core.web import Db, Fields, Now, form_token, one, texts
from app.pages import row_choices, row_pages
from app.pages.choices import settled
from app.pages.citizen_form import house_of
from app.pages.row_places import Place, row_id
from app.pages.who import Citizen
from app.stories import mend
from app.stories.mend import Mending

router = APIRouter()
ROW = "/applications/{application_id}/deficiency/rows/{group}/{row}"


@router.get(ROW)
def row(request: Request, application_id: UUID, group: str, row: str, db: Db, citizen: Citizen) -> Response:
    """One row with what it holds; a new one begins empty."""
    mending = mend.open_notice(db, house_of(request), citizen, application_id)
    return row_pages.shown(request, _place(request, mending, citizen, group), row)


@router.post(ROW)
def mend_row(
    request: Request, application_id: UUID, group: str, row: str, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Keep the row, right or wrong, or take it out; then back to the list of what is to be mended."""
    mending = mend.open_notice(db, house_of(request), citizen, application_id, lock=True)
    place = _place(request, mending, citizen, group)
    name, sent = row_id(row, one(fields, "row")), settled(texts(fields))
    if sent is None:
        return row_choices.again(request, place, name, texts(fields))
    said, then = sent
    saved = mend.row(db, mending, place.question, name, said, now, remove=then == "remove")
    return row_pages.after(request, place, name, saved, then)


@router.post(f"{ROW}/keep")
def keep_mended_row(
    request: Request, application_id: UUID, group: str, row: str, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Keep what was just typed in a row while its page is being filled; the page's own script asks."""
    mending, sent = mend.open_notice(db, house_of(request), citizen, application_id, lock=True), texts(fields)
    place, name = _place(request, mending, citizen, group), row_id(row, "")
    return row_pages.kept(place, name, mend.keep_row(db, mending, place.question, name, sent, now), sent, now)


def _place(request: Request, mending: Mending, citizen: Citizen, group: str) -> Place:
    """The group as it is being mended. NotFound when the notice does not ask for it (any more)."""
    mend.being_mended(mending)
    question = mend.group_of(mending, group)
    if question is None:
        raise NotFound
    item = mend.answer_item(mending, group)
    base = f"/applications/{mending.application.id}/deficiency"
    secret = house_of(request).settings.cookie_secret
    return Place(
        question=question,
        raw=mend.boxes(mending, item),
        saved_at=item.answered_at,
        list=base,
        ask=f"{base}/ask",
        rows=f"{base}/rows/{group}",
        token=form_token(secret, citizen.session_id, f"mend:{mending.application.revision}"),
    )
