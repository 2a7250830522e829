"""Two answers to one question of a row."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import Response

from app.catalogue.cells import AnyCell
from app.pages.choices import Disputed, Where, side_by_side
from app.pages.questions import in_words
from app.pages.row_places import Place
from app.stories.boxes import Typed


def again(request: Request, place: Place, row: str, sent: Typed) -> Response:
    """Both answers once more, where a choice was left open."""
    start = place.question.name_of(row, "")
    typed = {name: texts[0] for name, texts in sent.items() if name.startswith(start)}
    return both(request, place, row, typed, next(iter(sent.get("then", ())), ""), sent)


def both(
    request: Request, place: Place, row: str, typed: Mapping[str, str], then: str, sent: Typed | None = None
) -> Response:
    """What stands in a row and what was typed, one choice per question."""
    cells = [cell for cell in place.question.questions if place.boxes(cell, row) & typed.keys()]
    here = place.row(row)
    where = Where(place.question.name, here, f"{place.rows}/{row}/keep", here, place.token)
    return side_by_side(request, where, [_disputed(place, cell, row) for cell in cells], typed, then, sent or {})


def _disputed(place: Place, cell: AnyCell, row: str) -> Disputed:
    start = place.question.name_of(row, "")

    def words(raw: Mapping[str, str]) -> str:
        fields = {name.removeprefix(start): (said,) for name, said in raw.items()}
        return in_words(cell, cell.read(fields).value, raw)

    stands = {box: place.raw.get(box, "") for box in sorted(place.boxes(cell, row))}
    return Disputed(place.question.name_of(row, cell.key), cell.name, stands, words)
