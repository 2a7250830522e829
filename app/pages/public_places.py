"""Places in the country for what somebody types: names everybody knows, nothing about anybody."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from app.catalogue import suggesting
from app.core import i18n

router = APIRouter()


@router.get("/places")
def places(q: str = "") -> Response:
    """The places that these letters may begin, in words that a form understands."""
    found = suggesting.beginning(q[: suggesting.LONGEST])
    return JSONResponse({"places": [place.show(i18n.lang()) for place in found]})
