"""Documents, the check page, sending once, and the confirmation with its receipt."""

from uuid import UUID

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import Response

from app.applications import forms
from app.applications.inspection import Problem as FileProblem
from app.applications.models import FormState, Upload, UploadState
from app.catalogue.answers import AskedDocument
from app.catalogue.schema import Text
from app.core import i18n
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import filled
from app.core.i18n import gettext as _
from app.core.thai import file_size
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see, token_holds
from app.pages.citizen_form import head_of, house_of
from app.pages.contexts.citizen import (
    CheckPage,
    CheckRow,
    CheckSection,
    ConfirmationPage,
    DocumentsPage,
    DocumentView,
    PartView,
    SentApplication,
)
from app.pages.contexts.frame import FeeLine, FileView, Problem
from app.pages.who import Citizen
from app.stories import apply, attach, send, sent, sources
from app.stories.apply import Draft
from app.stories.attach import Arrival
from app.stories.send import Part, Summary
from app.stories.sent import Sent

router = APIRouter()

UPLOAD_LIMIT = 11 * 1024 * 1024
"""Bytes of a whole upload request: the largest document (10 MB) and what surrounds it."""


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
    refused = upload is not None and upload.state is UploadState.REFUSED and upload.problem is not None
    if refused and problem is None and upload is not None and upload.problem is not None:
        problem = told(FileProblem(upload.problem["message"], upload.problem["values"]))
    return DocumentView(
        document=asked.document,
        state="missing" if upload is None else upload.state.value,
        needed_by=tuple(s.short_name for s in current.services if s.slug in asked.services),
        file=file_view(upload, f"/forms/{current.form.id}/files") if upload else None,
        problem=problem,
        note=_notes(current, asked),
    )


def _notes(current: Draft, asked: AskedDocument) -> Text | None:
    """What each service adds, said in its name when the form is for several."""
    names = {s.slug: s.short_name for s in current.services} if len(current.services) > 1 else {}
    said = [(names.get(slug), use.note) for slug, use in asked.uses.items() if use.note]
    th, en = (
        " ".join(f"{name.to(lang)}: {note.to(lang)}" if name else note.to(lang) for name, note in said)
        for lang in ("th", "en")
    )
    return Text.model_construct(th=th, en=en) if said else None


def _fetched_view(current: Draft, asked: AskedDocument) -> DocumentView:
    names = {s.slug: s.short_name for s in current.services}
    return DocumentView(
        document=asked.document,
        state="fetched",
        needed_by=tuple(names[slug] for slug in asked.services),
        source=sources.NAMES[asked.document.waived_by or sources.DOPA],
        at=current.form.prefill_at,
    )


def _views(current: Draft, wrong: dict[str, Text]) -> tuple[DocumentView, ...]:
    return (
        *(_fetched_view(current, asked) for asked in current.fetched_documents),
        *(document_view(current, asked, wrong.get(asked.key)) for asked in current.documents),
    )


def _documents_page(request: Request, current: Draft, citizen: Citizen, wrong: dict[str, Text]) -> DocumentsPage:
    return DocumentsPage(
        problems=tuple(Problem(key, text) for key, text in wrong.items()),
        form=head_of(request, current),
        documents=_views(current, wrong),
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "documents"),
    )


@router.get("/forms/{form_id}/documents")
def documents(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """Everything to upload and everything that was fetched instead."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    if current.form.state is FormState.SUBMITTED:
        return see(f"/forms/{form_id}/track")
    return render(request, "citizen/documents.html", _documents_page(request, current, citizen, {}))


def arrival(fields: Fields) -> Arrival:
    """The posted file; an empty one when none was chosen."""
    file = fields.get("file")
    if file is None or isinstance(file, str):
        raise Invalid("เลือกไฟล์ที่จะแนบก่อน")
    upload: UploadFile = file  # type: ignore[assignment]
    return Arrival(upload.filename or "", upload.file, upload.size or 0)


@router.post("/forms/{form_id}/documents/{key}")
def upload(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """A file arrives: judged at once by name, size and first bytes; looked through by a job."""
    house = house_of(request)
    problem = attach.to_form(db, house, citizen, form_id, key, arrival(fields), now)
    if problem is None:
        return see(f"/forms/{form_id}/documents#{key}")
    current = apply.draft(db, house, citizen, form_id)
    page = _documents_page(request, current, citizen, {key: told(problem)})
    return render(request, "citizen/documents.html", page, status=422)


@router.post("/forms/{form_id}/documents/{key}/remove")
def remove(form_id: UUID, key: str, db: Db, citizen: Citizen, now: Now) -> Response:
    """Take a file out again."""
    attach.remove(db, citizen, form_id, key, now)
    return see(f"/forms/{form_id}/documents#{key}")


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


# — Check and send ——————————————————————————————————————————————————————————————————————————————————————————————————


def _check_page(request: Request, shown: Summary, citizen: Citizen, *problems: Problem) -> CheckPage:
    current = shown.draft
    lang = i18n.lang()
    lacking = {m.key for m in current.missing if m.kind != "document"}
    base = f"/forms/{current.form.id}/topics"
    sections = tuple(
        CheckSection(
            title=topic.title,
            rows=tuple(
                CheckRow(
                    label=row.question.name,
                    text=row.question.show(row.value, lang) if row.value is not None else "",
                    href=""
                    if not row.question.asked or (row.held and row.held.from_registry)
                    else f"{base}/{topic.key}?back=check#{row.question.fields[0]}",
                    source=sources.said_by(row.held.source) if row.held and row.held.from_registry else "",
                    source_on=bangkok_date(row.held.source_at)
                    if row.held and row.held.from_registry and row.held.source_at
                    else None,
                    missing=row.question.key in lacking,
                )
                for row in shown.rows
                if row.topic == topic.key
            ),
        )
        for topic in current.topics
    )
    obstacle = shown.obstacle
    stuck = () if obstacle is None else (Problem("main", filled(obstacle.message, obstacle.values)),)
    return CheckPage(
        problems=(*stuck, *problems),
        form=head_of(request, current),
        sections=sections,
        documents=_views(current, {}),
        fees=None
        if shown.quote is None
        else tuple(FeeLine(line.label, line.law, line.satang, line.explanation) for line in shown.quote.lines),
        total_satang=shown.quote.total if shown.quote else 0,
        parts=tuple(_part_view(part) for part in shown.parts),
        effort=current.effort,
        declarations=tuple(dict.fromkeys(d for s in current.services for d in s.declarations)),
        idempotency_key=shown.sha256,
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, f"submit:{shown.sha256}"),
    )


def _part_view(part: Part) -> PartView:
    return PartView(
        service=part.service.short_name,
        agency=part.place.agency.name if part.place else None,
        office=part.place.office.name if part.place else None,
        satang=part.quote.total if part.quote else None,
        duration=part.service.duration.words,
        answers=tuple(question.name for question in part.questions),
        documents=tuple(asked.name for asked in part.documents),
    )


@router.get("/forms/{form_id}/check")
def check(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """Everything as it will be sent."""
    shown = send.summary(db, house_of(request), citizen, form_id)
    if shown.draft.form.state is FormState.SUBMITTED:
        return see(f"/forms/{form_id}/confirmation")
    return render(request, "citizen/check.html", _check_page(request, shown, citizen))


@router.post("/forms/{form_id}/submit")
def submit(request: Request, form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Send. The key is the hash of what was shown: pressing twice, or after a crash, sends the same thing once."""
    house = house_of(request)
    key = one(fields, "idempotency_key")
    if not token_holds(house.settings.cookie_secret, citizen.session_id, f"submit:{key}", one(fields, "token")):
        shown = send.summary(db, house, citizen, form_id)
        if shown.draft.form.state is FormState.SUBMITTED:
            return see(f"/forms/{form_id}/confirmation")
        again = Problem("main", _("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ ตรวจอีกครั้งแล้วกดส่ง คำตอบยังอยู่ครบ"))
        return render(request, "citizen/check.html", _check_page(request, shown, citizen, again), status=422)
    try:
        form_id = send.submit(db, house, citizen, form_id, key, key, now).id
    except (Invalid, Conflict) as refused:
        shown = send.summary(db, house, citizen, form_id)
        problem = Problem("main", filled(refused.message, refused.values))
        page = _check_page(request, shown, citizen, problem)
        return render(request, "citizen/check.html", page, status=refused.status)
    return see(f"/forms/{form_id}/confirmation")


def _sent_view(one: Sent) -> SentApplication:
    application, service = one.application, one.service
    return SentApplication(
        service=service.short_name,
        agency=one.agency.name,
        office=one.office.name if one.office else None,
        phone=one.agency.phone,
        number=application.number,
        fee_satang=application.fee_satang,
        received_on=application.received_on,
        check_by=application.check_by,
        answer_by=one.answer_by,
        allowed=service.duration.n,
        unit=service.duration.unit,
        needs=tuple(need.why for need in one.needs),
    )


@router.get("/forms/{form_id}/confirmation")
def confirmation(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """Sent: numbers, the day it counts as received, and what happens by when. Can be opened again for ever."""
    house = house_of(request)
    form = forms.of_applicant(db, citizen.applicant_id, form_id)
    if form.submitted_at is None:
        return see(f"/forms/{form_id}")
    page = ConfirmationPage(
        form_id=form.id,
        reference=form.reference,
        submitted_at=form.submitted_at,
        submitted_on=bangkok_date(form.submitted_at),
        applications=tuple(_sent_view(one) for one in sent.of_form(db, house, form)),
        receipt_href=f"/forms/{form.id}/receipt.pdf" if form.receipt_digest else "",
    )
    return render(request, "citizen/confirmation.html", page)


@router.get("/forms/{form_id}/receipt.pdf")
def receipt(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The submission receipt; NotFound until it has been drawn."""
    house = house_of(request)
    form = forms.of_applicant(db, citizen.applicant_id, form_id)
    if form.receipt_digest is None:
        raise NotFound
    name = f"submission-{form.reference.replace(' ', '-')}.pdf"
    return as_file(house.files.read(form.receipt_digest), name, "application/pdf")
