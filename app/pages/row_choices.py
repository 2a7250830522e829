"""Two answers to one question of a row, side by side: nobody's is overwritten until the person chose."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import Response

from app.catalogue.cells import AnyCell
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.web import render
from app.pages.contexts.frame import Problem
from app.pages.contexts.saving import ClashPage, ClashView
from app.pages.questions import in_words
from app.pages.row_places import Place, Typed
from app.stories.rows import WAS

CHOOSE, ASKED = "choose.", "asked."
SIDES = frozenset({"mine", "theirs"})


def settled(sent: Typed) -> tuple[Typed, str] | None:
    """What is to be kept of a row that was sent, and what then; None while a choice between two answers is open."""
    then = next(iter(sent.get("then", ())), "")
    asked = _under(ASKED, sent)
    if not asked:
        return sent, then
    said = _under(CHOOSE, sent)
    if any(said.get(cell) not in SIDES for cell in asked):
        return None
    theirs = [cell for cell in asked if said[cell] == "theirs"]
    mine = {name: texts for name, texts in sent.items() if not _within(name.removeprefix(WAS), theirs)}
    return mine, then


def again(request: Request, place: Place, row: str, sent: Typed) -> Response:
    """Both answers once more, where a choice was left open."""
    start = place.question.name_of(row, "")
    typed = {name: texts[0] for name, texts in sent.items() if name.startswith(start)}
    return both(request, place, row, typed, next(iter(sent.get("then", ())), ""), _under(CHOOSE, sent))


def both(
    request: Request,
    place: Place,
    row: str,
    typed: Mapping[str, str],
    then: str,
    picked: Mapping[str, str] | None = None,
) -> Response:
    """What stands and what was typed, one choice per question; `picked`: what was chosen so far, when some is open."""
    cells = [cell for cell in place.question.questions if place.boxes(cell, row) & typed.keys()]
    views = tuple(_view(place, cell, row, typed, picked) for cell in cells)
    page = ClashPage(
        problems=tuple(Problem(f"choose.{view.key}", view.problem) for view in views if view.problem),
        title=place.question.name,
        here=place.row(row),
        clashes=views,
        action=place.row(row),
        keep=f"{place.rows}/{row}/keep",
        then=then,
        token=place.token,
    )
    return render(request, "citizen/clash.html", page, status=409 if picked is None else 422)


def _view(
    place: Place, cell: AnyCell, row: str, typed: Mapping[str, str], picked: Mapping[str, str] | None
) -> ClashView:
    stands = {box: place.raw.get(box, "") for box in sorted(place.boxes(cell, row))}
    mine = {box: typed.get(box, said) for box, said in stands.items()}
    key = place.question.name_of(row, cell.key)
    chosen = (picked or {}).get(key, "")
    left_open = picked is not None and chosen not in SIDES
    return ClashView(
        key=key,
        label=cell.name,
        theirs=_words(place, cell, row, stands),
        by="",
        at=None,
        mine=_words(place, cell, row, mine),
        raw=mine,
        marks={f"{ASKED}{key}": "1", **{WAS + box: said for box, said in stands.items()}},
        chosen=chosen,
        problem=_("เลือกคำตอบที่จะใช้ใน “%(name)s”") % {"name": cell.name.to(lang())} if left_open else "",
    )


def _words(place: Place, cell: AnyCell, row: str, raw: Mapping[str, str]) -> str:
    start = place.question.name_of(row, "")
    fields = {name.removeprefix(start): (said,) for name, said in raw.items()}
    return in_words(cell, cell.read(fields).value, raw)


def _under(prefix: str, sent: Typed) -> dict[str, str]:
    return {name.removeprefix(prefix): texts[0] for name, texts in sent.items() if name.startswith(prefix)}


def _within(box: str, cells: list[str]) -> bool:
    return any(box == cell or box.startswith(f"{cell}.") for cell in cells)
