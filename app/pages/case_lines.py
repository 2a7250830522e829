"""What a citizen reads about each application: its line, what to do now, why it was refused, what it rests on."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from app.applications import letters
from app.applications.case_letters import CaseLetter
from app.applications.workflow import State
from app.billing.models import Bill
from app.catalogue.schema import Text
from app.core.clock import bangkok_date
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.thai import date_long, file_size
from app.pages.contexts.case import Line, OddNote, Refusal, SentRow, SupportView, ToDo, Together
from app.pages.contexts.frame import LetterLink
from app.stories import change
from app.stories.house import House
from app.stories.resting import Support
from app.stories.track import Place, Standing


def todo(places: Sequence[Place]) -> tuple[ToDo, ...]:
    """What the person must do now, the earliest last day first; a bill for several applications is one thing to do."""
    mends = [
        ToDo(
            kind="mend",
            services=(place.service.short_name,),
            href=f"/applications/{place.application.id}/deficiency",
            by=place.act_by,
            count=place.to_mend,
        )
        for place in places
        if place.application.state is State.RETURNED and place.act_by
    ]
    pays = [
        ToDo(
            kind="pay",
            services=tuple(place.service.short_name for place in places if place.to_pay is bill),
            href=f"/bills/{bill.id}",
            by=bangkok_date(bill.due_at),
            satang=bill.amount_satang,
        )
        for bill in _to_pay(places)
    ]
    return tuple(sorted((*mends, *pays), key=lambda act: (act.by, act.href)))


def _to_pay(places: Sequence[Place]) -> list[Bill]:
    bills: dict[UUID, Bill] = {place.to_pay.id: place.to_pay for place in places if place.to_pay is not None}
    return list(bills.values())


def together(places: Sequence[Place]) -> tuple[Together, ...]:
    """Bills to pay that could be paid in one."""
    groups: dict[str, list[Bill]] = {}
    for bill in _to_pay(places):
        groups.setdefault(bill.biller_id, []).append(bill)
    return tuple(
        Together(
            payee=Text(th=group[0].payee_th, en=group[0].payee_en),
            count=len(group),
            satang=sum(bill.amount_satang for bill in group),
            href=f"/bills/{group[0].id}/combine",
        )
        for group in groups.values()
        if len(group) > 1
    )


def status(place: Place) -> str:
    """The key of the word and shape for where it stands: the workflow's state, and what money adds to it."""
    if place.application.state is State.AWAITING_PAYMENT and place.to_pay is None:
        return "checking_payment"
    return place.application.state.value


def sent_row(house: House, place: Place) -> SentRow:
    """One application in the list of what was sent."""
    return SentRow(
        service=place.service.short_name,
        status=status(place),
        fee_satang=place.application.fee_satang,
        holder=place.holder,
        agency=house.agency(place.application.agency_code).name,
        until=place.until,
    )


def line(s: Standing, all_of_form: Sequence[Standing], today: date) -> Line:
    """One application on the tracking page."""
    app = s.application
    bill = s.to_pay
    return Line(
        may_ask_change=change.can_be_asked(app),
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
        delivery=s.service.delivery,
        submitted_on=bangkok_date(app.submitted_at),
        accepted_on=s.dates.get("accept"),
        decided_on=s.dates.get("approve") or s.dates.get("reject"),
        by_fee="renew_by_fee" in s.dates,
        paid_on=s.dates.get("pay"),
        issued_on=s.dates.get("issue"),
        clock=None if "renew_by_fee" in s.dates else s.clock,
        moves=tuple((m.at, m.reason) for m in s.moves),
        check_by=app.check_by,
        act_by=s.act_by,
        items_to_mend=s.to_mend,
        reason=_reason(s),
        refusal=_refusal(s, today),
        message=str((app.decision or {}).get("note") or ""),
        bill_id=s.bill.id if s.bill else None,
        bill_satang=bill.amount_satang if bill else 0,
        paid_with=tuple(o.service.short_name for o in all_of_form if bill and o.to_pay is bill and o is not s),
        checking=s.checking and app.state is State.AWAITING_PAYMENT,
        overdue=s.overdue and app.state is State.AWAITING_PAYMENT,
        receipt_href=f"/bills/{s.bill.id}/receipt.pdf" if s.bill and s.receipt and s.receipt.file_digest else "",
        licence_id=s.licence.id if s.licence else None,
        waits_since=s.waits_since,
        held_up=s.held_up,
        back_satang=s.back.satang if s.back else 0,
        may_withdraw=s.may_withdraw,
        supports=tuple(_support(support) for support in s.supports if _matters(support, s)),
        delay_reason=_delay(s, today),
        delay_until=app.delay_until if _delay(s, today) else None,
        letters=tuple(letter_link(one, s.sizes) for one in s.letters),
        odd=tuple(OddNote(satang=h.payment.amount_satang, bill_id=h.bill.id) for h in s.odd if h.bill),
    )


def _delay(s: Standing, today: date) -> str:
    """Why it is late, while that holds (see `app.stories.delay`)."""
    app = s.application
    holds = app.state is State.ACCEPTED and (app.delay_until is None or app.delay_until >= today)
    return app.delay_reason if holds and s.letters else ""


def letter_link(letter: CaseLetter, sizes: Mapping[str, int]) -> LetterLink:
    """A letter of my case, as a file."""
    drawn = letter.handed_out
    return LetterLink(
        kind=letter.says.value,
        number=letter.number,
        at=letter.issued_at,
        href=f"/applications/{letter.application_id}/letters/{letter.id}/letter.pdf" if drawn else "",
        size=file_size(sizes.get(drawn or "", 0)),
    )


def _matters(support: Support, s: Standing) -> bool:
    """What had to be there before the decision is not spoken of after it."""
    undecided = s.application.state in {State.SUBMITTED, State.RETURNED, State.ACCEPTED}
    return support.need.before != "decision" or undecided


def _support(support: Support) -> SupportView:
    applied = support.form_id is not None
    law = (support.check.ground or {}).get("law") if support.check else None
    return SupportView(
        name=support.name,
        why=support.need.why,
        state=support.ground.value,
        before=support.need.before,
        number=support.number,
        href=f"/forms/{support.form_id}/track" if applied else f"/services/{support.slug}",
        law=Text.model_validate(law) if law else "",
        note=support.check.note if support.check else "",
    )


def _refusal(s: Standing, today: date) -> Refusal | None:
    decision = s.application.decision or {}
    appeal_by = letters.appeal_by(s.application)
    if s.application.state not in {State.REJECTED, State.LAPSED} or appeal_by is None:
        return None
    refused = s.application.state is State.REJECTED
    return Refusal(
        refused=refused,
        ground=Text.model_validate(decision["ground"]) if refused else "",
        law=Text.model_validate(decision["law"]) if refused else "",
        explanation=decision["explanation"],
        officer=Text(th=decision["officer"], en=decision["officer_en"] or decision["officer"]),
        position=Text(th=decision["position"], en=decision["position_en"] or decision["position"]),
        appeal=Text.model_validate(decision["appeal"]),
        appeal_law=Text.model_validate(decision["appeal_law"]),
        appeal_by=appeal_by,
        days_left=(appeal_by - today).days,
        letter_href=f"/applications/{s.application.id}/letter.pdf" if s.letter and s.letter.file_digest else "",
        letter_size=file_size(s.sizes.get(s.letter.file_digest or "", 0)) if s.letter else "",
    )


def _reason(s: Standing) -> str:
    if "cease" in s.dates:
        return _("ใบที่ขอต่ออายุถูกเพิกถอนหรือคืนแล้ว จึงออกใบต่อไม่ได้")
    if s.application.state is not State.LAPSED or (s.application.decision or {}).get("explanation"):
        return ""
    if s.notice is not None and s.notice.mended_at is None:
        return _("ไม่ได้ส่งสิ่งที่ขอให้แก้ภายใน %(day)s") % {"day": date_long(s.notice.mend_by, lang())}
    return _("ไม่ได้ชำระเงินภายในกำหนด")
