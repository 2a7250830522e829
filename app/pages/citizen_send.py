"""Documents, the check page, sending once, and the confirmation with its receipt."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import forms
from app.applications.form_models import FormState
from app.core import i18n
from app.core.clock import bangkok_date
from app.core.db import attempt
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import filled
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see, token_holds
from app.pages.citizen_form import head_of, house_of
from app.pages.citizen_unasked import unasked_view
from app.pages.contexts.frame import FeeLine, Problem
from app.pages.contexts.sending import CheckPage, CheckRow, CheckSection, ConfirmationPage, PartView, SentApplication
from app.pages.document_views import views
from app.pages.who import Citizen
from app.stories import send, sent, sources, summing_up
from app.stories.sent import Sent
from app.stories.summing_up import Part, Summary

router = APIRouter()

# — Check and send ——————————————————————————————————————————————————————————————————————————————————————————————————


def check_page(request: Request, shown: Summary, citizen: Citizen, *problems: Problem) -> CheckPage:
    """Everything as it will be sent, with what went wrong just now."""
    current = shown.draft
    lang, catalogue = i18n.lang(), house_of(request).catalogue
    lacking = {m.key for m in current.missing if m.kind != "document"}
    base = f"/forms/{current.form.id}/topics"
    sections = tuple(
        CheckSection(
            title=topic.title,
            rows=tuple(
                CheckRow(
                    label=row.question.name,
                    text=row.question.show(row.value, lang) if row.value is not None else "",
                    href=f"{base}/{topic.key}?back=check#{row.question.fields[0]}" if row.question.asked else "",
                    source=sources.said_by(catalogue, row.held.source) if row.held and row.held.from_registry else "",
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
    beside = unasked_view(current)
    obstacle = shown.obstacle
    stuck = () if obstacle is None else (Problem("main", filled(obstacle.message, obstacle.values)),)
    return CheckPage(
        problems=(*stuck, *problems),
        form=head_of(request, current),
        sections=sections,
        documents=(*views(current, {}), *([beside] if beside else ())),
        unasked=current.form.unasked,
        fees=None
        if shown.quote is None
        else tuple(FeeLine(line.label, line.law, line.satang, line.explanation) for line in shown.quote.lines),
        total_satang=shown.quote.total if shown.quote else 0,
        parts=tuple(_part_view(part) for part in shown.parts),
        effort=current.effort,
        declarations=summing_up.declarations(current.services, shown.renews),
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
    shown = summing_up.summary(db, house_of(request), citizen, form_id)
    if shown.draft.form.state is FormState.SUBMITTED:
        return see(f"/forms/{form_id}/confirmation")
    return render(request, "citizen/check.html", check_page(request, shown, citizen))


@router.post("/forms/{form_id}/submit")
def submit(request: Request, form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Send. The key is the hash of what was shown: pressing twice, or after a crash, sends the same thing once."""
    house = house_of(request)
    key = one(fields, "idempotency_key")
    if not token_holds(house.settings.cookie_secret, citizen.session_id, f"submit:{key}", one(fields, "token")):
        shown = summing_up.summary(db, house, citizen, form_id)
        if shown.draft.form.state is FormState.SUBMITTED:
            return see(f"/forms/{form_id}/confirmation")
        again = Problem("main", _("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ ตรวจอีกครั้งแล้วกดส่ง คำตอบยังอยู่ครบ"))
        return render(request, "citizen/check.html", check_page(request, shown, citizen, again), status=422)
    try:
        with attempt(db):
            form_id = send.submit(db, house, citizen, form_id, key, key, now).id
    except (Invalid, Conflict) as refused:
        shown = summing_up.summary(db, house, citizen, form_id)
        problem = Problem("main", filled(refused.message, refused.values))
        page = check_page(request, shown, citizen, problem)
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
