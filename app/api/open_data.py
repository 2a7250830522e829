"""Open data: what anybody may fetch, keep and compare with, without asking who they are."""

import csv
import io
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.core.clock import bangkok_date
from app.core.web import Db, Now
from app.licences import void
from app.stories.house import House

router = APIRouter()

COLUMNS = ("agency", "number", "service", "status", "since", "sha256")
"""No holder, no address, no code: a list must not lead to people."""


def _rows(db: Db, house: House, now: Now) -> list[dict[str, Any]]:
    return [
        {
            "agency": house.agency(row.agency_code).name.th,
            "number": row.number,
            "service": row.service_slug,
            "status": str(row.status),
            "since": row.since.isoformat() if row.since else None,
            "sha256": list(row.digests),
        }
        for row in void.listed(db, bangkok_date(now))
    ]


@router.get("/open-data/licences-not-valid.json")
def as_json(request: Request, db: Db, now: Now) -> Response:
    """Every licence that is suspended, given back or revoked, and replaced editions, with the hash of each file."""
    house: House = request.app.state.house
    body = {"made_at": now.isoformat(), "publisher": house.settings.base_url, "licences": _rows(db, house, now)}
    return JSONResponse(body, headers=_OPEN)


@router.get("/open-data/licences-not-valid.csv")
def as_csv(request: Request, db: Db, now: Now) -> Response:
    """The same for a spreadsheet: one row for each hash."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for row in _rows(db, request.app.state.house, now):
        for digest in row["sha256"]:
            table.writerow([*(row[name] for name in COLUMNS[:-1]), digest])
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=_OPEN)


_OPEN = {"Access-Control-Allow-Origin": "*"}
"""Anybody's page may read it. It is never kept on the way: a licence revoked a minute ago is on the list."""
