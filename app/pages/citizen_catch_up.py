"""A service changed while its form was being filled: what changed, and on with the version in force."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.form_models import FormState
from app.core.errors import Conflict
from app.core.web import Db, Fields, Now, form_token, one, render, see, token_holds
from app.pages.citizen_form import head_of, house_of
from app.pages.contexts.catching_up import CatchUpPage, LookView, ServiceStep
from app.pages.who import Citizen
from app.stories import catching_up

router = APIRouter()


@router.get("/forms/{form_id}/changes")
def changes(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """What changed since I began, and which answers need another look."""
    found = catching_up.pending(db, house_of(request), citizen, form_id)
    if found.draft.form.state is FormState.SUBMITTED:
        return see(f"/forms/{form_id}/track")
    return render(request, "citizen/changes.html", _page(request, citizen, found))


@router.post("/forms/{form_id}/changes")
def move_on(request: Request, form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """I have read it: on with the versions in force."""
    house = house_of(request)
    if not token_holds(house.settings.cookie_secret, citizen.session_id, "catch_up", one(fields, "token")):
        raise Conflict("เปิดหน้านี้นานเกินไปหรือเปลี่ยนผู้ที่ทำแทนแล้ว เปิดหน้าอีกครั้งแล้วทำรายการใหม่")
    catching_up.move_on(db, house, citizen, form_id, now)
    return see(f"/forms/{form_id}")


def _page(request: Request, citizen: Citizen, found: catching_up.Behind) -> CatchUpPage:
    form = found.draft.form.id
    return CatchUpPage(
        form=head_of(request, found.draft),
        services=tuple(
            ServiceStep(one.after.short_name, one.before.version, one.after.version, one.changes) for one in found.steps
        ),
        looks=tuple(
            LookView(look.question.name, f"/forms/{form}/topics/{look.topic}#{look.question.fields[0]}")
            for look in found.looks
        ),
        kept=found.kept,
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "catch_up"),
    )
