"""Every kind of paper of every service, each drawn and sealed by the job that draws it for a citizen.

Forms are frozen and sent without their files, which no paper shows; from there on the people of the desk do their part.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, decision_letter, filing, forms, letters
from app.applications.form_models import SingleForm
from app.applications.models import Application, DeficiencyItem, DeficiencyNotice
from app.billing import bills, fees, payments, receipts
from app.billing import documents as money
from app.billing.bills import Item, Payee, Payer
from app.billing.confirmation import CHANNEL, Confirmation
from app.billing.fees import Quote
from app.billing.models import Bill
from app.catalogue import needed
from app.catalogue.routing import Place, route
from app.catalogue.schema import Service
from app.core.clock import bangkok_date
from app.core.events import SYSTEM
from app.demo.acts import Filer
from app.demo.desks import Desk
from app.demo.people import CITIZENS
from app.identity import sessions
from app.licences import document as licence_document
from app.licences import service as licences
from app.papers import document, sheets
from app.pdf import issued, letter_data
from app.pdf.documents import render
from app.stories import case_letter, counter, drafting, issue, letter, pay, quoting, review
from app.stories.house import House
from app.stories.review import Said
from app.stories.sealing import unsigned
from tests.catalogue.answering import answered_by
from tests.stories.world import World

PLACE = {"subdistrict": "730101", "postcode": "73000"}
WHY = "ตรวจสถานที่เมื่อวันที่ ๒๐ แล้ว พบว่าน้ำทิ้งไหลลงคู (ข้อ 3) และไม่มีปั๊มสูบ"
NAME = "นายฤทธิ์ กุฏิญาณสังวร"
FILENAME = "IMG ญาณี 写真 😀.jpg"


@dataclass(frozen=True)
class Sent:
    """A form of one service that was sent."""

    service: Service
    place: Place
    form: UUID
    application: UUID
    applicant: UUID
    said: dict[str, Any]


def sent(house: House, service: Service, seed: int = 1) -> Sent:
    """Somebody has filled a form for this service and sent it."""
    said, now = answered_by(house.catalogue, service, PLACE, seed), house.clock.now()
    me = Filer(house, CITIZENS[0])
    place = route(house.catalogue, service, said)
    quote = _quote(house, service, place, said)
    share = filing.Share(
        service_slug=service.slug,
        service_version=service.version,
        number_prefix=service.number_prefix,
        agency_code=place.agency.code,
        office_code=place.office.code,
        answers={key: {"value": value, "source": ""} for key, value in said.items()},
        documents=[_file(service.documents[0].key)] if service.documents else [],
        quote=quote.to_json(),
        fee_satang=quote.total,
        premises_name=str(said.get(service.known_by or "", "")),
        check_days=1,
        linked_documents={},
        linked_answers={},
    )
    with house.database.transaction() as db:
        mine = me.session(db)
        actor = sessions.actor(mine)
        form = forms.start(db, mine.applicant_id, mine.person_id, [(service.slug, service.version)], "th", actor, now)
        text, digest = filing.snapshot({"reference": form.reference, "answers": share.answers})
        name = mine.party_name
        (application,) = filing.submit(db, form, mine.person_id, name, text, digest, [share], digest, actor, now)
        return Sent(service, place, form.id, application.id, mine.applicant_id, said)


def _file(key: str) -> dict[str, Any]:
    file = {"key": key, "upload": str(UUID(int=1)), "media_type": "image/jpeg", "size": 81_234, "pages": 1}
    return {**file, "filename": FILENAME, "sha256": "0" * 64, "at": "2026-11-20T04:30:00+00:00"}


def _quote(house: House, service: Service, place: Place, said: dict[str, Any]) -> Quote:
    fee = house.catalogue.fee(service, place.agency)
    return fees.quote(service, fee, said, on=bangkok_date(house.clock.now()))


def quoted(house: House, one: Sent) -> Quote:
    """What it costs."""
    return _quote(house, one.service, one.place, one.said)


def receipt_of_sending(house: House, one: Sent) -> bytes:
    """หลักฐานการยื่น."""
    issue.submission_receipt(house, one.form)
    with house.database.transaction() as db:
        digest = db.get_one(SingleForm, one.form).receipt_digest
    assert digest is not None
    return house.files.read(digest)


def before_deciding(house: House, one: Sent) -> dict[str, bytes]:
    """What there is before anybody decides: the blank form, papers prepared for signing, the officer's draft."""
    found = {f"blank {lang}": counter.blank(house, one.service.slug, lang)[1] for lang in ("th", "en")}
    shape, now = house.shape([one.service]), house.clock.now()
    with house.database.transaction() as db:
        if one.service.licence:
            found["draft"] = drafting.licence(db, house, cases.by_system(db, one.application), one.service, now)
        for asked in needed.documents_needed(shape, one.said):
            filled, prepared = quoting.filled(shape, asked, one.said), asked.document.prepared
            if filled is None or prepared is None:
                continue
            paper = sheets.keep(db, house.keyring, one.form, asked.key, filled.body(), now)
            by = [document.Signed(role.title.th, NAME, "2.3", now, "form:1") for role in prepared.roles]
            to = ("JD 2569-0000001", house.settings.base_url)
            found[f"{asked.key} to sign"] = unsigned(house, document.printed(paper, prepared, *to), now).data
            if by:
                found[f"{asked.key} signed"] = unsigned(house, document.signed(paper, prepared, *to, by), now).data
    return found


def drawn(house: House, one: Sent) -> dict[str, bytes]:
    """What a decision leads to, drawn but sealed by nobody: the licence, the letter of a refusal, bill and receipt."""
    service, now, found = one.service, house.clock.now(), dict[str, bytes]()
    with house.database.transaction() as db:
        application = cases.by_system(db, one.application)
        if service.licence:
            licence = issue.unissued(db, application, service, now)
            licence.number, licence.code = f"{service.number_prefix} 12/2569", licences.new_code()
            says = licence_document.document(issue.content(house, application, service, licence))
            found["licence"] = render(says, now)
        told = review.refusal(service, Said(WHY, service.grounds[0].key))
        told |= {"appeal": service.appeal.text, "appeal_law": service.appeal.law, "officer": NAME, "position": WHY}
        until = review.appeal_until(service, now)
        refused = letter.says(house, application, service, told, "นส 2569-000012", bangkok_date(now), until)
        found["letter"] = render(decision_letter.document(refused), now)
        found |= _before_it_is_decided(db, house, application, service, now)
        if items := bills.items_of(quoted(house, one), one.application, one.place.agency.code):
            found |= _money(db, house, one, items, now)
    return found


def _before_it_is_decided(
    db: Session, house: House, application: Application, service: Service, now: datetime
) -> dict[str, bytes]:
    """The deficiency notice that asks for all that can be asked for, with one signature and with two; a delay."""
    due_on = application.due_on
    wanted = [("answer", q.key, "") for q in service.asked if q.key in application.answers][:9]
    for use in service.documents:
        wanted += [("document", use.key, reason.text.th) for reason in use.document.reasons[:1]] or [
            ("document", use.key, "")
        ]
    items = [
        DeficiencyItem(position=at, kind=kind, key=key, reason=reason, instruction=WHY)
        for at, (kind, key, reason) in enumerate(wanted, 1)
    ]
    by = review.mend_by(service, now)
    notice = DeficiencyNotice(officer_name=NAME, officer_position=WHY, mend_by=by, message=WHY)
    asked = case_letter.of_deficiencies(db, house, application, service, notice, items, now)
    found, schema = dict[str, bytes](), letter_data.place(house.settings.base_url)
    found["deficiency"] = render(case_letter.document(asked, schema), now)
    asked.countersigned_at, asked.countersigned_by = now, {"name": NAME, "ial": "2.3"}
    found["deficiency of both"] = render(case_letter.document(asked, schema), now)
    application.due_on, application.delay_reason, application.delay_until = by, WHY, by
    late = case_letter.of_delay(db, house, application, service, (NAME, WHY), now)
    found["delay"] = render(case_letter.document(late, schema), now)
    application.due_on, application.delay_reason, application.delay_until = due_on, "", None
    return found


def _money(db: Session, house: House, one: Sent, items: list[Item], now: datetime) -> dict[str, bytes]:
    agency = one.place.agency
    payee, payer = Payee(agency.code, agency.name.th, agency.name.en, agency.biller_id), Payer(one.applicant, NAME)
    due = now + timedelta(days=15)
    bill = bills.issue(db, payee=payee, payer=payer, items=items, due_at=due, actor=SYSTEM, now=now)
    payments.settle(db, _paid(bill, now), now, SYSTEM)
    row, lines = receipts.reserve(db, bill.id, now, SYSTEM), bills.lines(db, bill.id)
    says = money.receipt(bill, lines, row, receipts.settling(db, bill.id), agency)
    return {"bill": issue.bill_pdf(db, house, one.applicant, bill.id, now)[1], "receipt": render(says, now)}


def _paid(bill: Bill, now: datetime) -> Confirmation:
    transaction, amount = bill.id.hex[-20:], bill.amount_satang
    return Confirmation(CHANNEL, transaction, bill.biller_id, bill.ref1, bill.ref2, amount, now)


def granted(world: World, one: Sent) -> dict[str, bytes]:
    """What a person gets whose application is approved and paid: bill, receipt, licence, as far as there are such."""
    house, desk, papers = world.house, Desk(world.house, one.application), dict[str, bytes]()
    desk.takes()
    desk.sees_the_papers()
    desk.accepts()
    desk.approves()
    now = house.clock.now()
    with house.database.transaction() as db:
        owed = bills.of_application(db, one.application)
        for bill in owed:
            papers["bill"] = issue.bill_pdf(db, house, one.applicant, bill.id, now)[1]
            pay.settle(db, _paid(bill, now), now)
    world.when_idle()
    with house.database.transaction() as db:
        for bill in owed:
            receipt = receipts.of_bill(db, bill.id)
            assert receipt is not None
            assert receipt.file_digest is not None
            papers["receipt"] = house.files.read(issued.newest(db, receipt.file_digest))
        licence = licences.of_application(db, one.application)
        if licence is not None:
            papers["licence"] = house.files.read(licences.document(db, licence.id).digest)
    return papers


def refused(world: World, one: Sent) -> bytes:
    """The letter that tells the refusal."""
    house, desk = world.house, Desk(world.house, one.application)
    desk.takes()
    desk.sees_the_papers()
    desk.accepts()
    desk.refuses()
    world.when_idle()
    with house.database.transaction() as db:
        assert cases.by_system(db, one.application).decision is not None
        told = letters.of_application(db, one.application)
        assert told is not None
        assert told.file_digest is not None
        return house.files.read(issued.newest(db, told.file_digest))
