"""By what right a form was sent, as an officer reads it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.applications import standing
from app.applications.models import Application
from app.core.thai import format_citizen_id
from app.pages.contexts.officer import StandingView


def standing_view(db: Session, application: Application) -> StandingView | None:
    """None when the applicant sent it in person."""
    found = standing.of_form(db, application.single_form_id)
    if found is None:
        return None
    said: dict[str, Any] = found.said
    mandate: dict[str, Any] = said.get("mandate") or {}
    check = standing.check_of(db, application.id)
    return StandingView(
        basis=found.basis.value,
        person=found.person_name,
        party=said["party"],
        needs_officer=found.needs_officer,
        juristic_id=format_citizen_id(said["juristic_id"]) if said.get("juristic_id") else "",
        status=said.get("status", ""),
        directors=tuple(said.get("directors", ())),
        authority_text=said.get("authority_text", ""),
        profile_at=datetime.fromisoformat(said["profile_at"]) if said.get("profile_at") else None,
        director=mandate.get("director") or said.get("director", ""),
        mandate_by=mandate.get("given_by", ""),
        mandate_until=date.fromisoformat(mandate["until"]) if mandate else None,
        confirmed_by=check.officer_name if check else "",
        confirmed_at=check.at if check else None,
        note=check.note if check else "",
    )
