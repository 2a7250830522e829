"""Is it alive, is it ready: for the container, the load balancer and the status line on the home page."""

from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.web import Db

router = APIRouter()

Pulse = Literal["well", "slow", "down"]
CROWDED = 200
"""Jobs waiting above which a person notices: files are looked through and documents drawn later than usual."""


def pulse(db: Session) -> Pulse:
    """How the portal is, for the home page. A database that does not answer keeps nobody from reading the manuals."""
    try:
        waiting = jobs.waiting(db)
    except SQLAlchemyError:
        db.rollback()
        return "down"
    return "slow" if waiting > CROWDED else "well"


@router.get("/livez")
async def alive() -> PlainTextResponse:
    """The process answers; touches nothing else."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def ready(request: Request, db: Db) -> JSONResponse:
    """Database, schema and file store answer; how many jobs wait."""
    head = db.execute(text("select version_num from alembic_version")).scalar_one()
    folder: Path = request.app.state.settings.data_dir
    return JSONResponse({"schema": head, "jobs": jobs.waiting(db), "files": folder.is_dir()})


@router.post("/csp-report")
async def csp_report() -> Response:
    """A browser tells that the content policy was broken; never stored (a report may hold addresses)."""
    return Response(status_code=204)
