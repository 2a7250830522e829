"""What I hold: licences."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.orm import Session

from app.applications import cases
from app.catalogue.schema import Text
from app.core.clock import bangkok_date
from app.core.i18n import lang
from app.core.thai import file_size
from app.core.web import Db, Now, as_file, render
from app.licences import editions
from app.licences import service as licences
from app.licences.models import NOT_VALID, Licence
from app.pages import qr
from app.pages.citizen_form import house_of
from app.pages.contexts.holdings import LicencePage, LicenceRow, LicencesPage
from app.pages.who import Citizen
from app.stories import issue
from app.stories.house import House

router = APIRouter()

WIDE = 28
"""Characters above which a fact of a licence takes the whole width."""


def _name(db: Session, house: House, licence: Licence) -> Text:
    return house.service(db, licence.service_slug, licence.service_version).result_name


@router.get("/licences")
def my_licences(request: Request, db: Db, citizen: Citizen, now: Now) -> Response:
    """Every licence I hold, with its live status."""
    house = house_of(request)
    rows = tuple(
        LicenceRow(
            id=licence.id,
            name=_name(db, house, licence),
            premises=licence.premises,
            issuer=house.agency(licence.agency_code).name,
            number=licence.number,
            state=licences.verdict(licence, now).value,
            valid_until=licence.valid_until,
        )
        for licence in licences.of_applicant(db, citizen.applicant_id)
        if citizen.covers(licence.service_slug)
    )
    return render(request, "citizen/licences.html", LicencesPage(licences=rows))


@router.get("/licences/{licence_id}")
def licence(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """One licence: what it says, whether it is valid now, and the signed file."""
    house = house_of(request)
    found = licences.mine(db, citizen.applicant_id, licence_id)
    document = licences.document(db, found.id)
    application = cases.of_applicant(db, citizen.applicant_id, found.application_id)
    service = house.service(db, found.service_slug, found.service_version)
    today = bangkok_date(now)
    url = f"{house.settings.base_url}/verify/{licences.written(found.code)}"
    words = issue.said(house, application, service, found, lang(), editions.amended(db, found.id))
    page = LicencePage(
        id=found.id,
        form_id=application.single_form_id,
        name=service.result_name,
        issuer=house.agency(found.agency_code).name,
        number=found.number,
        state=licences.verdict(found, now).value,
        facts=tuple((row.label, row.value, len(row.value) > WIDE) for row in words.rows),
        valid_until=found.valid_until,
        days_left=(found.valid_until - today).days if found.valid_until and found.valid_until >= today else None,
        signed_at=document.signed_at,
        checked_at=now,
        file_size=file_size(document.size),
        pdf_href=f"/licences/{found.id}/licence.pdf",
        data_href=f"/licences/{found.id}/licence.json",
        verify_url=url,
        qr=qr.draw(url),
        renewal=service.renewal,
        ground=found.status_ground if found.status in NOT_VALID else "",
    )
    return render(request, "citizen/licence.html", page)


@router.get("/licences/{licence_id}/licence.pdf")
def licence_pdf(request: Request, licence_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The signed original, byte for byte as it was issued."""
    found = licences.mine(db, citizen.applicant_id, licence_id)
    document = licences.document(db, found.id)
    name = f"licence-{found.number.replace(' ', '-').replace('/', '-')}.pdf"
    return as_file(house_of(request).files.read(document.digest), name, "application/pdf")


@router.get("/licences/{licence_id}/licence.json")
def licence_json(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """The licence as data: what the XML inside the PDF says, and the live status."""
    house = house_of(request)
    found = licences.mine(db, citizen.applicant_id, licence_id)
    document = licences.document(db, found.id)
    application = cases.of_applicant(db, citizen.applicant_id, found.application_id)
    service = house.service(db, found.service_slug, found.service_version)
    words = issue.said(house, application, service, found, "th", editions.amended(db, found.id))
    body = {
        "number": found.number,
        "code": licences.written(found.code),
        "holder": found.holder,
        "service": found.service_slug,
        "version": found.service_version,
        "issuer": house.agency(found.agency_code).name.model_dump(),
        "valid_from": found.valid_from.isoformat(),
        "valid_until": found.valid_until.isoformat() if found.valid_until else None,
        "status": licences.verdict(found, now).value,
        "facts": {row.xml: row.value for row in words.rows},
        "sha256": document.digest,
        "signed_at": document.signed_at.isoformat(),
        "certificate": {"subject": document.signer, "serial": document.certificate_serial},
    }
    return JSONResponse(body)
