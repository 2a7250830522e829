"""What documents say, and how those come to be that are made one by one; licences: `issuing`.

Reserve in one short transaction, draw and sign outside any, store in a second.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import receipt as submission
from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.billing import bills, receipts
from app.billing import documents as money
from app.catalogue import wording
from app.catalogue.manual import LicenceWording
from app.catalogue.schema import Service
from app.core.clock import bangkok_date
from app.core.db import new_id
from app.core.events import SYSTEM
from app.core.money import baht
from app.core.thai import date_long, thai_digits
from app.licences import document as licence_document
from app.licences import schema
from app.licences import service as licences
from app.licences.document import Content, Field
from app.licences.models import Licence
from app.licences.service import Signed
from app.pdf import confirming, issued
from app.stories import renewal, sent
from app.stories.house import House
from app.stories.sealing import Unfit, evidence, sealed, stored, unsigned

NOTHING: Mapping[str, Any] = MappingProxyType({})
UNNUMBERED = "ยังไม่ออกเลข"
"""What stands in a draft where the number will."""


def signed(house: House, agency_code: str, content: Content, form: LicenceWording, now: datetime) -> Signed:
    """A licence, or a new edition of one, as its agency's file, confirmed and in the store; outside any transaction.

    Raises Unfit where its data or its file is not what it must be, and what `sealed` raises where nobody can seal.
    """
    document = licence_document.document(content)
    if faults := schema.faults(licence_document.data_of(document), form):
        raise Unfit("; ".join(faults))
    fit = sealed(house, agency_code, document, now)
    proof = confirming.confirm(fit.data, [house.trust_roots], now)
    return Signed(
        digest=house.files.put(fit.data),
        size=len(fit.data),
        signed_at=now,
        signer=proof.certificate.subject,
        certificate_serial=proof.certificate.serial,
        certificate_fingerprint=proof.certificate.fingerprint,
        timestamped=True,
        checked=evidence(fit, proof),
    )


def unissued(db: Session, application: Application, service: Service, now: datetime) -> Licence:
    """The licence as it would be issued now, with nothing that only issuing gives: for a draft, never stored."""
    start = bangkok_date(now)
    return Licence(
        id=new_id(),
        application_id=application.id,
        applicant_id=application.applicant_id,
        number=UNNUMBERED,
        code="",
        service_slug=service.slug,
        service_version=service.version,
        agency_code=application.agency_code,
        holder=application.applicant_name,
        premises=application.premises_name,
        valid_from=start,
        valid_until=last_day(service, renewal.followed(db, application), start),
    )


def last_day(service: Service, before: Licence | None, first: date) -> date | None:
    """The last day of a licence that begins on `first`, or goes on from one `before`; None: it has none."""
    if before is not None and before.valid_until is not None:
        return service.validity.renewed(before.valid_until, first)
    return service.validity.last_day(first)


def said(
    house: House,
    application: Application,
    service: Service,
    reserved: Licence,
    lang: str,
    amended: Mapping[str, Any] = NOTHING,
) -> wording.Wording:
    """The words of a licence in one language; Thai (with Thai digits) is what the document itself says.

    `amended`: what an edition says otherwise than the application, by question key.
    """
    agency = house.agency(application.agency_code)
    office = agency.office(application.office_code or "")

    def day(value: date | None) -> str:
        written = date_long(value, lang) if value else ""
        return thai_digits(written) if lang == "th" else written

    issuing = {
        "number": thai_digits(reserved.number) if lang == "th" else reserved.number,
        "issued_on": day(reserved.valid_from),
        "valid_from": day(reserved.valid_from),
        "valid_until": day(reserved.valid_until),
        "agency": agency.name.to(lang),
        "office": (office.name if office else agency.name).to(lang),
        "holder": reserved.holder,
        "signer": agency.signer.to(lang),
        "fee": baht(application.fee_satang),
        "receipt_number": "",
    }
    values = {key: answer["value"] for key, answer in application.answers.items()} | dict(amended)
    return wording.licence_wording(service, values, issuing, lang)


def content(
    house: House,
    application: Application,
    service: Service,
    reserved: Licence,
    amended: Mapping[str, Any] = NOTHING,
    previous: str = "",
) -> Content:
    """Everything the document says; `previous` is the number of the licence that it renews."""
    agency = house.agency(application.agency_code)
    words = said(house, application, service, reserved, "th", amended)
    return Content(
        id=str(reserved.id),
        number=reserved.number,
        code=licences.written(reserved.code),
        title=words.title,
        subtitle=words.subtitle,
        agency=agency.name.th,
        signer=agency.signer.th,
        fields=[Field(row.label, row.value, row.xml) for row in words.rows],
        statement=words.statement,
        conditions=words.conditions,
        xml_root=words.xml_root,
        valid_from=reserved.valid_from,
        valid_until=reserved.valid_until,
        verify_url=f"{house.settings.base_url}/verify/{licences.written(reserved.code)}",
        holder=reserved.holder,
        service=service.slug,
        service_version=service.version,
        previous=previous,
        schema_url=schema.place(house.settings.base_url, service.slug, service.version),
    )


def receipt(house: House, bill_id: UUID) -> None:
    """Job: the e-receipt of a paid bill, sealed with the collecting agency's certificate."""
    now = house.clock.now()
    with house.database.transaction() as db:
        row = receipts.reserve(db, bill_id, now, SYSTEM)
        if row.file_digest is not None:
            return
        bill = bills.locked(db, bill_id)
        says = money.receipt(
            bill, bills.lines(db, bill_id), row, receipts.settling(db, bill_id), house.agency(bill.agency_code)
        )
        agency_code, receipt_id = bill.agency_code, row.id
    form = stored(house, sealed(house, agency_code, says, now), now, signed=True)
    with house.database.transaction() as db:
        row = receipts.attach(db, receipt_id, form.digest, now, SYSTEM)
        if row.file_digest == form.digest:
            issued.keep(db, form, "receipt", f"bill:{bill_id}", now)


def bill_pdf(db: Session, house: House, applicant_id: UUID, bill_id: UUID, now: datetime) -> tuple[str, bytes]:
    """The bill as a file: drawn when it is first asked for, looked through, and kept with what was found about it.

    Nobody signs it: what it says stands in the books.
    """
    bill = bills.find(db, bill_id, applicant_id)
    if bill.file_digest is None:
        says = money.bill(bill, bills.lines(db, bill_id), house.agency(bill.agency_code))
        made = stored(house, unsigned(house, says, bill.issued_at), bill.issued_at, signed=False)
        if bills.drawn(db, bill_id, made.digest):
            issued.keep(db, made, "bill", f"bill:{bill_id}", now)
        db.refresh(bill)
    return bill.number, house.files.read(bill.file_digest or "")


def submission_receipt(house: House, form_id: UUID) -> None:
    """Job: the receipt of a submission."""
    with house.database.transaction() as db:
        form = db.get(SingleForm, form_id)
        if form is None or form.receipt_digest is not None or form.submitted_at is None:
            return
        moment = form.submitted_at
        says = submission.document(sent.submission(db, house, form, moment))
    made = stored(house, unsigned(house, says, moment), moment, signed=False)
    with house.database.transaction() as db:
        locked = db.get(SingleForm, form_id, with_for_update=True)
        if locked is not None and locked.receipt_digest is None and locked.submitted_at == moment:
            locked.receipt_digest = made.digest
            issued.keep(db, made, "submission", f"form:{form_id}", moment)
