"""After sending: my applications, the tracking lines, the letter about a refusal, withdrawing one application."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import cases, forms, refiling
from app.applications.form_models import FormState
from app.core.clock import bangkok_date
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see, token_holds
from app.identity import signed_in
from app.licences import service as licences
from app.notices import inbox
from app.pages import case_lines, happenings
from app.pages.citizen_form import head, house_of
from app.pages.contexts.case import CasePage, MyPage, SentForm, WithdrawPage
from app.pages.contexts.citizen import FormHead
from app.pages.who import Citizen
from app.stories import acting, apply, case_letter, end, letter, limits, track
from app.stories.end import Leaving
from app.stories.house import House
from app.stories.track import Place

router = APIRouter()


def _title(standings: Sequence[Place]) -> str:
    names = [s.application.premises_name for s in standings if s.application.premises_name]
    return names[0] if names else ""


@router.get("/my")
def my(request: Request, db: Db, citizen: Citizen, now: Now) -> Response:
    """What I must do, my drafts, and everything I sent."""
    house = house_of(request)
    drafts: list[FormHead] = []
    sent: list[SentForm] = []
    mine = [form for form in forms.all_of(db, citizen.applicant_id) if limits.reaches(db, citizen, form.id)]
    services = apply.called_for(db, house, [form.id for form in mine if form.state is FormState.DRAFT])
    places = track.places(db, house, citizen, [form.id for form in mine if form.state is FormState.SUBMITTED], now)
    for form in mine:
        if form.state is FormState.DRAFT:
            drafts.append(head(form, services[form.id]))
            continue
        sent.append(
            SentForm(
                id=form.id,
                reference=form.reference,
                title=_title(places[form.id]) or form.reference,
                submitted_at=form.submitted_at or form.updated_at,
                applications=tuple(case_lines.sent_row(house, place) for place in places[form.id]),
            )
        )
    every = [place for of_form in places.values() for place in of_form]
    page = MyPage(
        todo=case_lines.todo(every),
        together=case_lines.together(every),
        drafts=tuple(drafts),
        sent=tuple(sent),
        party=citizen.party_in(lang()),
        agent=citizen.by_mandate,
        unread=0 if citizen.by_mandate else inbox.unread(db, citizen.applicant_id),
        suspended=tuple(
            (one.number, one.id)
            for one in licences.suspended(db, citizen.applicant_id, now)
            if citizen.covers(one.service_slug)
        ),
    )
    return render(request, "citizen/my.html", page)


@router.get("/forms/{form_id}/track")
def case(request: Request, form_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """One line per application, your turn first."""
    tracked = track.of_form(db, house_of(request), citizen, form_id, now)
    form, standings = tracked.form, tracked.standings
    if form.submitted_at is None:
        return see(f"/forms/{form_id}")
    by_application = {cases.stream(s.application.id): s.agency.name.to(lang()) for s in standings}
    agency = _(" และ ").join(dict.fromkeys(by_application.values()))
    page = CasePage(
        form_id=form.id,
        reference=form.reference,
        title=_title(standings) or form.reference,
        submitted_at=form.submitted_at,
        todo=case_lines.todo(standings),
        together=case_lines.together(standings),
        lines=tuple(case_lines.line(s, standings, bangkok_date(now)) for s in standings),
        thread=happenings.told(
            tracked.thread, citizen.person_id, agency, agencies=by_application, people=not citizen.for_self
        ),
        receipt_href=f"/forms/{form.id}/receipt.pdf" if form.receipt_digest else "",
        may_correct=refiling.untouched([s.application for s in standings]),
        filings=1 + sum(event.kind == "form.refile" for event in tracked.thread),
    )
    return render(request, "citizen/case.html", page)


@router.get("/applications/{application_id}/letter.pdf")
def letter_pdf(request: Request, application_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The sealed letter about a decision; NotFound until it is there."""
    number, digest = letter.of_mine(db, citizen.applicant_id, application_id)
    name = f"letter-{number.replace(' ', '-')}.pdf"
    return as_file(house_of(request).files.read(digest), name, "application/pdf")


@router.get("/applications/{application_id}/letters/{letter_id}/letter.pdf")
def case_letter_pdf(request: Request, application_id: UUID, letter_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The sealed deficiency notice, or a notice of delay; NotFound until it is there."""
    number, digest = case_letter.of_mine(db, citizen.applicant_id, application_id, letter_id)
    name = f"letter-{number.replace(' ', '-')}.pdf"
    return as_file(house_of(request).files.read(digest), name, "application/pdf")


@router.get("/applications/{application_id}/withdraw")
def ask_to_withdraw(request: Request, application_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """What taking this application back does to its bill and its clock, and that the others go on."""
    house = house_of(request)
    leaving = end.leaving(db, house, citizen.applicant_id, application_id, now)
    if not leaving.possible:
        return see(f"/forms/{leaving.application.single_form_id}/track")
    token = form_token(house.settings.cookie_secret, citizen.session_id, "withdraw")
    return render(request, "citizen/withdraw.html", _leaving(house, leaving, token))


def _leaving(house: House, leaving: Leaving, token: str) -> WithdrawPage:
    application = leaving.application
    agency = house.agency(application.agency_code)
    return WithdrawPage(
        application_id=application.id,
        form_id=application.single_form_id,
        number=application.number,
        service=leaving.service.short_name,
        agency=agency.name,
        phone=agency.phone,
        bill_number=leaving.bill.number if leaving.bill else "",
        bill_satang=leaving.bill.amount_satang if leaving.bill else 0,
        stays_satang=leaving.stays_satang,
        clock_runs=leaving.clock_runs,
        others=tuple(service.short_name for service in leaving.others),
        token=token,
    )


@router.post("/applications/{application_id}/withdraw")
def withdraw(request: Request, application_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Take my application back."""
    house = house_of(request)
    leaving = end.leaving(db, house, citizen.applicant_id, application_id, now)
    if not token_holds(house.settings.cookie_secret, citizen.session_id, "withdraw", one(fields, "token")):
        raise Conflict("เปิดหน้านี้นานเกินไป เปิดหน้าติดตามคำขออีกครั้งแล้วกดถอนใหม่")
    after = f"/forms/{leaving.application.single_form_id}/track"
    if not leaving.ended:
        end.withdraw(db, citizen.applicant_id, application_id, leaving.revision, "", signed_in.actor(citizen), now)
        number = leaving.application.number
        acting.tell_principal(db, citizen, "agent_withdrew", now, href=after, reference=number)
    return see(after)
