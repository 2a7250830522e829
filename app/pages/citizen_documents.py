"""Documents of the form: what is attached, what was fetched instead, and what the form did not ask."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from app.applications.form_models import FormState, Upload, UploadState
from app.applications.inspection import SAME_FILE
from app.applications.inspection import Problem as FileProblem
from app.applications.vault import Verified
from app.catalogue.merging import AskedDocument
from app.catalogue.schema import Document, Service, Text
from app.core.clock import bangkok_date
from app.core.errors import Invalid, NotFound
from app.core.i18n import filled
from app.core.thai import date_long, file_size
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see
from app.pages.citizen_form import head_of, house_of
from app.pages.citizen_links import asking, evidence_view, link_view
from app.pages.contexts.after import UnaskedPage
from app.pages.contexts.citizen import DocumentsPage, DocumentState, DocumentView, KeptView, LooseView
from app.pages.contexts.frame import FileView, Problem
from app.pages.who import Citizen
from app.stories import apply, attach, dating, leafing, linking, placing, scans, unasked, vault
from app.stories.apply import Draft
from app.stories.attach import Arrival
from app.stories.house import House

router = APIRouter()


def same_in_both(words: str) -> Text:
    """Words already in the reader's language, where a page wants a Text."""
    return Text.model_construct(th=words, en=words)


def told(problem: FileProblem) -> Text:
    """Why a file is not taken, in the reader's language."""
    return same_in_both(filled(problem.message, problem.values))


def file_view(upload: Upload, base: str) -> FileView:
    """A stored file as a person recognises it."""
    return FileView(
        name=upload.filename,
        size=file_size(upload.size),
        href=f"{base}/{upload.id}",
        pages=upload.pages,
        previews=tuple(f"{base}/{upload.id}/pages/{n}" for n in range(1, len(upload.previews) + 1)),
    )


def document_view(current: Draft, asked: AskedDocument, problem: Text | None = None) -> DocumentView:
    """One document of the form with the state of its file."""
    upload = current.files.get(asked.key)
    if problem is None and upload is not None and upload.problem is not None:
        problem = told(FileProblem(upload.problem["message"], upload.problem["values"]))
    mine = [one for one in current.signers if one.document_key == asked.key]
    signed = tuple(one.name for one in mine if one.signed_at)
    changed, aged = current.stale.get(asked.key), current.aged.get(asked.key)
    if aged is not None and problem is None:
        problem = told(aged)
    return DocumentView(
        document=asked.document,
        state="missing" if upload is None else _state(upload, stale=changed is not None, aged=aged is not None),
        needed_by=tuple(s.short_name for s in current.services if s.slug in asked.services),
        file=file_view(upload, f"/forms/{current.form.id}/files") if upload else None,
        problem=problem,
        may_be_both=current.twin == asked.key,
        upload_id=str(upload.id) if upload else "",
        note=_notes(current, asked),
        claimed=claimed(asked.document, upload.variant, upload.issued_on) if upload else (),
        paper_href=f"/forms/{current.form.id}/papers/{asked.key}" if asked.document.prepared else "",
        changed=changed or (),
        waiting=tuple(one.name for one in mine if not one.signed_at),
        from_paper=bool(upload and upload.paper_id and not signed),
        signed=signed if upload and upload.paper_id else (),
        link=link_view(current, asked),
        takes_more=upload is not None and leafing.takes_more(upload),
    )


def _state(upload: Upload, *, stale: bool, aged: bool) -> DocumentState:
    if aged and upload.state is UploadState.CLEAN:
        return "refused"
    return "stale" if stale else upload.state.value


def claimed(document: Document, variant: str, issued_on: date | None) -> tuple[Text, ...]:
    """What was said of a file, as people read it."""
    which = [one.name for one in document.alternatives if one.key == variant]
    if issued_on is None:
        return tuple(which)
    day = Text.model_construct(th=date_long(issued_on, "th"), en=date_long(issued_on, "en"))
    return (*which, _ISSUED.filled(day=day))


_ISSUED = Text(th="ออกเมื่อ {day}", en="Issued on {day}")


def _notes(current: Draft, asked: AskedDocument) -> Text | None:
    """What each service adds, said in its name when the form is for several."""
    names = {s.slug: s.short_name for s in current.services} if len(current.services) > 1 else {}
    said = [(names.get(slug), use.note) for slug, use in asked.uses.items() if use.note]
    th, en = (
        " ".join(f"{name.to(lang)}: {note.to(lang)}" if name else note.to(lang) for name, note in said)
        for lang in ("th", "en")
    )
    return Text.model_construct(th=th, en=en) if said else None


def _loose_view(current: Draft, upload: Upload) -> LooseView:
    """A paper whose place is not known yet."""
    said = upload.problem
    return LooseView(
        key=upload.document_key,
        file=file_view(upload, f"/forms/{current.form.id}/files"),
        checking=upload.state is UploadState.CHECKING,
        problem=told(FileProblem(said["message"], said["values"])) if said else None,
        unread=scans.unread(upload),
    )


def _fetched_view(current: Draft, asked: AskedDocument) -> DocumentView:
    names = {s.slug: s.short_name for s in current.services}
    said = current.evidence(asked)
    return DocumentView(
        document=asked.document,
        state="fetched",
        needed_by=tuple(names[slug] for slug in asked.services),
        source=said.source if said else "",
        at=said.at if said else None,
        evidence=evidence_view(said) if said else None,
        link=link_view(current, asked),
    )


def _produced_view(current: Draft, asked: AskedDocument, by: Service) -> DocumentView:
    names = {s.slug: s.short_name for s in current.services}
    return DocumentView(
        document=asked.document,
        state="produced",
        needed_by=tuple(names[slug] for slug in asked.services),
        source=linking.to_be_issued(by).source,
    )


def views(current: Draft, wrong: dict[str, Text]) -> tuple[DocumentView, ...]:
    """Every document of the form: what was fetched instead, then what is attached; with what is wrong just now."""
    return (
        *(_fetched_view(current, asked) for asked in current.fetched_documents),
        *(_produced_view(current, asked, by) for asked, by in current.produced_documents),
        *(document_view(current, asked, wrong.get(asked.key)) for asked in current.documents),
    )


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
        loose=tuple(_loose_view(current, upload) for upload in scans.loose(current)),
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


def arrival(fields: Fields, key: str = "") -> Arrival:
    """The posted file; an empty one when none was chosen."""
    given = [file for file in (fields.get("file"), fields.get("photo")) if isinstance(file, UploadFile)]
    if not given:
        raise Invalid("เลือกไฟล์ที่จะแนบก่อน")
    upload = next((file for file in given if file.size), given[0])
    seen = one(fields, "seen") if "seen" in fields else None
    both = one(fields, "both") == "yes"
    return Arrival(upload.filename or "", upload.file, upload.size or 0, both=both, seen=seen, said=_said(fields, key))


def _said(fields: Fields, key: str) -> dict[str, str]:
    """What stands in the boxes beside the file of a document."""
    return {part: one(fields, f"said-{key}.{part}") for part in dating.PARTS}


def _arrived(request: Request, db: Db, citizen: Citizen, form_id: UUID, key: str, fields: Fields) -> Arrival:
    """What was sent with the form, or before it in pieces."""
    if not (incoming := one(fields, "incoming")):
        return arrival(fields, key)
    try:
        whole = attach.gathered(db, house_of(request), citizen, form_id, UUID(incoming))
    except ValueError:
        raise NotFound from None
    seen = one(fields, "seen") if "seen" in fields else None
    return replace(whole, both=one(fields, "both") == "yes", seen=seen, said=_said(fields, key))


def _back(form_id: UUID, key: str, fields: Fields) -> str:
    """The page a document is attached on."""
    if one(fields, "back") == "renewal":
        return f"/forms/{form_id}/renewal#{key}"
    return f"/forms/{form_id}/unasked" if key == unasked.FILE.key else f"/forms/{form_id}/documents#{key}"


@router.post("/forms/{form_id}/documents/{key}")
def upload(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """A file arrives: judged at once by name, size and first bytes; looked through by a job."""
    house = house_of(request)
    given = _arrived(request, db, citizen, form_id, key, fields)
    put = leafing.add if "more" in fields else attach.to_form
    problem = put(db, house, citizen, form_id, key, given, now)
    if problem is None:
        return see(_back(form_id, key, fields))
    current = replace(apply.draft(db, house, citizen, form_id), twin=key if problem.message == SAME_FILE else "")
    if key == unasked.FILE.key:
        return render(
            request, "citizen/unasked.html", _unasked_page(request, current, citizen, told(problem)), status=422
        )
    page = _documents_page(request, db, current, citizen, {key: told(problem)}, now)
    drawn = (replace(view, typed=given.said) if view.document.key == key else view for view in page.documents)
    return render(request, "citizen/documents.html", replace(page, documents=tuple(drawn)), status=422)


def kept_view(house: House, found: Verified) -> KeptView:
    """A verified document as a person recognises it."""
    upload, services = found.upload, house.catalogue.documents
    return KeptView(
        upload_id=upload.id,
        name=services[upload.document_key].name if upload.document_key in services else unasked.FILE.name,
        file=upload.filename,
        size=file_size(upload.size),
        number=found.number,
        agency=house.agency(found.agency_code).name,
        attached_on=bangkok_date(upload.uploaded_at),
        until=bangkok_date(found.until),
    )


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


# — What the form did not ask ——————————————————————————————————————————————————————————————————————————————————————


def unasked_view(current: Draft, problem: Text | None = None) -> DocumentView | None:
    """The file that came with it; None when there is none and nothing is to be said about it."""
    if unasked.FILE.key not in current.files and problem is None:
        return None
    return document_view(current, AskedDocument(unasked.FILE, {}), problem)


def _unasked_page(request: Request, current: Draft, citizen: Citizen, problem: Text | None = None) -> UnaskedPage:
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
    return render(request, "citizen/unasked.html", _unasked_page(request, current, citizen))


@router.post("/forms/{form_id}/unasked")
def say(form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Keep it; on to the check page."""
    unasked.say(db, citizen, form_id, one(fields, "unasked"), now)
    return see(f"/forms/{form_id}" if one(fields, "then") == "leave" else f"/forms/{form_id}/check")
