"""The bank's door: a signed confirmation is kept and answered; settlement is a job that asks the bank back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from app.core.web import Db, Now
from app.stories import pay

router = APIRouter()


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]


@router.post("/callbacks/bank")
def confirmation(request: Request, body: Body, db: Db, now: Now) -> JSONResponse:
    """One knock. Refusals are returned, not raised: the record of them must be committed."""
    received = pay.hear(db, request.app.state.house, body, request.headers, now)
    return JSONResponse(received.answer, status_code=received.status)
