"""Every kind of paper of every service, each drawn and sealed by the job that draws it for a citizen.

Forms are frozen and sent without their files, which no paper shows; from there on the people of the desk do their part.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.applications import cases, filing, forms, letters
from app.applications.models import SingleForm
from app.billing import bills, fees, receipts
from app.billing.confirmation import CHANNEL, Confirmation
from app.billing.fees import Quote
from app.catalogue.routing import Place, route
from app.catalogue.schema import Service
from app.core.clock import bangkok_date
from app.demo.acts import Filer
from app.demo.desks import Desk
from app.demo.people import CITIZENS
from app.identity import sessions
from app.licences import service as licences
from app.pdf import issued
from app.stories import issue, pay
from app.stories.house import House
from tests.catalogue.answering import answered_by
from tests.stories.world import World

PLACE = {"subdistrict": "730101", "postcode": "73000"}
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
            transaction, amount = bill.id.hex[-20:], bill.amount_satang
            pay.settle(db, Confirmation(CHANNEL, transaction, bill.biller_id, bill.ref1, bill.ref2, amount, now), now)
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
        letter = letters.of_application(db, one.application)
        assert letter is not None
        assert letter.file_digest is not None
        return house.files.read(issued.newest(db, letter.file_digest))
