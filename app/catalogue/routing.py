"""Which agency and office receives an application: by the subdistrict of an address that was answered."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.catalogue.addresses import subdistrict
from app.catalogue.agencies import Agency, Office, ToLocalAuthority
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

    An office that names the subdistrict goes before one that names the district; a department's office without areas
    takes the rest. Raises Invalid (with the address question as the field) when the address is missing or nobody
    serves it.
    """
    receiver = service.receiver
    code = _subdistrict_code(receiver.by, answers)
    if isinstance(receiver, ToLocalAuthority):
        return _serving((a for a in catalogue.agencies.values() if a.kind == "local_authority"), code, receiver.by)
    agency = catalogue.agencies[receiver.agency]
    if receiver.by is None:
        return Place(agency, agency.offices[0])
    return _serving(iter((agency,)), code, receiver.by)


def _subdistrict_code(by: str | None, answers: Answers) -> str:
    if by is None:
        return ""
    address = answers.get(by)
    code = address.get("subdistrict") if isinstance(address, dict) else None
    if not isinstance(code, str) or subdistrict(code) is None:
        said = "ใส่ที่ตั้งก่อน เพื่อให้รู้ว่าหน่วยงานใดรับเรื่อง"
        raise Invalid(said, {by: said})
    return code


def _serving(agencies: Iterator[Agency], code: str, by: str) -> Place:
    rest: Place | None = None
    wide: Place | None = None
    for agency in agencies:
        for office in agency.offices:
            if code in office.areas:
                return Place(agency, office)
            if code[:4] in office.areas:
                wide = Place(agency, office)
            elif not office.areas and agency.kind == "department":
                rest = rest or Place(agency, office)
    found = wide or rest
    if found is None:
        area = subdistrict(code)
        said = "ยังไม่มีหน่วยงานที่รับเรื่องนี้ทางออนไลน์ใน%(area)s ยื่นที่สำนักงานท้องถิ่นของพื้นที่ได้"
        raise Invalid(said, {by: said}, area=area or code)
    return found
