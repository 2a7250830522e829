"""What the script of a page is told after it sent what was just typed: in words, marks and clashes."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from fastapi.responses import JSONResponse

from app.core import i18n
from app.core.i18n import gettext as _
from app.core.thai import time_short


def told(seen: Mapping[str, object], clashes: Iterable[str], now: datetime) -> JSONResponse:
    """When it was kept, what each mark of the page stands at now, and the questions that somebody else answered."""
    words = _("บันทึกแล้ว %(time)s") % {"time": time_short(now, i18n.lang())}
    marks = {name: str(mark) for name, mark in seen.items()}
    return JSONResponse({"words": words, "seen": marks, "clashes": list(clashes)})
