"""Which agency and office receives an application: by the subdistrict of an address that was answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.catalogue.addresses import subdistrict
from app.catalogue.agencies import Agency, Office, Receiver, ToLocalAuthority
from app.catalogue.answers import for_service
from app.catalogue.conditions import Answers
from app.catalogue.schema import Catalogue, Service
from app.core.errors import Invalid


@dataclass(frozen=True)
class Place:
    """Where an application goes."""

    agency: Agency
    office: Office


def route(catalogue: Catalogue, service: Service, answers: Answers) -> Place:
    """The agency and office that receive this service for these answers.

    An office that names the service goes before one that takes any; then one that names the subdistrict before one
    that names the district; a department's office without areas takes the rest. Raises Invalid (with the address
    question as the field) when the address is missing or nobody serves it. Hidden answers send nothing anywhere.
    """
    receiver, agencies = service.receiver, receivers(catalogue, service)
    if receiver.by is None:
        return Place(agencies[0], agencies[0].offices[0])
    by, code = _where(receiver, for_service(service, answers))
    found = _serving(agencies, code, service.slug)
    if found is None:
        said = "ยังไม่มีหน่วยงานที่รับเรื่องนี้ทางออนไลน์ใน%(area)s ยื่นที่สำนักงานท้องถิ่นของพื้นที่ได้"
        raise Invalid(said, {by: said}, area=subdistrict(code) or code)
    return found


def receivers(catalogue: Catalogue, service: Service) -> list[Agency]:
    """Every agency that may be the one: the department, or all local authorities."""
    if isinstance(service.receiver, ToLocalAuthority):
        return [agency for agency in catalogue.agencies.values() if agency.kind == "local_authority"]
    return [catalogue.agencies[service.receiver.agency]]


def arriving(catalogue: Catalogue, agency_code: str, office_code: str | None) -> list[Service]:
    """What may be sent to an office; without one, to any office of the agency."""
    agency = catalogue.agencies[agency_code]
    office = agency.office(office_code) if office_code else None
    ours = [s for s in catalogue.services.values() if agency_code in {one.code for one in receivers(catalogue, s)}]
    if office is None:
        return ours
    elsewhere = {slug for one in agency.offices for slug in one.services}
    return [s for s in ours if (s.slug in office.services if office.services else s.slug not in elsewhere)]


def _where(receiver: Receiver, answers: Answers) -> tuple[str, str]:
    """The address question that decides, and the subdistrict answered there."""
    by = receiver.rather if receiver.rather and answers.get(receiver.rather) else receiver.by or ""
    address = answers.get(by)
    code = address.get("subdistrict") if isinstance(address, dict) else None
    if not isinstance(code, str) or subdistrict(code) is None:
        said = "ใส่ที่ตั้งก่อน เพื่อให้รู้ว่าหน่วยงานใดรับเรื่อง"
        raise Invalid(said, {by: said})
    return by, code


def _serving(agencies: Iterable[Agency], code: str, slug: str) -> Place | None:
    fits = [
        (fit, Place(agency, office))
        for agency in agencies
        for office in agency.offices
        if (fit := _fit(agency, office, code, slug)) is not None
    ]
    return max(fits, key=lambda one: one[0])[1] if fits else None


def _fit(agency: Agency, office: Office, code: str, slug: str) -> tuple[bool, int] | None:
    """How closely an office fits, to be compared; None when it does not serve this."""
    if office.services and slug not in office.services:
        return None
    named = bool(office.services)
    if code in office.areas:
        return named, 3
    if code[:4] in office.areas:
        return named, 2
    return (named, 1) if not office.areas and agency.kind == "department" else None
