"""Registers of other agencies behind the exchange: buildings, land, training, taxes … all invented, all in one shape.

Each is asked under its own address with its own parameters and answers `{"ResultList": [record]}` or 404. Days are of
the Buddhist era, yes and no are `Y` and `N`, as in the registers that are documented.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from app.demo.companies import COMPANIES
from app.demo.people import CITIZENS
from app.demo.roles import Registry

Record = dict[str, Any]
Asked = Mapping[str, str]

DOWN = "500"
"""The house number at which every register fails: for trying what happens then."""


def _era(day: date) -> str:
    return f"{day.year + 543}{day:%m%d}"


def _place(asked: Asked) -> tuple[str, str]:
    return asked.get("HouseNo", ""), asked.get("SubdistrictCode", "")


HOME, ROASTERY = ("99/1", "730101"), ("99/5", "730101")
OLD_HOUSE = ("3", "730101")


def _building(asked: Asked, today: date) -> Record | None:
    del today
    known = {HOME: "120", ROASTERY: "450", OLD_HOUSE: "60"}
    area = known.get(_place(asked))
    if area is None:
        return None
    number = int(area)
    return {
        "CertificateNo": f"อ.6-{number}/2566",
        "FormNo": "อ.6",
        "IssueDate": _era(date(2023, 3, 15)),
        "PermittedUse": "พาณิชย์ (ร้านอาหาร)",
        "BuildingName": "",
        "Storeys": "2",
        "UsableArea": f"{number:,}.00",
        "GreaseTrap": "Y",
        "WasteRoom": "Y",
        "Status": "REVOKED" if _place(asked) == OLD_HOUSE else "ACTIVE",
    }


def _land(asked: Asked, today: date) -> Record | None:
    del today
    if _place(asked) != HOME:
        return None
    owners = {CITIZENS[0].citizen_id, COMPANIES[0].juristic_id}
    return {
        "DeedNo": "45678",
        "LandOffice": "สำนักงานที่ดินจังหวัดนครปฐม",
        "RegisterDate": _era(date(2019, 8, 1)),
        "AreaText": "0-0-48 ไร่",
        "OwnerIsAsker": "Y" if asked.get("OwnerID") in owners else "N",
        "Status": "ACTIVE",
    }


def _trained(asked: Asked, today: date) -> Record | None:
    handlers = asked.get("Handlers", "")
    if asked.get("OperatorID") != CITIZENS[0].citizen_id or not handlers.isdecimal() or int(handlers) > 3:
        return None
    return {
        "RosterNo": "สอ.อบรม-1207/2569",
        "IssueDate": _era(today - timedelta(days=120)),
        "ExpireDate": _era(today + timedelta(days=975)),
        "OperatorTrained": "Y",
        "TrainedHandlers": handlers,
    }


def _vat(asked: Asked, today: date) -> Record | None:
    del today
    company = next((one for one in COMPANIES if one.juristic_id == asked.get("TaxID")), None)
    if company is None or company.registry is not Registry.FOUND:
        return None
    return {
        "CertificateNo": f"ภ.พ.20-{company.juristic_id[-6:]}",
        "RegisterDate": _era(date(2020, 1, 6)),
        "OperatorName": company.name.th,
        "Registered": "Y",
        "Status": "ACTIVE" if company.status == "ยังดำเนินกิจการอยู่" else "CANCELLED",
    }


def _shop(asked: Asked, today: date) -> Record | None:
    del today
    if asked.get("OwnerID") != CITIZENS[1].citizen_id:
        return None
    return {
        "CMNO": "7301255500123",
        "OwnName": CITIZENS[1].name.th,
        "Name": "ร้านตาสี (ตัวอย่าง)",
        "RegisterDate": _era(date(2012, 5, 2)),
        "ObjectDescription": "ขายของชำ",
        "OfficeName": "เทศบาลเมืองตัวอย่าง",
        "HeadOffice": "ELSEWHERE",
    }


def _zone(asked: Asked, today: date) -> Record | None:
    del today
    if _place(asked) not in (HOME, ROASTERY):
        return None
    return {"ZoneNo": "นฐ-0107", "InsideForbiddenPlace": "N", "NearTempleOrSchool": "N"}


def _spa(asked: Asked, today: date) -> Record | None:
    licences = {"ผด-2569-00123": today + timedelta(days=700), "ผด-2560-00009": today - timedelta(days=30)}
    ends = licences.get(asked.get("LicenceNo", ""))
    if ends is None:
        return None
    return {
        "LicenceNo": asked["LicenceNo"],
        "OperatorName": "นางสาวใจดี ตัวอย่าง",
        "IssueDate": _era(ends - timedelta(days=1095)),
        "ExpireDate": _era(ends),
        "Status": "ACTIVE",
    }


def _vehicle(asked: Asked, today: date) -> Record | None:
    if asked.get("PlateNo", "").replace(" ", "") != "กข1234":
        return None
    return {
        "PlateNo": "กข 1234",
        "VehicleType": "รถยนต์บรรทุกส่วนบุคคล",
        "OwnerIsAsker": "Y" if asked.get("OwnerID") == CITIZENS[0].citizen_id else "N",
        "TaxPaidUntil": _era(today + timedelta(days=90)),
    }


REGISTERS: dict[str, Callable[[Asked, date], Record | None]] = {
    "/ws/dla/building/v1/certificate": _building,
    "/ws/dol/parcel/v1/title": _land,
    "/ws/anamai/foodhandler/v1/trained": _trained,
    "/ws/rd/vat/v1/operator": _vat,
    "/ws/dbd/juristic/v4/profile/register": _shop,
    "/ws/excise/place/v1/zone": _zone,
    "/ws/hss/spa/v1/operator": _spa,
    "/ws/dlt/vehicle/v1/registration": _vehicle,
}
"""The addresses of registries.yaml, and who answers there."""
