"""The page of one row of a repeating group, wherever the group stands: in a draft, or in what an officer sent back."""

from dataclasses import replace
from datetime import datetime

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from app.catalogue import courtesy
from app.catalogue.cells import AnyCell
from app.catalogue.rows import ROW_ID, GroupQuestion
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.web import render, see
from app.pages import row_choices
from app.pages.contexts.frame import FieldView, Problem
from app.pages.contexts.rows import RowPage
from app.pages.kept import told
from app.pages.questions import new_row
from app.pages.row_places import MORE, NEW, Place
from app.stories.boxes import WAS, Typed
from app.stories.rows import SavedRow


def shown(request: Request, place: Place, row: str) -> Response:
    """One row with what it holds; a new one begins empty. NotFound when it is there no more."""
    question, fields = place.question, {name: (text,) for name, text in place.raw.items()}
    asked = request.query_params.get("row", "") if row == NEW else row
    if asked and not ROW_ID.fullmatch(asked):
        raise NotFound
    found = {one.id: one for one in question.rows(fields)}
    if row == NEW and asked not in found:
        full = len(question.ids(fields)) >= question.highest
        empty = SavedRow(question.read_row(asked, 0, {}), place.raw, {}, full=full)
        return _drawn(request, place, asked or new_row().partition("=")[2], empty)
    if asked not in found:
        raise NotFound
    filling = row == NEW or MORE in request.query_params
    return _drawn(request, place, asked, SavedRow(found[asked], place.raw, {}), blame=not filling)


def after(request: Request, place: Place, row: str, saved: SavedRow | None, then: str) -> Response:
    """The row again with what to mend or to choose, else back to the list, or on to the next one."""
    if saved is not None and saved.clashes and not saved.gone:
        return row_choices.both(request, replace(place, raw=saved.raw), row, saved.clashes, then)
    if then == "question" and place.ask:
        return see(f"{place.ask}?row={place.question.key}.{row}")
    if saved is not None and (saved.wrong or saved.overtaken):
        return _drawn(request, place, row, saved, blame=not saved.gone, status=409 if saved.overtaken else 422)
    if saved is not None and saved.revealed:
        return see(place.row(f"{row}?{MORE}=1"))
    if then == "another":
        return see(place.row(new_row()))
    return see(f"{place.list}{place.query}#{place.question.key}")


def kept(place: Place, row: str, saved: SavedRow, sent: Typed, now: datetime) -> JSONResponse:
    """The answer to the row's own script, which sent what was just typed."""
    question = place.question
    if not saved.kept:
        said = question.too_many(question.highest + 1).to(lang()) if saved.full else _gone(question)
        return JSONResponse({"message": said}, status_code=409)
    clashing = {cell.key for cell in question.questions if place.boxes(cell, row) & saved.clashes.keys()}
    shown = saved.row.readings if saved.row else {}
    seen = {}
    for cell in question.questions:
        for box in () if cell.key in clashing else place.boxes(cell, row):
            if cell.key not in shown:
                seen[WAS + box] = ""
            elif WAS + box in sent and sent.get(box, [""]) != sent[WAS + box]:
                seen[WAS + box] = " ".join(sent.get(box, ()))
    return told(seen, [question.name_of(row, key) for key in sorted(clashing)], now)


# — Drawing ————————————————————————————————————————————————————————————————————————————————————————————————————————


def _gone(question: GroupQuestion) -> str:
    return _("มีการเอา%(what)sนี้ออกจากอีกหน้าจอหนึ่งแล้ว ถ้ายังต้องการ กดบันทึกเพื่อเพิ่มกลับตามที่เห็น") % {
        "what": question.each.to(lang())
    }


def _changed(question: GroupQuestion) -> str:
    return _("มีการแก้%(what)sนี้จากอีกหน้าจอหนึ่ง ดูก่อน แล้วกดเอาออกอีกครั้งถ้ายังต้องการ") % {"what": question.each.to(lang())}


def _drawn(
    request: Request, place: Place, row: str, saved: SavedRow, *, blame: bool = False, status: int = 200
) -> Response:
    question = place.question
    ids = question.ids({one: (text,) for one, text in saved.raw.items()})
    new = row not in ids
    seen = [cell.key for cell in question.questions if saved.row is None or cell.key in saved.row.readings]
    moved = courtesy.moving(question.questions, question.cells, seen)
    drawn = [cell for cell in question.questions if cell.key in seen or cell.key in moved]
    views = [_field(question, cell, row, saved, blame=blame) for cell in drawn]
    why = question.too_many(len(ids) + 1) if saved.full else _gone(question) if saved.gone else ""
    first = [Problem("main", why or _changed(question))] if why or saved.changed else []
    page = RowPage(
        problems=(*first, *(Problem(view.at, view.problem) for view in views if view.problem)),
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
        action=place.row(f"{NEW}?row={row}" if new else row),
        keep=f"{place.rows}/{row}/keep",
        saved_at=place.saved_at,
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
    if blame and reading and reading.problem:
        return replace(view, problem=reading.problem, at=question.name_of(row, reading.at))
    return view
