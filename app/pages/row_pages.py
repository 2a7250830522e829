"""The page of one row of a repeating group, wherever the group stands: in a draft, or in what an officer sent back."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import Response

from app.catalogue import courtesy
from app.catalogue.cells import AnyCell
from app.catalogue.rows import ROW_ID, GroupQuestion
from app.catalogue.texts import Text
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.web import render, see
from app.pages.contexts.frame import FieldView, Problem
from app.pages.contexts.rows import RowPage
from app.stories.rows import SavedRow

NEW, MORE = "new", "more"


@dataclass(frozen=True)
class Place:
    """A group where it stands: what its boxes hold, the address of its list, and the one its rows stand under."""

    question: GroupQuestion
    raw: Mapping[str, str]
    list: str
    rows: str
    token: str
    query: str = ""
    """What every address here carries on: "?back=check" or nothing."""


def row_id(row: str, given: str) -> str:
    """The id in the address, or the one that a new row brought along, so that sending it twice adds it once."""
    found = given if row == NEW else row
    if found == NEW or not ROW_ID.fullmatch(found):
        raise NotFound
    return found


def shown(request: Request, place: Place, row: str) -> Response:
    """One row with what it holds; a new one begins empty. NotFound when it is there no more."""
    question, fields = place.question, {name: (text,) for name, text in place.raw.items()}
    if row == NEW:
        full = len(question.ids(fields)) >= question.highest
        return _drawn(request, place, row, SavedRow(question.read_row(NEW, 0, {}), place.raw, {}, full=full))
    found = {one.id: one for one in question.rows(fields)}
    if row not in found:
        raise NotFound
    seen = SavedRow(found[row], place.raw, {})
    return _drawn(request, place, row, seen, blame=MORE not in request.query_params)


def after(request: Request, place: Place, row: str, saved: SavedRow | None, then: str) -> Response:
    """The row again with what to mend or to choose, else back to the list, or on to the next one."""
    if saved is not None and (saved.wrong or saved.clashes):
        return _drawn(request, place, row, saved, blame=True, status=409 if saved.clashes else 422)
    if saved is not None and saved.revealed:
        return see(f"{place.rows}/{row}{place.query}{'&' if place.query else '?'}{MORE}=1")
    if then == "another":
        return see(f"{place.rows}/{NEW}{place.query}")
    return see(f"{place.list}{place.query}#{place.question.key}")


def _drawn(
    request: Request, place: Place, name: str, saved: SavedRow, *, blame: bool = False, status: int = 200
) -> Response:
    question = place.question
    row = secrets.token_hex(4) if name == NEW else name
    ids = question.ids({one: (text,) for one, text in saved.raw.items()})
    new = row not in ids
    seen = [cell.key for cell in question.questions if saved.row is None or cell.key in saved.row.readings]
    moved = courtesy.moving(question.questions, question.cells, seen)
    drawn = [cell for cell in question.questions if cell.key in seen or cell.key in moved]
    views = [_field(question, cell, row, saved, blame=blame) for cell in drawn]
    full = [Problem("main", question.too_many(len(ids) + 1))] if saved.full else []
    page = RowPage(
        problems=(*full, *(Problem(view.at, view.problem) for view in views if view.problem)),
        group=question.name,
        each=question.each,
        number=len(ids) + 1 if new else ids.index(row) + 1,
        row=row,
        new=new,
        fields=tuple(views),
        rules=courtesy.rules(
            question.questions,
            question.cells,
            moved,
            [cell.key for cell in drawn],
            {},
            lang(),
            lambda key: question.name_of(row, key),
        ),
        was=saved.raw,
        full=len(ids) + new >= question.highest,
        action=f"{place.rows}/{NEW if new else row}{place.query}",
        back=f"{place.list}{place.query}#{question.key}",
        token=place.token,
    )
    return render(request, "citizen/row.html", page, status=status)


def _field(question: GroupQuestion, cell: AnyCell, row: str, saved: SavedRow, *, blame: bool) -> FieldView:
    """A question of the row under its name in the whole form, with what was typed, here or by whoever was faster."""
    full = cell.model_copy(update={"key": question.name_of(row, cell.key)})
    reading = saved.row.readings.get(cell.key) if saved.row else None
    raw = {box: saved.clashes.get(box, saved.raw.get(box, "")) for box in full.fields}
    view = FieldView(question=full, raw=raw, at=full.fields[0], shown=saved.row is None or reading is not None)
    clashed = next((box for box in full.fields if box in saved.clashes), "")
    if clashed:
        said = _("อีกหน้าจอหนึ่งเปลี่ยนช่องนี้เป็น “%(theirs)s” ถ้าจะใช้คำตอบในช่องนี้แทน บันทึกอีกครั้ง") % {
            "theirs": saved.raw.get(clashed) or "-"
        }
        return replace(view, problem=Text.model_construct(th=said, en=said), at=clashed)
    if blame and reading and reading.problem:
        return replace(view, problem=reading.problem, at=question.name_of(row, reading.at))
    return view
