"""What the form did not ask: free words and a file, which the officer reads and the service's owner counts."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.applications.form_models import FormState
from app.catalogue.merging import AskedDocument
from app.catalogue.schema import Text
from app.core.web import Db, Fields, Now, form_token, one, render, see, texts
from app.pages.choices import Disputed, Where, settled, side_by_side
from app.pages.citizen_form import head_of, house_of
from app.pages.contexts.after import UnaskedPage
from app.pages.contexts.documents import DocumentView
from app.pages.contexts.frame import Problem
from app.pages.document_views import document_view
from app.pages.kept import told
from app.pages.who import Citizen
from app.stories import apply, unasked
from app.stories.apply import Draft
from app.stories.boxes import WAS

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
def say(request: Request, form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Keep it; on to the check page, or to a choice where another screen said something else meanwhile."""
    left = settled(texts(fields))
    stands, disputed = unasked.say(db, citizen, form_id, left[0] if left else {}, now)
    if left is None or disputed:
        return _both(request, citizen, form_id, stands, fields)
    return see(f"/forms/{form_id}" if one(fields, "then") == "leave" else f"/forms/{form_id}/check")


@router.post("/forms/{form_id}/unasked/keep")
def keep_said(form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Keep it while it is being written; the page's own script asks."""
    key, sent = unasked.FILE.key, texts(fields)
    _stands, disputed = unasked.say(db, citizen, form_id, sent, now)
    return told({} if disputed else {WAS + key: one(fields, key)}, [key] if disputed else [], now)


def _both(request: Request, citizen: Citizen, form_id: UUID, stands: str, fields: FormData) -> Response:
    """What another screen said and what was written here, side by side."""
    key, here = unasked.FILE.key, f"/forms/{form_id}/unasked"
    token = form_token(house_of(request).settings.cookie_secret, citizen.session_id, "documents")
    disputed = Disputed(key, unasked.NAME, {key: stands}, lambda raw: raw[key])
    where = Where(unasked.NAME, here, f"{here}/keep", here, token)
    return side_by_side(request, where, [disputed], {key: one(fields, key)}, one(fields, "then"), texts(fields))
