"""Correcting what was sent: what it means, and the draft in which it is done."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core.web import Db, Fields, Now, form_token, render, see
from app.pages.citizen_form import house_of
from app.pages.contexts.after import ClockEffect, CorrectPage
from app.pages.who import Citizen
from app.stories import correct

router = APIRouter()


@router.get("/forms/{form_id}/correct")
def ask(request: Request, form_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """What correcting does: the old filing stands until the new one is sent, and time counts anew."""
    house = house_of(request)
    found = correct.look(db, house, citizen, form_id, now)
    if not found.possible:
        return see(f"/forms/{form_id}/track")
    page = CorrectPage(
        form_id=form_id,
        reference=found.form.reference,
        effects=tuple(
            ClockEffect(service=one.service.short_name, number=one.number, check_by=one.check_by, then=one.then)
            for one in found.clocks
        ),
        draft_id=found.draft.id if found.draft else None,
        token=form_token(house.settings.cookie_secret, citizen.session_id, "correct"),
    )
    return render(request, "citizen/correct.html", page)


@router.post("/forms/{form_id}/correct")
def begin(form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Open the draft in which it is corrected; the same one when it was begun before."""
    del fields
    return see(f"/forms/{correct.begin(db, citizen, form_id, now).id}")
