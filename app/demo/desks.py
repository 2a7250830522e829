"""One application at the desk of the agency it went to: whoever of its officers has the duty does the next step."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import checking
from app.applications import standing as standings
from app.applications.checking import Mark
from app.applications.models import Application, Finding
from app.applications.workflow import Action
from app.billing import bills, thai_qr
from app.billing.models import BillStatus
from app.catalogue.schema import Service
from app.core.clock import bangkok_date
from app.demo.acts import Clerk, Filer, Player, arrival
from app.demo.people import OFFICERS
from app.identity import sessions
from app.stories import attach, delay, end, mend, passing, proposing, resting, review, standing, support
from app.stories.desk import clock_of
from app.stories.house import House
from app.stories.resting import Ground, Support
from app.stories.review import Defect, Said

Act = Callable[[Session, sessions.OfficerSession, Application], object]

INSTRUCTION = "ถ่ายใหม่ให้เห็นครบทั้งหน้า และอ่านตัวเล็กได้"
AUTHORITY_SEEN = "หนังสือรับรองบริษัทตรงกับทะเบียน กรรมการหนึ่งคนลงชื่อได้"
PAPER_SEEN = "ใบทะเบียนพาณิชย์ที่ออกเมื่อ พ.ศ. 2561 ผู้ยื่นนำฉบับจริงมาแสดง"
WHY_WAITING = "รอใบทะเบียนพาณิชย์ของผู้ยื่น ซึ่งต้องมีก่อนพิจารณา"
WHY_LATE = "ต้องตรวจสถานที่ซ้ำ และมีเรื่องค้างหลังวันหยุดยาว"
A_QUICK_CASE = 0.02
"""Days: about half an hour."""


class Desk(Player):
    """The officers around one application."""

    def __init__(self, house: House, application_id: UUID) -> None:
        super().__init__(house)
        self.id = application_id
        sent = self.does(self._application)
        here = [o for o in OFFICERS if o.agency == sent.agency_code and o.office in (None, sent.office_code)]
        self.checker = next(Clerk(house, o) for o in here if "check" in o.duties)
        service = self.does(self._service)
        others = [Clerk(house, o) for o in here if "approve" in o.duties and o is not self.checker.who]
        alone = "approve" in self.checker.who.duties and not service.two_hands
        self.approver = self.checker if alone else others[0]
        duration = service.duration
        self.days_allowed = A_QUICK_CASE if duration.unit == "minutes" else duration.n
        """How long the manual gives the officers, in days."""
        self.place = (sent.service_slug, sent.agency_code)

    def _application(self, db: Session) -> Application:
        return db.get_one(Application, self.id)

    def _sits(self, clerk: Clerk, act: Act | None = None) -> None:
        """The officer has the case in hand, or takes it, and acts."""

        def whole(db: Session) -> None:
            me, application = clerk.session(db), self._application(db)
            if application.taken_by != me.officer_id:
                passing.take(db, me, self.id, self.now)
                db.refresh(application)
            if act:
                act(db, me, application)

        self.does(whole)

    @property
    def has_papers(self) -> bool:
        """Whether the person sent any file that could turn out unreadable."""
        return bool(self.does(self._application).documents)

    def takes(self) -> None:
        """Somebody takes it from the queue."""
        self._sits(self.checker)

    def _marked(self, db: Session, me: sessions.OfficerSession, sent: Application, missing: Iterable[str]) -> None:
        found = {("document", d["key"]): Mark(Finding.OK) for d in sent.documents}
        found |= {("answer", key): Mark(Finding.OK) for key in sent.answers}
        found |= {("document", key): Mark(Finding.MISSING, "unreadable", INSTRUCTION) for key in missing}
        checking.keep(db, self.id, found, me.officer_id, self.now)

    def returns(self) -> None:
        """The first document cannot be read: one notice."""

        def act(db: Session, me: sessions.OfficerSession, sent: Application) -> None:
            key = str(sent.documents[0]["key"])
            service = self.house.service(db, sent.service_slug, sent.service_version)
            document = next(use.document for use in service.documents if use.key == key)
            self._marked(db, me, sent, [key])
            defect = Defect("document", key, document.reasons[0].text.th, INSTRUCTION)
            review.return_once(db, self.house, me, self.id, sent.revision, [defect], "", self.now)

        self._sits(self.checker, act)

    def mends(self, me: Filer) -> None:
        """The person sends a better file."""

        def act(db: Session) -> None:
            citizen = me.session(db)
            for item in mend.open_notice(db, self.house, citizen, self.id).open_items:
                attach.to_item(db, self.house, citizen, self.id, item.id, arrival(), self.now)

        self.does(act)

    def sends_back(self, me: Filer) -> None:
        """The person sends the mended application back."""
        self.does(
            lambda db: mend.send(db, self.house, me.session(db), self.id, self._application(db).revision, self.now)
        )

    def withdraws(self, me: Filer) -> None:
        """The person thinks better of it."""

        def act(db: Session) -> None:
            citizen = me.session(db)
            revision, reason = self._application(db).revision, "เปลี่ยนใจ ยังไม่เปิดร้าน"
            end.withdraw(db, citizen.applicant_id, self.id, revision, reason, sessions.actor(citizen), self.now)

        self.does(act)

    def accepts(self) -> None:
        """Everything is there."""

        def act(db: Session, me: sessions.OfficerSession, sent: Application) -> None:
            self._marked(db, me, sent, [])
            if standings.unconfirmed(db, sent):
                standing.confirm(db, me, self.id, sent.revision, AUTHORITY_SEEN, self.now)
            review.accept(db, self.house, me, self.id, sent.revision, self.now)

        self._sits(self.checker, act)

    def _proposed(self, action: Action, said: Said) -> None:
        """Where the service wants two hands, the checker's comes first."""

        def act(db: Session, me: sessions.OfficerSession, sent: Application) -> None:
            proposing.propose(db, self.house, me, self.id, sent.revision, action, said, self.now)

        if self.does(self._service).two_hands:
            self._sits(self.checker, act)

    def _service(self, db: Session) -> Service:
        sent = self._application(db)
        return self.house.service(db, sent.service_slug, sent.service_version)

    @property
    def waits(self) -> bool:
        """Whether a licence that must be there first is still on its way."""
        return Ground.RUNNING in self._lacks()

    def _lacks(self) -> list[Ground]:
        return [one.ground for one in self.does(self._rests_on) if one.lacking]

    def _rests_on(self, db: Session) -> tuple[Support, ...]:
        sent = self._application(db)
        return resting.of_case(db, self.house, sent, self._service(db), self.now)

    def sees_the_papers(self) -> None:
        """What must be there first was issued on paper, before there was a portal: the person shows it."""

        def act(db: Session, me: sessions.OfficerSession, sent: Application) -> None:
            for one in self._rests_on(db):
                support.confirm(db, self.house, me, self.id, sent.revision, one.key, support.SEEN, PAPER_SEEN, self.now)

        if self._lacks():
            self._sits(self._next, act)

    @property
    def _next(self) -> Clerk:
        """Who goes on with the case once it is complete."""
        return self.checker if self.does(self._service).two_hands else self.approver

    def explains(self, why: str) -> None:
        """Whoever has a late case tells the applicant why."""

        def act(db: Session, me: sessions.OfficerSession, sent: Application) -> None:
            if clock_of(db, sent, self._service(db), self.now).late:
                day = bangkok_date(self.now) + timedelta(days=14)
                delay.explain(db, self.house, me, self.id, why, day, self.now)

        self._sits(self._next, act)

    def proposes(self, said: Said) -> None:
        """Found good by the first of two hands; nothing where one is enough."""
        self._proposed(Action.PROPOSE_APPROVAL, said)

    def approves(self) -> None:
        """Granted."""
        said = Said(delay=WHY_LATE)
        self.proposes(said)
        self._sits(
            self.approver,
            lambda db, me, sent: review.approve(db, self.house, me, self.id, sent.revision, said, self.now),
        )

    def refuses(self) -> None:
        """Refused on the first ground of the manual, with reasons."""
        why = "ตรวจสถานที่แล้วพบว่ายังไม่เป็นไปตามที่กฎหมายกำหนด ปรับปรุงแล้วยื่นใหม่ได้"
        said = Said(why, self.does(self._service).grounds[0].key, WHY_LATE)
        self._proposed(Action.PROPOSE_REFUSAL, said)
        self._sits(
            self.approver,
            lambda db, me, sent: review.reject(db, self.house, me, self.id, sent.revision, said, self.now),
        )

    def bills(self) -> list[str]:
        """The QR codes of what is to be paid now."""

        def act(db: Session) -> list[str]:
            owed = [b for b in bills.of_application(db, self.id) if b.status is BillStatus.OPEN]
            return [thai_qr.build(bills.thai_qr_of(bill)) for bill in owed]

        return self.does(act)
