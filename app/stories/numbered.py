"""What a number or a reference names, however its spaces, dashes and digits were typed."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.core.thai import arabic, clean


def by_number(db: Session, text: str) -> Application | None:
    """The application with this number, however its spaces, dashes and digits were typed."""
    wanted = _squeezed(text)
    if not 6 <= len(wanted) <= 24:
        return None
    squeezed = _sql_squeezed(Application.number)
    return db.scalar(select(Application).where(squeezed == wanted))


def by_reference(db: Session, text: str) -> list[Application]:
    """The applications of a form reference (JD …)."""
    wanted = _squeezed(text)
    if not 6 <= len(wanted) <= 24:
        return []
    query = (
        select(Application)
        .join(SingleForm, SingleForm.id == Application.single_form_id)
        .where(_sql_squeezed(SingleForm.reference) == wanted)
        .order_by(Application.number)
    )
    return list(db.scalars(query))


def _squeezed(text: str) -> str:
    return "".join(c for c in arabic(clean(text)).upper() if c.isalnum())


def _sql_squeezed(column: Any) -> Any:
    return func.replace(func.replace(column, " ", ""), "-", "")
