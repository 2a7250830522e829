"""The population registry's records at the linkage centre, and what of them we use. Pure.

Which office, service and version to ask, and what each field is called, is agreed between the linkage centre and each
consumer; so it is data (`Linkage`), with the values integrators publish as the default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geothai

MISSING = (None, "", "-", 0, "0")
"""How the registry writes that there is nothing."""

TITLES = {"น.ส.": "นางสาว", "ด.ช.": "เด็กชาย", "ด.ญ.": "เด็กหญิง"}
"""Abbreviated titles as some records have them."""


@dataclass(frozen=True)
class Service:
    """One data set of the linkage centre."""

    office: str
    service: str
    version: str


@dataclass(frozen=True)
class Linkage:
    """The two data sets we ask for, and the names of their fields."""

    person: Service = Service("00023", "001", "01")
    house: Service = Service("00023", "008", "01")
    title: str = "titleDesc"
    given_name: str = "firstName"
    middle_name: str = "middleName"
    family_name: str = "lastName"
    birth_date: str = "dateOfBirth"
    address: Mapping[str, str] = field(
        default_factory=lambda: {"house": "houseNo", "moo": "villageNo", "soi": "alleyDesc", "road": "roadDesc"}
    )
    lane: str = "alleyWayDesc"
    area_codes: tuple[str, str, str] = ("provinceCode", "districtCode", "subdistrictCode")
    area_names: tuple[str, str, str] = ("provinceDesc", "districtDesc", "subdistrictDesc")

    def read_person(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Title, names and birth date. Raises ValueError when it is not a record of a person."""
        given, family = _text(record, self.given_name), _text(record, self.family_name)
        if not given or self.family_name not in record:
            raise ValueError("not a person record")
        title = _text(record, self.title)
        values = {
            "title": TITLES.get(title, title),
            "given_name": " ".join(filter(None, (given, _text(record, self.middle_name)))),
            "family_name": family,
            "birth_date": birth_date(record.get(self.birth_date)),
        }
        return {key: value for key, value in values.items() if value}

    def read_house(self, record: Mapping[str, Any]) -> dict[str, str] | None:
        """The address in our own parts, empty ones left out; None when its subdistrict is none we know.

        Raises ValueError when it is not a record of a house.
        """
        if not _text(record, self.address["house"]):
            raise ValueError("not a house record")
        subdistrict = self._subdistrict(record)
        place = geothai.subdistrict(subdistrict)
        if place is None:
            return None
        address = {part: _text(record, name) for part, name in self.address.items()}
        if not address["soi"] and (lane := _text(record, self.lane)):
            address["soi"] = f"ตรอก{lane}"
        address["subdistrict"] = subdistrict
        address["postcode"] = place.postal_codes[0] if len(place.postal_codes) == 1 else ""
        return {part: said for part, said in address.items() if said}

    def _subdistrict(self, record: Mapping[str, Any]) -> str:
        """The six digits, from the three codes when they name a place, otherwise from the three names."""
        codes = [_text(record, name) for name in self.area_codes]
        code = "".join(part.zfill(2) for part in codes)
        if all(codes) and geothai.subdistrict(code):
            return code
        province, district, subdistrict = (_text(record, name) for name in self.area_names)
        found = geothai.match(subdistrict, district=district, province=province) if subdistrict else []
        return found[0].subdistrict.code if len(found) == 1 else ""


def birth_date(written: object) -> str | None:
    """A registry date (YYYYMMDD, Buddhist era, 00 for unknown) as `1995-06-15`, `1995-06` or `1995`; None for nothing.

    Raises ValueError for anything that is no date.
    """
    if written in MISSING:
        return None
    digits = str(written)
    if not (len(digits) == 8 and digits.isdecimal() and digits.isascii()):
        raise ValueError("not a registry date")
    year, month, day = int(digits[:4]) - 543, int(digits[4:6]), int(digits[6:])
    if not (1800 <= year <= 2200 and month <= 12 and day <= 31):
        raise ValueError("not a registry date")
    if not month:
        return f"{year:04d}"
    return f"{year:04d}-{month:02d}-{day:02d}" if day else f"{year:04d}-{month:02d}"


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return "" if value in MISSING or isinstance(value, dict | list) else str(value).strip()
