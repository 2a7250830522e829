"""One row of a repeating group on a page of its own: it needs no JavaScript, and a hundred rows fit any door."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.forms import Held
from app.catalogue.rows import GroupQuestion
from app.core.web import Db, Fields, Now, form_token, one, texts
from app.pages import row_choices, row_pages
from app.pages.choices import settled
from app.pages.citizen_form import house_of
from app.pages.row_places import Place, row_id
from app.pages.who import Citizen
from app.stories import apply, rows, saving

router = APIRouter()
ROW = "/forms/{form_id}/topics/{key}/rows/{group}/{row}"


@router.get(ROW)
def row(request: Request, form_id: UUID, key: str, group: str, row: str, db: Db, citizen: Citizen) -> Response:
    """One row with what it holds; a new one begins empty."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    question, held = rows.group_of(current, group), current.held.get(group)
    place = _place(request, citizen, form_id, key, question, held, current.form.updated_at)
    return row_pages.shown(request, place, row)


@router.post(ROW)
def save_row(
    request: Request, form_id: UUID, key: str, group: str, row: str, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Keep the row, right or wrong, or take it out; then back to the list, or on to the next one."""
    current = rows.opened(db, house_of(request), citizen, form_id, group)
    name, sent = row_id(row, one(fields, "row")), settled(texts(fields))
    place = _place(request, citizen, form_id, key, current.question, current.held, now)
    if sent is None:
        return row_choices.again(request, place, name, texts(fields))
    said, then = sent
    act = rows.remove if then == "remove" else rows.save
    return row_pages.after(request, place, name, act(db, citizen, current, name, said, now), then)


@router.post(f"{ROW}/keep")
def keep_row(
    request: Request, form_id: UUID, key: str, group: str, row: str, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Keep what was just typed in a row while its page is being filled; the page's own script asks."""
    current, sent = rows.opened(db, house_of(request), citizen, form_id, group), texts(fields)
    name = row_id(row, "")
    saved = rows.save(db, citizen, current, name, sent, now)
    place = _place(request, citizen, form_id, key, current.question, current.held, now)
    return row_pages.kept(place, name, saved, sent, now)


def _place(
    request: Request,
    citizen: Citizen,
    form_id: UUID,
    key: str,
    question: GroupQuestion,
    held: Held | None,
    saved_at: datetime,
) -> Place:
    base = f"/forms/{form_id}/topics/{key}"
    return Place(
        question=question,
        raw=saving.boxes(question, held),
        list=base,
        rows=f"{base}/rows/{question.key}",
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "topic"),
        ask=f"/forms/{form_id}/ask/{key}",
        saved_at=saved_at,
        query="?back=check" if request.query_params.get("back") == "check" else "",
    )
