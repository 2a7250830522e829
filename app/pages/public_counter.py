"""The blank form of a service for those who file at the counter."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core import i18n
from app.core.web import as_file
from app.pages.citizen_form import house_of
from app.stories import counter

router = APIRouter()


@router.get("/services/{slug}/form.pdf")
def blank(request: Request, slug: str) -> Response:
    """The form to print, from the record the engine itself runs on."""
    name, data = counter.blank(house_of(request), slug, i18n.lang())
    return as_file(data, name, "application/pdf")
