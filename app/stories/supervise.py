"""Officers act on an issued licence: put forward, announce, sign or drop, on a ground of the law that it lives under.

Whatever is signed becomes a letter in exactly the words that the officer was shown. One commit per act.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications.deadlines import Unit, days_after
from app.catalogue.lives import Order
from app.catalogue.schema import Text
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Invalid
from app.identity.sessions import OfficerSession
from app.licences import matters, notice
from app.licences.life import AGAINST_HOLDER, ON_REQUEST, Action, Stage, Step
from app.licences.models import Outcome, Says
from app.licences.notice import Appeal, Heads, Notice, Why
from app.notices import inbox
from app.stories import act_fees, letter, licence_letter, new_edition, renewal_halted
from app.stories.held_licence import Held, held
from app.stories.house import House

SHORTEST_REASON = 10


@dataclass(frozen=True)
class Said:
    """What an officer says: the key of a ground, the reasons of this case, the last day of a suspension."""

    ground: str = ""
    message: str = ""
    until: date | None = None


# — What is said ———————————————————————————————————————————————————————————————————————————————————————————————————


def checked(found: Held, action: Action, said: Said, now: datetime) -> dict[str, Any]:
    """What an officer said, as it is kept: the ground whole, with its law. Raises Invalid with every problem."""
    order, problems = found.order(action), dict[str, str]()
    ground = next((one for one in order.grounds if one.key == said.ground), None)
    if ground is None:
        problems["ground"] = "เลือกเหตุตามกฎหมาย"
    if action in AGAINST_HOLDER and len(said.message) < SHORTEST_REASON:
        problems["message"] = "อธิบายข้อเท็จจริงและเหตุผล อย่างน้อย 10 ตัวอักษร ผู้รับอนุญาตจะได้อ่าน"
    if action is Action.SUSPEND and (wrong := _wrong_day(order, said.until, bangkok_date(now))):
        problems["until"] = wrong
    if problems or ground is None:
        raise Invalid(problems=problems)
    letter.must_be_printable(said.message)
    return {
        "ground": ground.text.model_dump(),
        "law": ground.law.model_dump(),
        "message": said.message,
        "until": said.until.isoformat() if said.until and action is Action.SUSPEND else "",
    }


def must_say_why(found: Held, said: Said) -> None:
    """Raise Invalid unless it is said why nothing comes of it; who takes back their own need not."""
    mine = found.matter is not None and found.matter.opened_by == found.sitting.actor.id
    if not mine and len(said.message) < SHORTEST_REASON:
        raise Invalid(problems={"message": "บอกเหตุผล อย่างน้อย 10 ตัวอักษร"})
    letter.must_be_printable(said.message)


def wants_words(found: Held, action: Action, step: Step) -> bool:
    """Whether reasons must be given."""
    if step is Step.DROP:
        return found.matter is not None and found.matter.opened_by != found.sitting.actor.id
    return action in AGAINST_HOLDER


def _wrong_day(order: Order, until: date | None, today: date) -> str:
    if until is None:
        return "ใส่วันสุดท้ายที่พักใช้ กฎหมายนี้ให้พักใช้ได้เป็นเวลาจำกัด" if order.longest_days else ""
    if until < today:
        return "วันสุดท้ายที่พักใช้ต้องไม่ใช่วันที่ผ่านมาแล้ว"
    if order.longest_days and until > last_day(order, today):
        return "เกินเวลาที่กฎหมายให้พักใช้ได้ ดูวันสุดท้ายใต้ช่องวันที่"
    return ""


def last_day(order: Order, today: date) -> date:
    """The last day of the longest suspension that begins today."""
    return today + timedelta(days=(order.longest_days or 1) - 1)


def letter_of(
    house: House,
    officer: OfficerSession,
    found: Held,
    action: Action,
    step: Step,
    content: Mapping[str, Any],
    now: datetime,
) -> Notice:
    """The letter that an act sends, before it is signed and when it is: the same words."""
    heads, today = _heads(house, officer, found, now), bangkok_date(now)
    why = replace(_why(content), asked=_asked(found, content), unheard=_unheard(found, action, step))
    if step is Step.ANNOUNCE:
        law = found.law.hearing_law.th if found.law else ""
        return notice.intent(heads, action, why, law, object_by(found, action, today))
    if step is Step.DROP:
        return notice.refusal(heads, action, why.message, appeal_of(found, today))
    fee = act_fees.told(house, found.licence, action, now)
    return notice.order(heads, action, why, appeal_of(found, today), fee)


def _unheard(found: Held, action: Action, step: Step) -> str:
    """Why nobody was heard before an order that goes against the holder (Administrative Procedure Act s.30)."""
    spared = found.order(action).unheard if step is Step.DO else None
    return f"{spared.text.th} ({spared.law.th})" if spared else ""


def object_by(found: Held, action: Action, today: date) -> date:
    """The last day to object when the holder is told today."""
    return days_after(today, found.order(action).hearing_days or 1, Unit.CALENDAR_DAYS)


def appeal_of(found: Held, today: date) -> Appeal:
    """How to appeal against an order of today: by which law, and for how long from the day on which it is received."""
    if found.law is None:
        raise Conflict("กฎหมายของงานบริการนี้ไม่มีคำสั่งแบบนี้")
    appeal, receipt = found.law.appeal, found.law.receipt
    return Appeal(
        text=appeal.text.th,
        law=appeal.law.th,
        days=appeal.days,
        receipt=f"{receipt.text.th} ({receipt.law.th})",
        received_by=today + timedelta(days=receipt.days),
        first_end=appeal_ends(today, appeal.days),
    )


def appeal_ends(received: date, days: int) -> date:
    """The last day to appeal against what was received on a day; a holiday moves it on (CCC s.193/8)."""
    return days_after(received, days, Unit.CALENDAR_DAYS)


def _why(content: Mapping[str, Any]) -> Why:
    until = content.get("until")
    ground, law = (Text.model_validate(content.get(name) or {"th": "…", "en": "…"}).th for name in ("ground", "law"))
    return Why(ground, law, str(content.get("message", "")), date.fromisoformat(until) if until else None)


def _asked(found: Held, content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What an amendment changes, from what to what."""
    if "key" not in content:
        return ()
    question = found.service.question(content["key"])
    before, after = (question.show(content[name], "th") for name in ("before", "value"))
    return ((question.name.th, f"จาก “{before}” เป็น “{after}”"),)


def _heads(house: House, officer: OfficerSession, found: Held, now: datetime) -> Heads:
    agency = house.agency(found.licence.agency_code)
    return Heads(
        agency=agency.name.th,
        address=agency.address.th,
        phone=agency.phone,
        holder=found.licence.holder,
        name=found.service.result_name.th,
        number=found.licence.number,
        on=bangkok_date(now),
        signer=officer.name,
        position=officer.position,
        url=f"{house.settings.base_url}/licences/{found.licence.id}",
    )


# — Acts ———————————————————————————————————————————————————————————————————————————————————————————————————————————


def act(
    db: Session,
    house: House,
    officer: OfficerSession,
    licence_id: UUID,
    action: Action,
    step: Step,
    revision: int,
    said: Said,
    now: datetime,
) -> None:
    """One act of this officer. Raises Conflict when the licence moved on or no rule allows it, Invalid for words."""
    found = held(db, house, officer, licence_id, now, lock=True)
    matters.fresh(found.licence, revision)
    if (action, step) not in found.choices:
        raise Conflict("ใบนี้เปลี่ยนสถานะไปแล้ว จึงทำรายการนี้ไม่ได้ ดูสถานะล่าสุดก่อน")
    if step is Step.DROP:
        _drop(db, house, officer, found, action, said, now)
        return
    content = signed_words(found, action, said, now)
    if step is Step.DO and content.get("until") and date.fromisoformat(content["until"]) < bangkok_date(now):
        raise Conflict("วันสุดท้ายที่พักใช้ผ่านไปแล้วก่อนลงนาม ยุติเรื่องนี้ แล้วเสนอใหม่ด้วยวันใหม่")
    if step is Step.DO and action in ON_REQUEST:
        new_edition.must_be_made(db, licence_id)
        act_fees.must_be_paid(db, licence_id)
        new_edition.must_be_fit(db, house, found.licence, *act_fees.edition(action, content))
    told = letter_of(house, officer, found, action, step, content, now).kept()
    if step is Step.PROPOSE:
        _propose(db, found, action, content, now)
    elif step is Step.ANNOUNCE:
        _announce(db, found, action, content, told, now)
    else:
        _do(db, house, found, action, content, told, now)


def signed_words(found: Held, action: Action, said: Said, now: datetime) -> dict[str, Any]:
    """What is kept and told: as it was put forward or announced already, else what this officer says."""
    if found.matter is not None and found.matter.stage is not Stage.ASKED:
        return dict(found.matter.said)
    asked = found.matter.said if found.matter else {}
    return {**asked, **checked(found, action, said, now)}


def _propose(db: Session, found: Held, action: Action, content: Mapping[str, Any], now: datetime) -> None:
    matters.act(db, found.licence, action, Step.PROPOSE, found.sitting, now)
    if found.matter is None:
        matters.opened(db, found.licence, action, Stage.PROPOSED, content, found.sitting.actor, now)
        return
    found.matter.stage, found.matter.said = Stage.PROPOSED, dict(content)
    found.matter.opened_by, found.matter.opened_name = found.sitting.actor.id, found.sitting.actor.name


def _announce(
    db: Session, found: Held, action: Action, content: Mapping[str, Any], told: Mapping[str, Any], now: datetime
) -> None:
    by = object_by(found, action, bangkok_date(now))
    actor = found.sitting.actor
    matters.act(db, found.licence, action, Step.ANNOUNCE, found.sitting, now, object_by=by.isoformat())
    matter = matters.opened(db, found.licence, action, Stage.HEARING, content, actor, now, by)
    licence_letter.send(db, found.licence, matter, Says.INTENT, "licence_intent", told, now)


def _do(
    db: Session,
    house: House,
    found: Held,
    action: Action,
    content: Mapping[str, Any],
    told: Mapping[str, Any],
    now: datetime,
) -> None:
    licence, actor, why = found.licence, found.sitting.actor, _why(content)
    ground = f"{why.ground} ({why.law})"
    matters.act(db, licence, action, Step.DO, found.sitting, now, ground, until=content.get("until", ""))
    licence.suspended_until = why.until if action is Action.SUSPEND else None
    matter = found.matter or matters.opened(db, licence, action, Stage.PROPOSED, content, actor, now)
    matters.closed(db, matter, Outcome.DONE, actor, now)
    fee = act_fees.due(house, licence, action)
    kind = f"licence_{action}_granted" if fee else f"licence_{action}"
    licence_letter.send(db, licence, matter, Says.ORDER, kind, told, now)
    if action is Action.REVOKE:
        act_fees.fall_away(db, licence, actor, now)
        renewal_halted.end(db, licence, actor, now)
    elif action is Action.SUSPEND:
        renewal_halted.wait(db, licence, now)
    elif action is Action.REINSTATE:
        renewal_halted.go_on(db, licence)
    if action not in ON_REQUEST:
        return
    if content.get("key") == found.service.known_by and action is Action.AMEND:
        matter.said = {**matter.said, "known_by": str(content["value"])}
    if fee is not None:
        act_fees.demand(db, house, licence, matter, fee, actor, now)
    else:
        act_fees.order(db, licence, matter, now)


def _drop(
    db: Session, house: House, officer: OfficerSession, found: Held, action: Action, said: Said, now: datetime
) -> None:
    """Nothing comes of it. The holder reads why when they knew of it; a request that was put forward is asked again."""
    matter = found.matter
    if matter is None:
        raise Conflict("ใบนี้เปลี่ยนสถานะไปแล้ว จึงทำรายการนี้ไม่ได้ ดูสถานะล่าสุดก่อน")
    mine = matter.opened_by == officer.officer_id
    must_say_why(found, said)
    asked = action in ON_REQUEST
    matters.act(db, found.licence, action, Step.DROP, found.sitting, now, reason=said.message)
    if asked and mine:
        matter.stage, matter.opened_by = Stage.ASKED, None
        return
    matters.closed(db, matter, Outcome.DROPPED, found.sitting.actor, now, said.message)
    if asked:
        told = letter_of(house, officer, found, action, Step.DROP, {"message": said.message}, now).kept()
        licence_letter.send(db, found.licence, matter, Says.ORDER, f"licence_{action}_refused", told, now)
    elif matter.stage is Stage.HEARING:
        href, number = f"/licences/{found.licence.id}", found.licence.number
        inbox.tell(db, found.licence.applicant_id, "licence_dropped", now, href=href, number=number)
