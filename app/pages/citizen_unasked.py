"""What the form did not ask: free words and a file, which the officer reads and the service's owner counts."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.form_models import FormState
from app.catalogue.merging import AskedDocument
from app.catalogue.schema import Text
from app.core.web import Db, Fields, Now, form_token, one, render, see
from app.pages.citizen_form import head_of, house_of
from app.pages.contexts.after import UnaskedPage
from app.pages.contexts.documents import DocumentView
from app.pages.contexts.frame import Problem
from app.pages.document_views import document_view
from app.pages.who import Citizen
from app.stories import apply, unasked
from app.stories.apply import Draft

router = APIRouter()


def unasked_view(current: Draft, problem: Text | None = None) -> DocumentView | None:
    """The file that came with it; None when there is none and nothing is to be said about it."""
    if unasked.FILE.key not in current.files and problem is None:
        return None
    return document_view(current, AskedDocument(unasked.FILE, {}), problem)


def unasked_page(request: Request, current: Draft, citizen: Citizen, problem: Text | None = None) -> UnaskedPage:
    """The page; `problem`: why the file just sent is not taken."""
    empty = document_view(current, AskedDocument(unasked.FILE, {}), problem)
    return UnaskedPage(
        problems=(Problem(unasked.FILE.key, problem),) if problem else (),
        form=head_of(request, current),
        text=current.form.unasked,
        document=empty,
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "documents"),
    )


@router.get("/forms/{form_id}/unasked")
def beside(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """Whatever I want to say that nobody asked; it may stay empty."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    if current.form.state is not FormState.DRAFT:
        return see(f"/forms/{form_id}/track")
    return render(request, "citizen/unasked.html", unasked_page(request, current, citizen))


@router.post("/forms/{form_id}/unasked")
def say(form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Keep it; on to the check page."""
    unasked.say(db, citizen, form_id, one(fields, "unasked"), now)
    return see(f"/forms/{form_id}" if one(fields, "then") == "leave" else f"/forms/{form_id}/check")
