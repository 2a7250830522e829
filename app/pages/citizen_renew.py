"""My licence goes on: by paying its fee alone, by a form on one page, or not now, and why."""

from collections.abc import Mapping
from dataclasses import fields as parts_of
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.form_models import FormState
from app.catalogue.renewals import Window
from app.catalogue.schema import Catalogue
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.web import Db, Fields, Now, form_token, one, render, see, token_holds
from app.pages.citizen_form import house_of
from app.pages.citizen_send import check_page
from app.pages.contexts.citizen import NoticeSection
from app.pages.contexts.frame import FeeLine
from app.pages.contexts.renew import Changed, RenewalPage, RenewPage
from app.pages.contexts.sending import CheckPage
from app.pages.who import Citizen
from app.stories import holder_acts, inform, issue, renew_by_fee, renew_by_form, renewal, sources, summing_up
from app.stories.renewal import REFUSED, Offer
from app.stories.summing_up import Summary

router = APIRouter()


@router.get("/licences/{licence_id}/renew")
def renew(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """What renewing this licence takes, costs and brings; or why it cannot be renewed now."""
    found = renewal.offer(db, house_of(request), citizen, licence_id, now)
    return render(request, "citizen/renew.html", _page(request, db, citizen, found))


@router.post("/licences/{licence_id}/renew/fee")
def by_fee(request: Request, licence_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """The bill whose payment renews it: the same one, however often it is asked for."""
    _bound(request, citizen, fields)
    house = house_of(request)
    bill = renew_by_fee.ask(db, house, citizen, licence_id, one(fields, "seen"), lang(), now)
    return see(f"/bills/{bill}" if bill else f"/licences/{licence_id}/renew")


@router.post("/licences/{licence_id}/renew/form")
def by_form(request: Request, licence_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """The form that renews it, filled with what was answered last time."""
    _bound(request, citizen, fields)
    form = renew_by_form.begin(db, house_of(request), citizen, licence_id, now)
    return see(f"/forms/{form.id}" if one(fields, "then") == "change" else f"/forms/{form.id}/renewal")


@router.get("/forms/{form_id}/renewal")
def on_one_page(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """Everything as it will be sent, with what must be new, on one page."""
    shown = summing_up.summary(db, house_of(request), citizen, form_id)
    if shown.draft.form.state is FormState.SUBMITTED:
        return see(f"/forms/{form_id}/confirmation")
    if shown.renews is None:
        return see(f"/forms/{form_id}/check")
    return render(request, "citizen/renewal.html", _on_one_page(request, db, shown, citizen))


def _bound(request: Request, citizen: Citizen, fields: Fields) -> None:
    if not token_holds(house_of(request).settings.cookie_secret, citizen.session_id, "renew", one(fields, "token")):
        raise Conflict("เปิดหน้านี้นานเกินไปหรือเปลี่ยนผู้ที่ทำแทนแล้ว เปิดหน้าอีกครั้งแล้วทำรายการใหม่")


def _page(request: Request, db: Db, citizen: Citizen, found: Offer) -> RenewPage:
    house, prospect, quote = house_of(request), found.prospect, found.quote
    licence, rule, asked = prospect.licence, prospect.rule, prospect.under_way
    service = house.service(db, licence.service_slug, licence.service_version)
    amended = {key: found.answers[key]["value"] for key in found.amended}
    words = issue.said(house, found.former, service, licence, lang(), amended)
    wanted = {use.key: use.document.name for use in prospect.service.documents} if prospect.service else {}
    read = inform.compose(house, citizen, [prospect.service], lang()) if prospect.service else None
    return RenewPage(
        licence_id=licence.id,
        slug=licence.service_slug,
        name=service.result_name,
        issuer=house.agency(licence.agency_code).name,
        number=licence.number,
        facts=tuple((row.label, row.value) for row in words.rows),
        valid_until=licence.valid_until,
        until=prospect.until,
        refusal=_(REFUSED[prospect.hindrance]) if prospect.hindrance else "",
        opens_on=prospect.opens_on,
        late=prospect.window is Window.LATE,
        late_until=rule.closes_on(licence.valid_until) if rule and rule.late and licence.valid_until else None,
        under_way=f"/forms/{asked.form_id}/track" if asked else "",
        under_way_number=asked.number if asked else "",
        draft=prospect.draft,
        by_fee=found.by_fee,
        law=rule.law if rule else None,
        meanwhile=rule.meanwhile if rule else None,
        fresh=tuple(wanted[key] for key in (rule.fresh if rule else ()) if key in wanted),
        fees=tuple(FeeLine(line.label, line.law, line.satang, line.explanation) for line in quote.lines)
        if quote
        else None,
        total_satang=quote.total if quote else 0,
        declarations=rule.declarations if rule else (),
        sections=tuple(NoticeSection(heading=s.heading, paragraphs=s.paragraphs) for s in read.sections)
        if read
        else (),
        seen=renew_by_fee.shown(db, found),
        token=form_token(house.settings.cookie_secret, citizen.session_id, "renew"),
    )


def _on_one_page(request: Request, db: Db, shown: Summary, citizen: Citizen) -> RenewalPage:
    house, licence = house_of(request), shown.renews
    if licence is None:
        raise ValueError("this form renews nothing")
    whole, rule = check_page(request, shown, citizen), house.catalogue.services[licence.service_slug].renewing
    if rule is None:
        raise Conflict(REFUSED[renewal.Hindrance.NEVER])
    now = house.clock.now()
    prospect = renewal.prospects(db, house, [licence], now)[licence.id]
    return RenewalPage(
        **{part.name: getattr(whole, part.name) for part in parts_of(CheckPage) if part.name != "token"},
        licence_id=licence.id,
        name=house.catalogue.services[licence.service_slug].result_name,
        number=licence.number,
        valid_until=licence.valid_until,
        until=prospect.until,
        law=rule.law,
        meanwhile=rule.meanwhile,
        fresh=frozenset(rule.fresh),
        changed=_changed(house.catalogue, shown, holder_acts.says(db, licence)),
        prefill=shown.draft.form.prefill.value,
        send_token=whole.token,
        token=form_token(house.settings.cookie_secret, citizen.session_id, "documents"),
    )


def _changed(catalogue: Catalogue, shown: Summary, said: Mapping[str, Any]) -> tuple[Changed, ...]:
    """What is no longer as the licence says: answers that were there before and read differently now."""
    return tuple(
        Changed(
            label=row.question.name,
            before=row.question.show(said[row.question.key], lang()),
            after=row.question.show(row.value, lang()) if row.value is not None else "",
            source=sources.said_by(catalogue, row.held.source) if row.held and row.held.from_registry else "",
        )
        for row in shown.rows
        if row.question.asked and row.question.key in said and said[row.question.key] != row.value
    )
