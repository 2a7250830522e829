"""What is under way about a licence, and acts on it. `act` is the only place where a licence's standing changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import events, numbers
from app.core.clock import bangkok_date
from app.core.errors import Conflict, NotFound
from app.core.events import Actor
from app.licences import life
from app.licences.life import Action, By, Facts, Stage, Standing, Step
from app.licences.models import Licence, LicenceLetter, Matter, Outcome, Says, Status


@dataclass(frozen=True)
class Powers:
    """What the law of a service lets its officers do, and how."""

    lawful: frozenset[Action] = frozenset()
    two_hands: frozenset[Action] = frozenset()
    heard_first: frozenset[Action] = frozenset()


def stream(licence_id: UUID) -> str:
    """The stream of events of a licence."""
    return f"licence:{licence_id}"


def locked(db: Session, licence_id: UUID) -> Licence:
    """The issued licence under a row lock, read anew. Raises NotFound."""
    issued = Licence.id == licence_id, Licence.issued_at.is_not(None)
    query = select(Licence).where(*issued).with_for_update().execution_options(populate_existing=True)
    found = db.scalar(query)
    if found is None:
        raise NotFound
    return found


def fresh(licence: Licence, revision: int) -> None:
    """Conflict when something happened to the licence since a page was drawn."""
    if licence.revision != revision:
        raise Conflict("ใบนี้มีความเคลื่อนไหวใหม่หลังจากที่คุณเปิดหน้า ดูสถานะล่าสุดก่อน")


BY_CALENDAR = frozenset({Action.REINSTATE, Action.EXPIRE})
"""What the system writes down after the calendar has made it so."""

_UNDER_WAY = Matter.outcome.is_(None)


def under_way(db: Session, licence_id: UUID) -> Matter | None:
    """What is under way about a licence: one thing at a time."""
    return db.scalar(select(Matter).where(Matter.licence_id == licence_id, _UNDER_WAY))


def of_licence(db: Session, licence_id: UUID) -> list[Matter]:
    """Everything that was ever under way about it, the newest first."""
    return list(db.scalars(select(Matter).where(Matter.licence_id == licence_id).order_by(Matter.opened_at.desc())))


def standing(licence: Licence, now: datetime) -> Standing:
    """What it is at a moment."""
    return life.standing(licence.status, licence.valid_until, bangkok_date(now), licence.suspended_until)


def facts(licence: Licence, matter: Matter | None, powers: Powers, me: UUID | None, now: datetime) -> Facts:
    """What the rules may look at, for the person or officer who acts (`me`)."""
    today = bangkok_date(now)
    return Facts(
        under_way=matter.action if matter else None,
        stage=matter.stage if matter else None,
        mine=matter is not None and me is not None and matter.opened_by == me,
        objected=matter is not None and matter.objected_at is not None,
        hearing_over=matter is not None and matter.object_by is not None and today > matter.object_by,
        lawful=powers.lawful,
        two_hands=powers.two_hands,
        heard_first=powers.heard_first,
        suspension_over=licence.suspended_until is not None and today > licence.suspended_until,
        over=licence.valid_until is not None and today > licence.valid_until,
    )


@dataclass(frozen=True)
class Sitting:
    """Who acts, in which roles, by which powers."""

    by: Collection[By]
    actor: Actor
    powers: Powers = Powers()


def act(
    db: Session,
    licence: Licence,
    action: Action,
    step: Step,
    sitting: Sitting,
    now: datetime,
    ground: str = "",
    **said: Any,
) -> Standing:
    """One act on a licence (locked by the caller) if the table has a rule for it, with its event and `ground`.

    Raises Conflict. What is under way is opened and closed by the caller. The system writes down what the calendar
    has made so already.
    """
    written_down = By.SYSTEM in sitting.by and action in BY_CALENDAR
    before = Standing(licence.status) if written_down else standing(licence, now)
    given = facts(licence, under_way(db, licence.id), sitting.powers, sitting.actor.id, now)
    after = life.next_standing(before, action, step, sitting.by, given)
    licence.revision += 1
    if after is not before and after is not Standing.EXPIRED:
        licence.status, licence.status_at, licence.suspended_until = Status(after), now, None
        licence.status_ground = ground
    kind = f"licence.{action}" if step is Step.DO else f"licence.{step}_{action}"
    told = {"number": licence.number, "source": before.value, "revision": licence.revision, **said}
    if ground:
        told["ground"] = ground
    events.record(db, stream(licence.id), kind, sitting.actor, now, subject=licence.id, **told)
    return after


def opened(
    db: Session,
    licence: Licence,
    action: Action,
    stage: Stage,
    said: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    object_by: date | None = None,
) -> Matter:
    """Something is under way from now on; the database holds that it is the only thing."""
    matter = Matter(
        licence_id=licence.id,
        action=action,
        stage=stage,
        said=dict(said),
        opened_by=actor.id,
        opened_name=actor.name,
        opened_at=now,
        object_by=object_by,
        objection="",
        closed_name="",
        answer="",
    )
    db.add(matter)
    db.flush()
    return matter


def closed(db: Session, matter: Matter, outcome: Outcome, actor: Actor, now: datetime, answer: str = "") -> None:
    """It is under way no longer."""
    matter.outcome, matter.closed_name, matter.closed_at, matter.answer = outcome, actor.name, now, answer
    db.flush()


# — Letters ————————————————————————————————————————————————————————————————————————————————————————————————————————


def letter(
    db: Session, licence: Licence, matter: Matter, says: Says, content: Mapping[str, Any], now: datetime
) -> LicenceLetter:
    """A letter to the holder with the next number of its agency; its file is drawn afterwards."""
    year, number = numbers.take(db, f"letter:{licence.agency_code}", bangkok_date(now))
    made = LicenceLetter(
        licence_id=licence.id,
        matter_id=matter.id,
        agency_code=licence.agency_code,
        number=f"นส {year}-{number:06d}",
        says=says,
        content=dict(content),
        issued_at=now,
    )
    db.add(made)
    db.flush()
    return made


def letters(db: Session, licence_id: UUID) -> list[LicenceLetter]:
    """Every letter about a licence, the newest first."""
    of_licence = LicenceLetter.licence_id == licence_id
    return list(db.scalars(select(LicenceLetter).where(of_licence).order_by(LicenceLetter.issued_at.desc())))


def received(db: Session, row: LicenceLetter, actor: Actor, now: datetime) -> bool:
    """The holder has the letter before them. Only the first time counts: False for every other."""
    first = update(LicenceLetter).where(LicenceLetter.id == row.id, LicenceLetter.received_at.is_(None))
    if db.execute(first.values(received_at=now).returning(LicenceLetter.id)).first() is None:
        return False
    about = {"number": row.number}
    events.record(db, stream(row.licence_id), "licence.letter_received", actor, now, subject=row.licence_id, **about)
    return True


def letter_by_digest(db: Session, digest: str) -> LicenceLetter | None:
    """The letter whose file has exactly this SHA-256 (hex)."""
    return db.scalar(select(LicenceLetter).where(LicenceLetter.file_digest == digest))
