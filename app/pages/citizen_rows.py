"""One row of a repeating group on a page of its own: it needs no JavaScript, and a hundred rows fit any door."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.forms import Held
from app.catalogue.rows import GroupQuestion
from app.core.web import Db, Fields, Now, form_token, one, texts
from app.pages import row_pages
from app.pages.citizen_form import house_of
from app.pages.row_pages import Place
from app.pages.who import Citizen
from app.stories import apply, rows

router = APIRouter()
ROW = "/forms/{form_id}/topics/{key}/rows/{group}/{row}"


@router.get(ROW)
def row(request: Request, form_id: UUID, key: str, group: str, row: str, db: Db, citizen: Citizen) -> Response:
    """One row with what it holds; a new one begins empty."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    question, held = rows.group_of(current, group), current.held.get(group)
    return row_pages.shown(request, _place(request, citizen, form_id, key, question, held), row)


@router.post(ROW)
def save_row(
    request: Request, form_id: UUID, key: str, group: str, row: str, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Keep the row, right or wrong, or take it out; then back to the list, or on to the next one."""
    current = rows.opened(db, house_of(request), citizen, form_id, group)
    name, then = row_pages.row_id(row, one(fields, "row")), one(fields, "then")
    act = rows.remove if then == "remove" else rows.save
    saved = act(db, citizen, current, name, texts(fields), now)
    place = _place(request, citizen, form_id, key, current.question, current.held)
    return row_pages.after(request, place, name, saved, then)


def _place(
    request: Request, citizen: Citizen, form_id: UUID, key: str, question: GroupQuestion, held: Held | None
) -> Place:
    base = f"/forms/{form_id}/topics/{key}"
    return Place(
        question=question,
        raw=apply.boxes(question, held),
        list=base,
        rows=f"{base}/rows/{question.key}",
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "topic"),
        query="?back=check" if request.query_params.get("back") == "check" else "",
    )
