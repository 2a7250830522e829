"""What becomes of a renewal when the licence that it renews is suspended, revoked or given back.

Suspended, it waits and goes on by itself. Nothing follows a licence that is gone: the renewal ends, what is unpaid is
owed no more, and what was paid for it goes back. Bills are locked before applications, as settlement does.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import cases, renewals
from app.applications.models import Application
from app.applications.workflow import FINAL, Action, By, State
from app.billing import bills, fee_returns, replacing
from app.core import jobs
from app.core.events import SYSTEM, Actor
from app.core.money import baht
from app.licences import matters
from app.licences.life import Standing
from app.licences.models import Licence
from app.notices import inbox
from app.stories.end import finish_clock

GONE = (Standing.REVOKED, Standing.SURRENDERED)
"""Of such a licence nothing goes on."""
UNGRANTED = "ใบที่ขอต่ออายุถูกเพิกถอนหรือคืนแล้ว จึงไม่ได้ออกใบให้"
"""Why a fee goes back (msgid)."""


def end(db: Session, licence: Licence, actor: Actor, now: datetime) -> None:
    """The licence (locked by the caller) is gone: what is under way to renew it ends. `actor`: whose act that was."""
    asked = renewals.asked_for(db, [licence.id]).get(licence.id)
    if asked is None or asked.state in FINAL:
        return
    application = without_bills(db, asked.application_id, actor, now)
    if application.state not in FINAL:
        _cease(db, licence, application, actor, now)


def without_bills(db: Session, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """The application locked, with no open bill: one that was approved meanwhile is let go of, and begun anew."""
    while True:
        while (owed := bills.open_of_application(db, application_id)) is not None:
            replacing.without(db, owed, application_id, "licence_gone", actor, now, though_checked=True)
        locked = db.begin_nested()
        application = cases.by_system(db, application_id)
        if bills.open_of_application(db, application_id) is None:
            locked.commit()
            return application
        locked.rollback()


def _cease(db: Session, licence: Licence, application: Application, actor: Actor, now: datetime) -> None:
    system = Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id)
    given = cases.facts(db, application, now)
    cases.act(db, application, Action.CEASE, [By.SYSTEM], system, given, now, licence=licence.number)
    finish_clock(db, application, now, "ใบที่ขอต่ออายุใช้ไม่ได้อีก")
    back = fee_returns.owe(db, application.id, UNGRANTED, actor, now)
    told = {"number": licence.number, "reference": application.number}
    if back is None:
        href = f"/forms/{application.single_form_id}/track"
        inbox.tell(db, application.applicant_id, "renewal_ended", now, href=href, **told)
    else:
        href, due = f"/bills/{back.bill_id}", baht(back.satang)
        inbox.tell(db, application.applicant_id, "renewal_fee_back", now, href=href, baht=due, **told)


def wait(db: Session, licence: Licence, now: datetime) -> None:
    """The licence was suspended: whoever has paid for its renewal reads that it waits."""
    asked = renewals.asked_for(db, [licence.id]).get(licence.id)
    if asked is not None and asked.state is State.PREPARING:
        href = f"/forms/{asked.form_id}/track"
        inbox.tell(db, licence.applicant_id, "renewal_waits", now, href=href, number=licence.number)


def go_on(db: Session, licence: Licence) -> None:
    """The licence is usable again: its renewal, when it is paid, is made at last.

    Also one that looks unpaid: who settles it at this moment still reads the licence as suspended.
    """
    asked = renewals.asked_for(db, [licence.id]).get(licence.id)
    if asked is not None and asked.state not in FINAL:
        jobs.enqueue(db, "issue_licence", application_id=str(asked.application_id))


def may_be_made(db: Session, application: Application, now: datetime) -> bool:
    """Whether the licence that this application renews can be followed now; True where it renews none.

    While that is suspended the renewal waits for `go_on`. When it is gone, the renewal ends here.
    """
    former = db.get(Licence, application.renews, populate_existing=True) if application.renews else None
    at = matters.standing(former, now) if former else None
    if former is not None and at in GONE:
        _cease(db, former, application, Actor(SYSTEM.kind, None, SYSTEM.name, former.applicant_id), now)
    return at in {None, Standing.VALID, Standing.EXPIRED}


def first_the_former(db: Session, application_id: UUID) -> None:
    """Lock the licence that an application renews before the application itself, as every act on a licence does."""
    of_it = (
        select(Licence.id).join(Application, Application.renews == Licence.id).where(Application.id == application_id)
    )
    db.execute(of_it.with_for_update(of=Licence))


def suspended(db: Session, applications: list[UUID], now: datetime) -> set[UUID]:
    """Which of these applications wait because what they renew is suspended."""
    query = select(Application.id, Licence).join(Licence, Application.renews == Licence.id)
    rows = db.execute(query.where(Application.id.in_(applications))) if applications else ()
    return {row[0] for row in rows if matters.standing(row[1], now) is Standing.SUSPENDED}
