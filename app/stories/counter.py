"""For the counter: the blank form of a service, drawn once for each version and language."""

from datetime import UTC, datetime, time
from typing import Final

from app.catalogue.blank_form import blank_form
from app.core.errors import NotFound
from app.stories.house import House
from app.stories.sealing import unsigned

_DRAWN: Final[dict[tuple[str, int, str], bytes]] = {}
"""A published version never changes, so neither does its form."""


def blank(house: House, slug: str, lang: str) -> tuple[str, bytes]:
    """The name and the PDF of the blank form of a service as it is now; NotFound."""
    service = house.catalogue.services.get(slug)
    if service is None:
        raise NotFound
    key = (slug, service.version, lang)
    if key not in _DRAWN:
        reviewed = datetime.combine(service.last_reviewed, time(), UTC)
        _DRAWN[key] = unsigned(house, blank_form(service, house.catalogue.questions, lang), reviewed).data
    return f"form-{service.code}-{service.version}.pdf", _DRAWN[key]
