"""People, officers, forms and applications, made through the rooms' own functions. Everybody here is invented."""

import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import filing, forms
from app.applications.cases import Reach
from app.applications.filing import Share
from app.applications.form_models import SingleForm
from app.applications.models import Application, DeficiencyItem, DeficiencyNotice
from app.core.db import Database
from app.core.events import SYSTEM, Actor
from app.core.secrets import Keyring
from app.identity import officers, people
from app.identity.claims import Claims
from app.identity.models import Duty
from app.identity.officers import Post
from app.identity.people import SignedInPerson
from app.licences import matters
from app.licences.life import ORDERS, Action, By, Step
from app.licences.matters import Powers, Sitting
from app.licences.models import Licence

T = TypeVar("T")

KEYRING = Keyring.fresh()
TOWN, OFFICE = "nb-samutthara", "health"
FOOD, LIQUOR = "food-premises-notification", "liquor-retail"

_counted = itertools.count(1)


def citizen_id(n: int) -> str:
    """The n-th number with a right check digit, in a range that is given to nobody."""
    digits = f"1000{n:08d}"
    weighted = sum(int(digit) * (13 - place) for place, digit in enumerate(digits))
    return f"{digits}{(11 - weighted % 11) % 10}"


def make_person(db: Session, now: datetime, given_name: str = "มะลิ") -> SignedInPerson:
    """Somebody who signs in for the first time."""
    n = next(_counted)
    claims = Claims(
        issuer="https://thaid.example",
        subject=f"person-{n}",
        citizen_id=citizen_id(n),
        title="นางสาว",
        given_name=given_name,
        family_name="ตัวอย่าง",
        name_en="",
        birth_date=None,
        ial=Decimal("2.3"),
    )
    return people.recognise(db, KEYRING, claims, now)


def make_applicant(db: Session, now: datetime) -> UUID:
    """The party that a new person's applications are made for."""
    return make_person(db, now).applicant_id


def acting(person: SignedInPerson) -> Actor:
    """The person acting for themselves."""
    return Actor("citizen", person.person_id, "นางสาวมะลิ ตัวอย่าง", person.applicant_id)


def make_officer(
    db: Session, now: datetime, agency_code: str = TOWN, office_code: str | None = None, name: str = "ปรีชา ตัวอย่าง"
) -> Reach:
    """A registered officer with every duty, as far as they can see: the whole agency or one office."""
    post = Post(agency_code, office_code, frozenset(Duty), "นักวิชาการสาธารณสุข", "Public health officer")
    officer_id = officers.register(
        db, "https://officers.example", f"officer-{next(_counted)}", name, "Pricha Tuayang", post, SYSTEM, now
    )
    return Reach(officer_id, agency_code, office_code)


def at_work(reach: Reach) -> Actor:
    """The officer acting."""
    return Actor("officer", reach.officer_id, "ปรีชา ตัวอย่าง")


def make_form(
    db: Session, now: datetime, person: SignedInPerson | None = None, services: Sequence[str] = (FOOD,)
) -> SingleForm:
    """A draft of a new (or the given) person."""
    person = person or make_person(db, now)
    chosen = [(slug, 1) for slug in services]
    return forms.start(db, person.applicant_id, person.person_id, chosen, "th", acting(person), now)


def share(slug: str = FOOD, prefix: str = "สอ", **other: Any) -> Share:
    """What one service gets of a form; `other` replaces parts of it."""
    plain: dict[str, Any] = {
        "service_slug": slug,
        "service_version": 1,
        "number_prefix": prefix,
        "agency_code": TOWN,
        "office_code": OFFICE,
        "answers": {"shop_name": {"value": "ครัวมะลิ", "source": ""}},
        "documents": [],
        "quote": {"lines": [], "total": 0},
        "fee_satang": 0,
        "premises_name": "ครัวมะลิ",
        "check_days": 1,
        "linked_documents": {},
        "linked_answers": {},
    }
    return Share(**plain | other)


def send(
    db: Session, form: SingleForm, now: datetime, shares: Sequence[Share], name: str = "นางสาวมะลิ ตัวอย่าง", key: str = ""
) -> list[Application]:
    """The form sent, with one application per share."""
    text, digest = filing.snapshot({"reference": form.reference, "answers": [s.answers for s in shares]})
    key = key or f"key-{form.id}"
    actor = Actor("citizen", form.started_by, name, form.applicant_id)
    return filing.submit(db, form, form.started_by, name, text, digest, shares, key, actor, now)


def make_application(
    db: Session,
    now: datetime,
    person: SignedInPerson | None = None,
    name: str = "นางสาวมะลิ ตัวอย่าง",
    **of_share: Any,
) -> Application:
    """One application of a new form, just sent."""
    form = make_form(db, now, person)
    (application,) = send(db, form, now, [share(**of_share)], name)
    return application


def order(
    db: Session, licence: Licence, action: Action, now: datetime, ground: str = "มาตรา 45", until: date | None = None
) -> Licence:
    """An officer's order about a licence, under a law that asks for nothing before it."""
    found = matters.locked(db, licence.id)
    sitting = Sitting({By.APPROVER}, SYSTEM, Powers(lawful=ORDERS))
    matters.act(db, found, action, Step.DO, sitting, now, ground)
    found.suspended_until = until
    return found


def make_notice(
    db: Session, application: Application, officer: Reach, now: datetime, mend_by: date, documents: Sequence[str] = ()
) -> list[DeficiencyItem]:
    """The one deficiency notice of an application, asking for these documents."""
    notice = DeficiencyNotice(
        application_id=application.id,
        officer_id=officer.officer_id,
        officer_name="ปรีชา ตัวอย่าง",
        officer_position="นักวิชาการสาธารณสุข",
        issued_at=now,
        mend_by=mend_by,
    )
    db.add(notice)
    db.flush()
    items = [
        DeficiencyItem(notice_id=notice.id, position=place, kind="document", key=key, instruction="ส่งใหม่ให้อ่านออก")
        for place, key in enumerate(documents, start=1)
    ]
    db.add_all(items)
    db.flush()
    return items


def at_once(url: str, *acts: Callable[[Session], T]) -> tuple[list[T], list[Exception]]:
    """Each act in a transaction and a thread of its own, all starting together: what was returned, what was raised."""
    door = Database(url, turns=len(acts))
    start = threading.Barrier(len(acts))

    def run(act: Callable[[Session], T]) -> T:
        with door.transaction() as db:
            db.connection()
            start.wait(timeout=60)
            return act(db)

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(run, act) for act in acts]
    door.close()
    refused = [error for one in running if isinstance(error := one.exception(), Exception)]
    return [one.result() for one in running if one.exception() is None], refused
