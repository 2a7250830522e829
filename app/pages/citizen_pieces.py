"""Large files in pieces, for the page's own script: where to go on, and one piece at a time."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from app.core.web import Db, Fields, Now, one
from app.pages.citizen_form import house_of
from app.pages.document_views import told
from app.pages.who import Citizen
from app.stories import attach

router = APIRouter()


async def _body(request: Request) -> bytes:
    return await request.body()


Piece = Annotated[bytes, Depends(_body)]
"""The raw body, already bounded in size."""


@router.post("/forms/{form_id}/documents/{key}/pieces")
def begin(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Announce a file by name, size and mark; how much of it is here. Refused at once when it could not be taken."""
    size = one(fields, "size")
    what = (one(fields, "name"), int(size) if size.isascii() and size.isdigit() and len(size) < 12 else 0)
    found = attach.in_pieces(db, house_of(request), citizen, form_id, key, (*what, one(fields, "mark")[:40]), now)
    if isinstance(found, tuple):
        return JSONResponse({"id": str(found[0]), "received": found[1], "piece": found[2]})
    return JSONResponse({"problem": told(found).th})


@router.post("/forms/{form_id}/pieces/{incoming_id}")
def add(
    request: Request,
    form_id: UUID,
    incoming_id: UUID,
    piece: Piece,
    db: Db,
    citizen: Citizen,
    at: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """One piece; how much is here now, which is where the next one begins."""
    return JSONResponse({"received": attach.piece(db, house_of(request), citizen, form_id, incoming_id, at, piece)})
