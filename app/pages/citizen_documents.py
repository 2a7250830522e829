"""Documents of the form: attach them, take them out again, look at what is there."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.form_models import FormState
from app.applications.inspection import SAME_FILE
from app.catalogue.schema import Text
from app.core.errors import NotFound
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see
from app.pages.arrivals import arrived
from app.pages.citizen_form import head_of, house_of
from app.pages.citizen_links import asking
from app.pages.citizen_unasked import unasked_page
from app.pages.contexts.documents import DocumentsPage
from app.pages.contexts.frame import Problem
from app.pages.document_views import kept_view, loose_view, told, views
from app.pages.who import Citizen
from app.stories import apply, attach, leafing, placing, scans, unasked, vault
from app.stories.apply import Draft

router = APIRouter()


def _documents_page(
    request: Request, db: Db, current: Draft, citizen: Citizen, wrong: dict[str, Text], now: Now
) -> DocumentsPage:
    house = house_of(request)
    offers = {key: kept_view(house, one) for key, one in vault.offers(db, citizen, current, now).items()}
    drawn = (replace(view, kept=offers.get(view.document.key)) for view in views(current, wrong))
    return DocumentsPage(
        problems=tuple(Problem(key, text) for key, text in wrong.items()),
        form=head_of(request, current),
        documents=tuple(drawn),
        papers=any(asked.document.prepared for asked in current.documents),
        loose=tuple(loose_view(current, upload) for upload in scans.loose(current)),
        paper_problem=wrong.get(placing.PAPER.key),
        asking=asking(current),
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "documents"),
    )


@router.get("/forms/{form_id}/documents")
def documents(request: Request, form_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """Everything to upload and everything that was fetched instead."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    if current.form.state is FormState.SUBMITTED:
        return see(f"/forms/{form_id}/track")
    return render(request, "citizen/documents.html", _documents_page(request, db, current, citizen, {}, now))


def _back(form_id: UUID, key: str, fields: Fields) -> str:
    """The page a document is attached on."""
    if one(fields, "back") == "renewal":
        return f"/forms/{form_id}/renewal#{key}"
    return f"/forms/{form_id}/unasked" if key == unasked.FILE.key else f"/forms/{form_id}/documents#{key}"


@router.post("/forms/{form_id}/documents/{key}")
def upload(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """A file arrives: judged at once by name, size and first bytes; looked through by a job."""
    house = house_of(request)
    given = arrived(request, db, citizen, form_id, key, fields)
    put = leafing.add if "more" in fields else attach.to_form
    problem = put(db, house, citizen, form_id, key, given, now)
    if problem is None:
        return see(_back(form_id, key, fields))
    current = replace(apply.draft(db, house, citizen, form_id), twin=key if problem.message == SAME_FILE else "")
    if key == unasked.FILE.key:
        return render(
            request, "citizen/unasked.html", unasked_page(request, current, citizen, told(problem)), status=422
        )
    page = _documents_page(request, db, current, citizen, {key: told(problem)}, now)
    drawn = (replace(view, typed=given.said) if view.document.key == key else view for view in page.documents)
    return render(request, "citizen/documents.html", replace(page, documents=tuple(drawn)), status=422)


@router.post("/forms/{form_id}/documents/{key}/reuse")
def reuse(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """One tap: a document that was verified once is used here again."""
    try:
        upload_id = UUID(one(fields, "upload"))
    except ValueError:
        raise NotFound from None
    vault.use(db, house_of(request), citizen, form_id, key, upload_id, now)
    return see(_back(form_id, key, fields))


@router.post("/forms/{form_id}/documents/{key}/code")
def code(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """The code of a paper that no picture told, as it was typed."""
    scans.by_hand(db, house_of(request), citizen, form_id, key, one(fields, "code")[:60], now)
    return see(_back(form_id, placing.PAPER.key, fields))


@router.post("/forms/{form_id}/documents/{key}/remove")
def remove(form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Take a file out again."""
    attach.remove(db, citizen, form_id, key, now)
    return see(_back(form_id, key, fields))


@router.get("/forms/{form_id}/files/{upload_id}")
def file(request: Request, form_id: UUID, upload_id: UUID, db: Db, citizen: Citizen) -> Response:
    """My own file, as stored."""
    found = attach.mine(db, citizen, form_id, upload_id)
    return as_file(house_of(request).files.read(found.digest), found.filename, found.media_type)


@router.get("/forms/{form_id}/files/{upload_id}/pages/{number}")
def picture(request: Request, form_id: UUID, upload_id: UUID, number: int, db: Db, citizen: Citizen) -> Response:
    """A picture of one page of my own file."""
    found = attach.mine(db, citizen, form_id, upload_id)
    if not 1 <= number <= len(found.previews):
        raise NotFound
    data = house_of(request).files.read(found.previews[number - 1])
    return as_file(data, f"page-{number}.png", "image/png", inline=True)
