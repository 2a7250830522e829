"""Mandates in the portal: give, accept, look at what was done, end. Both sides are always told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue.asking import Reading
from app.catalogue.kinds import CitizenIdQuestion, Question, TextQuestion
from app.catalogue.measures import DateQuestion
from app.catalogue.texts import Text
from app.core import rates
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.events import Actor, Event
from app.identity import mandates, people
from app.identity.mandates import Held
from app.identity.models import ApplicantKind
from app.identity.sessions import CitizenSession
from app.notices import inbox
from app.stories.house import House

GIVING_IAL = Decimal("2.3")
"""Who lets somebody act for them has proved their identity to this level."""
LONGEST = timedelta(days=366)
"""No mandate lasts longer; it is given anew."""

QUESTIONS: tuple[Question, ...] = (
    TextQuestion(
        kind="text",
        key="agent_name",
        label=Text(th="ชื่อและนามสกุลของผู้รับมอบอำนาจ", en="Name of the person who will act"),
        example=Text(th="นางสาวแจ่ม จำลอง", en="Miss Chaem Chamlong"),
        max_length=120,
    ),
    CitizenIdQuestion(
        kind="citizen_id",
        key="agent_citizen_id",
        label=Text(th="เลขประจำตัวประชาชนของผู้รับมอบอำนาจ", en="Their citizen number"),
        hint=Text(
            th="ถ้าไม่ทราบ เว้นไว้ แล้วคุณจะได้รหัสเชิญไปส่งให้เขาเอง",
            en="If you do not know it, leave it empty: you get an invitation code to pass on",
        ),
        optional=True,
    ),
    DateQuestion(
        kind="date",
        key="until",
        label=Text(th="มอบอำนาจถึงวันที่", en="Last day of the mandate"),
        hint=Text(th="ไม่เกิน 1 ปี ยกเลิกก่อนได้ทุกเมื่อ", en="At most one year. You can end it earlier at any time."),
    ),
)


@dataclass(frozen=True)
class Wanted:
    """A mandate as it was asked for on the page, right or wrong."""

    readings: Mapping[str, Reading]
    every_service: bool
    services: tuple[str, ...]
    problems: Mapping[str, Text]

    def text(self, key: str) -> str:
        """An answer that fits, as text."""
        return str(self.readings[key].value or "")


def read(house: House, fields: Mapping[str, Sequence[str]], now: datetime) -> Wanted:
    """What somebody typed into the page of a new mandate."""
    readings = {question.key: question.read(fields) for question in QUESTIONS}
    chosen = tuple(slug for slug in dict.fromkeys(fields.get("services", ())) if slug in house.catalogue.services)
    every = fields.get("scope", ["some"])[0] == "all"
    problems = {reading.at: reading.problem for reading in readings.values() if reading.problem}
    until, today = readings["until"].value, bangkok_date(now)
    if isinstance(until, str) and not today <= date.fromisoformat(until) <= today + LONGEST:
        problems["until.day"] = Text(
            th="ใส่วันสิ้นสุดตั้งแต่วันนี้และไม่เกิน 1 ปี", en="Enter a last day from today on, at most one year ahead"
        )
    if not every and not chosen:
        problems["scope"] = Text(
            th="เลือกงานบริการอย่างน้อย 1 เรื่อง หรือเลือกทุกงานบริการ", en="Choose at least one service, or every service"
        )
    return Wanted(readings, every, chosen, problems)


def may_give(citizen: CitizenSession) -> None:
    """Only the party in person, or with the company's own account, and surely identified; Forbidden."""
    if citizen.by_mandate:
        raise Forbidden("คุณทำแทนผู้อื่นอยู่ จึงมอบอำนาจต่อไม่ได้ ให้ผู้มอบอำนาจเป็นผู้มอบเอง")
    if citizen.ial < GIVING_IAL:
        raise Forbidden("การมอบอำนาจต้องยืนยันตัวตนระดับ %(level)s ขึ้นไป เข้าสู่ระบบใหม่ด้วยแอป ThaID", level=GIVING_IAL)


def give(db: Session, house: House, citizen: CitizenSession, wanted: Wanted, now: datetime) -> UUID:
    """Give it, tell the agent when they are known here, and keep a line for the party itself."""
    may_give(citizen)
    number = wanted.text("agent_citizen_id")
    agent = people.find_by_citizen_id(db, house.keyring, number) if number else None
    if agent == citizen.person_id and citizen.for_self:
        raise Conflict("คุณทำเรื่องของตัวเองได้อยู่แล้ว ไม่ต้องมอบอำนาจให้ตัวเอง")
    mandate_id = mandates.give(
        db,
        house.keyring,
        citizen.applicant_id,
        _person(citizen),
        wanted.text("agent_name"),
        number,
        None if wanted.every_service else wanted.services,
        date.fromisoformat(wanted.text("until")),
        now,
    )
    href = f"/mandates/{mandate_id}"
    inbox.tell(
        db, citizen.applicant_id, "mandate_given", now, href=href, by=citizen.display_name,
        agent=wanted.text("agent_name"),
    )  # fmt: skip
    if agent is not None:
        own = people.applicant_of(db, agent)
        inbox.tell(db, own, "mandate_offered", now, href=href, party=citizen.party_name)
    return mandate_id


def seen(db: Session, citizen: CitizenSession, mandate_id: UUID) -> Held:
    """A mandate that concerns me: given by the party I act for in person, held by me, or offered to me; NotFound."""
    found = mandates.one(db, mandate_id)
    if is_principal(citizen, found) or found.id in {held.id for held in mandates.held_by(db, citizen.person_id)}:
        return found
    raise NotFound


def is_principal(citizen: CitizenSession, held: Held) -> bool:
    """Whether the session stands on the giving side."""
    return held.principal_id == citizen.applicant_id and not citizen.by_mandate


def accept(db: Session, citizen: CitizenSession, mandate_id: UUID, now: datetime) -> None:
    """The agent takes it on; it was offered to their citizen id. NotFound for everybody else."""
    offered = {held.id for held in mandates.held_by(db, citizen.person_id) if held.agent_id is None}
    if mandate_id not in offered:
        raise NotFound
    _accept(db, citizen, mandate_id, now)


def accept_code(db: Session, house: House, citizen: CitizenSession, written: str, now: datetime) -> UUID | None:
    """The agent brings an invitation code; None when it opens nothing. Guessing is counted."""
    rates.take(db, "mandate-code", str(citizen.person_id), now, limit=10, per_seconds=600)
    mandate_id = mandates.by_code(db, house.keyring, written, now)
    if mandate_id is None:
        return None
    _accept(db, citizen, mandate_id, now)
    return mandate_id


def _accept(db: Session, citizen: CitizenSession, mandate_id: UUID, now: datetime) -> None:
    held = mandates.one(db, mandate_id)
    if held.principal_kind is ApplicantKind.PERSON and held.principal_id == citizen.own_applicant_id:
        raise Conflict("คุณทำเรื่องของตัวเองได้อยู่แล้ว ไม่ต้องมอบอำนาจให้ตัวเอง")
    mandates.accept(db, mandate_id, _person(citizen), now)
    inbox.tell(
        db, held.principal_id, "mandate_accepted", now, href=f"/mandates/{mandate_id}", agent=citizen.display_name
    )


def revoke(db: Session, citizen: CitizenSession, mandate_id: UUID, now: datetime) -> None:
    """End it at once; whoever did not do it is told. The agent is out at their next request."""
    held = seen(db, citizen, mandate_id)
    mandates.revoke(db, mandate_id, _person(citizen), now)
    href = f"/mandates/{mandate_id}"
    if is_principal(citizen, held):
        inbox.tell(db, held.principal_id, "mandate_ended", now, href=href, by=citizen.display_name, agent=held.agent)
        if held.agent_id is not None:
            own = people.applicant_of(db, held.agent_id)
            inbox.tell(db, own, "mandate_taken_back", now, href=href, party=held.principal)
    else:
        inbox.tell(db, held.principal_id, "mandate_laid_down", now, href=href, agent=held.agent)


def acts(db: Session, held: Held) -> list[Event]:
    """What was done with it, latest first."""
    return mandates.acts(db, held)


def code(house: House, held: Held) -> str:
    """The invitation code in groups of four, while nobody has accepted; "" otherwise."""
    if not held.by_code or held.agent_id is not None or held.revoked_at is not None:
        return ""
    whole = mandates.code(house.keyring, held.id)
    return "-".join(whole[start : start + 4] for start in range(0, len(whole), 4))


def _person(citizen: CitizenSession) -> Actor:
    """The human being: mandates are between a party and a person, whatever hat is on."""
    return Actor("citizen", citizen.person_id, citizen.display_name)
