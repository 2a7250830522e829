"""After sending: my applications, the tracking lines, withdrawing."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import cases, forms
from app.applications.models import FormState
from app.applications.workflow import FINAL, State
from app.billing.models import BillStatus
from app.catalogue.schema import Text
from app.core.clock import bangkok_date
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.thai import date_long
from app.core.web import Db, Fields, Now, form_token, one, render, see, token_holds
from app.identity import sessions
from app.pages import happenings
from app.pages.citizen_form import head, house_of
from app.pages.contexts.case import CasePage, Line, MyPage, SentForm, ToDo
from app.pages.contexts.citizen import FormHead
from app.pages.who import Citizen
from app.stories import apply, end, track
from app.stories.track import Place, Standing

router = APIRouter()


def _todo(standings: Sequence[Place]) -> tuple[ToDo, ...]:
    found = []
    for s in standings:
        app = s.application
        if app.state is State.RETURNED and s.act_by:
            href = f"/applications/{app.id}/deficiency"
            found.append(ToDo(kind="mend", service=s.service.short_name, href=href, by=s.act_by, count=s.to_mend))
        elif app.state is State.AWAITING_PAYMENT and s.act_by and s.bill and s.bill.status is BillStatus.OPEN:
            found.append(
                ToDo(
                    kind="pay",
                    service=s.service.short_name,
                    href=f"/bills/{s.bill.id}",
                    by=s.act_by,
                    satang=s.bill.amount_satang,
                )
            )
    return tuple(found)


def _title(standings: Sequence[Place]) -> str:
    names = [s.application.premises_name for s in standings if s.application.premises_name]
    return names[0] if names else ""


@router.get("/my")
def my(request: Request, db: Db, citizen: Citizen) -> Response:
    """What I must do, my drafts, and everything I sent."""
    house = house_of(request)
    drafts: list[FormHead] = []
    sent: list[SentForm] = []
    todo: list[ToDo] = []
    mine = forms.all_of(db, citizen.applicant_id)
    services = apply.services_of(db, house, [form.id for form in mine if form.state is FormState.DRAFT])
    places = track.places(db, house, citizen, [form.id for form in mine if form.state is FormState.SUBMITTED])
    for form in mine:
        if form.state is FormState.DRAFT:
            drafts.append(head(form, services[form.id]))
            continue
        standings = places[form.id]
        todo += _todo(standings)
        sent.append(
            SentForm(
                id=form.id,
                reference=form.reference,
                title=_title(standings) or form.reference,
                submitted_at=form.submitted_at or form.updated_at,
                applications=tuple(
                    (s.service.short_name, s.application.state, s.application.fee_satang) for s in standings
                ),
            )
        )
    return render(request, "citizen/my.html", MyPage(todo=tuple(todo), drafts=tuple(drafts), sent=tuple(sent)))


@router.get("/forms/{form_id}/track")
def case(request: Request, form_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """One line per application, your turn first."""
    house = house_of(request)
    tracked = track.of_form(db, house, citizen, form_id, now)
    form, standings = tracked.form, tracked.standings
    if form.submitted_at is None:
        return see(f"/forms/{form_id}")
    agency = _(" และ ").join(dict.fromkeys(s.agency.name.to(lang()) for s in standings))
    page = CasePage(
        form_id=form.id,
        reference=form.reference,
        title=_title(standings) or form.reference,
        submitted_at=form.submitted_at,
        todo=_todo(standings),
        lines=tuple(_line(s) for s in standings),
        thread=happenings.told(tracked.thread, citizen.person_id, agency),
        receipt_href=f"/forms/{form.id}/receipt.pdf" if form.receipt_digest else "",
        token=form_token(house.settings.cookie_secret, citizen.session_id, "withdraw"),
    )
    return render(request, "citizen/case.html", page)


def _line(s: Standing) -> Line:
    app = s.application
    paid = s.dates.get("pay")
    return Line(
        id=app.id,
        slug=s.service.slug,
        service=s.service.short_name,
        agency=s.agency.name,
        phone=s.agency.phone,
        number=app.number,
        state=app.state,
        holder=s.holder,
        since=bangkok_date(s.since),
        fee_satang=app.fee_satang,
        result_name=s.service.result_name,
        submitted_on=bangkok_date(app.submitted_at),
        accepted_on=s.dates.get("accept"),
        decided_on=s.dates.get("approve") or s.dates.get("reject"),
        paid_on=paid,
        issued_on=s.dates.get("issue"),
        clock=s.clock,
        moves=tuple((m.at, m.reason) for m in s.moves),
        check_by=app.check_by,
        act_by=s.act_by,
        items_to_mend=s.to_mend,
        reason=_reason(s),
        message=str((app.decision or {}).get("note") or ""),
        bill_id=s.bill.id if s.bill else None,
        receipt_href=f"/bills/{s.bill.id}/receipt.pdf" if s.bill and s.receipt and s.receipt.file_digest else "",
        licence_id=s.licence.id if s.licence else None,
        may_withdraw=s.may_withdraw,
    )


def _reason(s: Standing) -> str:
    decision = s.application.decision or {}
    if s.application.state is State.REJECTED:
        ground, law = Text.model_validate(decision["ground"]), Text.model_validate(decision["law"])
        appeal = s.service.appeal.text
        return f"{ground.to(lang())} ({law.to(lang())}) {decision['explanation']} {appeal.to(lang())}"
    if s.application.state is State.LAPSED:
        if decision.get("explanation"):
            return f"{decision['explanation']} {s.service.appeal.text.to(lang())}"
        if s.notice is not None and s.notice.mended_at is None:
            return _("ไม่ได้ส่งสิ่งที่ขอให้แก้ภายใน %(day)s") % {"day": date_long(s.notice.mend_by, lang())}
        return _("ไม่ได้ชำระเงินภายในกำหนด")
    return ""


@router.post("/applications/{application_id}/withdraw")
def withdraw(request: Request, application_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Take my application back."""
    secret = house_of(request).settings.cookie_secret
    application = cases.of_applicant(db, citizen.applicant_id, application_id)
    if not token_holds(secret, citizen.session_id, "withdraw", one(fields, "token")):
        raise Conflict("เปิดหน้านี้นานเกินไป เปิดหน้าติดตามคำขออีกครั้งแล้วกดถอนใหม่")
    if application.state not in FINAL:
        end.withdraw(db, citizen.applicant_id, application_id, application.revision, "", sessions.actor(citizen), now)
    return see(f"/forms/{application.single_form_id}/track")
