"""One row of a repeating group on a page of its own: it needs no JavaScript, and a hundred rows fit any door."""

import secrets
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.asking import Reading
from app.catalogue.cells import AnyCell
from app.catalogue.rows import ROW_ID, GroupQuestion
from app.catalogue.texts import Text
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, Now, form_token, one, render, see, texts
from app.pages.citizen_form import head_of, house_of
from app.pages.contexts.frame import FieldView, Problem
from app.pages.contexts.rows import RowPage
from app.pages.who import Citizen
from app.stories import apply, rows
from app.stories.apply import Draft
from app.stories.rows import SavedRow

router = APIRouter()
ROW = "/forms/{form_id}/topics/{key}/rows/{group}/{row}"


@router.get(ROW)
def row(request: Request, form_id: UUID, key: str, group: str, row: str, db: Db, citizen: Citizen) -> Response:
    """One row with what it holds; a new one begins empty."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    question = rows.group_of(current.shape, current.held, group)
    seen = _as_kept(question, current, row)
    return render(request, "citizen/row.html", _page(request, current, citizen, key, question, row, seen))


@router.post(ROW)
def save_row(
    request: Request, form_id: UUID, key: str, group: str, row: str, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Keep the row, right or wrong, or take it out; then back to the list, or on to the next one."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    name = _id(one(fields, "row")) if row == "new" else row
    act = rows.remove if one(fields, "then") == "remove" else rows.save
    saved = act(db, citizen, form_id, current.shape, group, name, texts(fields), now)
    if saved is not None and (saved.wrong or saved.clashes):
        return _again(request, db, form_id, key, group, name, citizen, saved)
    return see(_after(request, form_id, key, group, name, saved, one(fields, "then")))


def _after(request: Request, form_id: UUID, key: str, group: str, name: str, saved: SavedRow | None, then: str) -> str:
    back = "?back=check" if request.query_params.get("back") == "check" else ""
    base = f"/forms/{form_id}/topics/{key}"
    if saved is not None and saved.revealed:
        return f"{base}/rows/{group}/{name}{back or '?'}{'&' if back else ''}more=1"
    return f"{base}/rows/{group}/new{back}" if then == "another" else f"{base}{back}#{group}"


def _again(
    request: Request, db: Db, form_id: UUID, key: str, group: str, name: str, citizen: Citizen, saved: SavedRow
) -> Response:
    current = apply.draft(db, house_of(request), citizen, form_id)
    question = rows.group_of(current.shape, current.held, group)
    page = _page(request, current, citizen, key, question, name, saved, blame=True)
    return render(request, "citizen/row.html", page, status=409 if saved.clashes else 422)


def _id(given: str) -> str:
    """The id that a new row brought along, so that sending it twice adds it once."""
    if not ROW_ID.fullmatch(given) or given == "new":
        raise NotFound
    return given


def _as_kept(question: GroupQuestion, current: Draft, row: str) -> SavedRow:
    raw = rows.stored(question, current.held.get(question.key))
    if row == "new":
        full = len(question.ids({name: (text,) for name, text in raw.items()})) >= question.highest
        return SavedRow(question.read_row("new", 0, {}), raw, {}, full=full)
    found = {one_.id: one_ for one_ in question.rows({name: (text,) for name, text in raw.items()})}
    if row not in found:
        raise NotFound
    return SavedRow(found[row], raw, {})


def _page(
    request: Request,
    current: Draft,
    citizen: Citizen,
    key: str,
    question: GroupQuestion,
    name: str,
    saved: SavedRow,
    *,
    blame: bool = False,
) -> RowPage:
    new, form_id = name == "new", current.form.id
    row = secrets.token_hex(4) if new else name
    ids = question.ids({one_: (text,) for one_, text in saved.raw.items()})
    blame = blame or (not new and "more" not in request.query_params)
    views = [_field(question, cell, row, saved, blame=blame) for cell in question.questions if _asked(saved, cell)]
    back = "?back=check" if request.query_params.get("back") == "check" else ""
    full = [Problem("main", question.too_many(len(ids) + 1))] if saved.full else []
    return RowPage(
        problems=(*full, *(Problem(view.at, view.problem) for view in views if view.problem)),
        form=head_of(request, current),
        group=question.name,
        each=question.each,
        number=ids.index(row) + 1 if row in ids else len(ids) + 1,
        total=len(ids),
        row=row,
        new=row not in ids,
        fields=tuple(views),
        was=tuple((name_, saved.raw.get(name_, "")) for view in views for name_ in view.question.fields),
        full=len(ids) + (row not in ids) >= question.highest,
        action=f"/forms/{form_id}/topics/{key}/rows/{question.key}/{'new' if row not in ids else row}{back}",
        back=f"/forms/{form_id}/topics/{key}{back}#{question.key}",
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "topic"),
    )


def _asked(saved: SavedRow, cell: AnyCell) -> bool:
    return saved.row is None or cell.key in saved.row.readings


def _field(question: GroupQuestion, cell: AnyCell, row: str, saved: SavedRow, *, blame: bool) -> FieldView:
    """A question of the row under its name in the whole form, with what was typed, here or by whoever was faster."""
    full = cell.model_copy(update={"key": question.name_of(row, cell.key)})
    reading: Reading | None = saved.row.readings.get(cell.key) if saved.row else None
    raw = {name: saved.clashes.get(name, saved.raw.get(name, "")) for name in full.fields}
    view = FieldView(question=full, raw=raw, at=full.fields[0])
    clashed = next((name for name in full.fields if name in saved.clashes), "")
    if clashed:
        said = _("อีกหน้าจอหนึ่งเปลี่ยนช่องนี้เป็น “%(theirs)s” ถ้าจะใช้คำตอบในช่องนี้แทน บันทึกอีกครั้ง") % {
            "theirs": saved.raw.get(clashed) or "-"
        }
        return replace(view, problem=Text.model_construct(th=said, en=said), at=clashed)
    if blame and reading and reading.problem:
        return replace(view, problem=reading.problem, at=question.name_of(row, reading.at))
    return view
