"""The business registry's profile of a juristic person (DBD through GDX, v4), and what of it we use. Pure.

Every value is a text, dates are YYYYMMDD of the Buddhist era, the keys are really spelt `Tumbol` and `Ampur`.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import geothai

from app.core.thai import clean, clean_lines
from app.registries.linkage import birth_date as registry_date

PROFILE = "/ws/dbd/juristic/v4/profile/information"
SOURCE = "กรมพัฒนาธุรกิจการค้า"
OPERATING = "ยังดำเนินกิจการอยู่"
"""The only status with which a company may file."""

KINDS = {"2": "ordinary_partnership", "3": "limited_partnership", "5": "limited_company", "7": "public_company"}
"""JuristicType in our words."""

TITLES = (
    *("นางสาว", "น.ส.", "นาง", "นาย", "ดร.", "ว่าที่ร้อยตรี", "ว่าที่ร.ต.", "พลเอก", "พลโท", "พลตรี", "พันเอก", "พันโท"),
    *("พันตรี", "ร้อยเอก", "ร้อยโท", "ร้อยตรี", "หม่อมราชวงศ์", "ม.ร.ว.", "หม่อมหลวง", "ม.ล.", "คุณหญิง", "mr.", "mrs.", "miss"),
    *("ms.", "mr", "mrs", "ms"),
)
"""What may stand before a given name."""

MALE = frozenset({"นาย", "mr.", "mr"})
FEMALE = frozenset({"นางสาว", "น.ส.", "นาง", "miss", "mrs.", "mrs", "ms.", "ms", "คุณหญิง"})
"""A man is no woman of the same name; a woman may have married since the registry wrote her down."""


def read(record: Mapping[str, Any]) -> dict[str, Any]:
    """One profile in our own keys, unknown ones left out. Raises ValueError when it is no profile of a company.

    Keys: juristic_id, kind, name_th, name_en, registered_on (ISO), capital (satang), status, tsic, address {house, moo,
    soi, road, subdistrict, postcode}, directors (one name a line), authority_text (one power a line).
    """
    number, name, status = (_text(record, key) for key in ("JuristicID", "JuristicName_TH", "JuristicStatus"))
    if not re.fullmatch("[0-9]{13}", number) or not name or not status:
        raise ValueError("not a company profile")
    directors = [_name(one) for one in _rows(record, "CommitteeInformations")]
    powers = [_text(one, "AuthorizeDescription") for one in _rows(record, "AuthorizeDescriptions")]
    places = _rows(record, "AddressInformations")
    values = {
        "juristic_id": number,
        "kind": KINDS.get(_text(record, "JuristicType"), "other"),
        "name_th": name,
        "name_en": _text(record, "JuristicName_EN"),
        "registered_on": registry_date(_text(record, "RegisterDate") or None),
        "capital": _satang(_text(record, "RegisterCapital")),
        "status": status,
        "tsic": _text(record, "StandardID"),
        "address": address(places[0]) if places else None,
        "directors": "\n".join(one for one in directors if one),
        "authority_text": clean_lines("\n".join(one for one in powers if one)),
    }
    return {key: value for key, value in values.items() if value}


def address(record: Mapping[str, Any]) -> dict[str, str] | None:
    """A head office in our own parts; None when its place is none we know (then it is typed by hand)."""
    place = [re.sub(rf"^({before})", "", _text(record, key)) for key, before in _PLACE]
    found = geothai.match(place[0], district=place[1], province=place[2]) if place[0] else []
    if len(found) != 1 or not _text(record, "AddressNo"):
        return None
    subdistrict = found[0].subdistrict
    parts = {
        "house": _text(record, "AddressNo"),
        "moo": _text(record, "Moo"),
        "soi": _text(record, "Soi"),
        "road": _text(record, "Road"),
        "subdistrict": subdistrict.code,
        "postcode": subdistrict.postal_codes[0] if len(subdistrict.postal_codes) == 1 else "",
    }
    return {part: said for part, said in parts.items() if said}


_PLACE = (("Tumbol", "ตำบล|แขวง|ต\\."), ("Ampur", "อำเภอ|เขต|อ\\."), ("Province", "จังหวัด|จ\\."))


def same_name(title: str, given: str, family: str, director: str) -> bool:
    """Whether a person's name is a director's as the registry writes it: titles, spaces and letter case aside."""
    (mine, name), (theirs, other) = _bare(f"{title}{given} {family}"), _bare(director)
    return bool(name) and name == other and not ({mine, theirs} & MALE and {mine, theirs} & FEMALE)


def _bare(name: str) -> tuple[str, str]:
    """The title a name begins with, and the rest without spaces and points."""
    text = clean(name).casefold()
    title = next((one for one in sorted(TITLES, key=len, reverse=True) if text.startswith(one)), "")
    return title, re.sub(r"[\s.]", "", text.removeprefix(title))


def _name(record: Mapping[str, Any]) -> str:
    title, given, family = (_text(record, key) for key in ("Title", "FirstName", "LastName"))
    return f"{title}{given} {family}".strip()


def _satang(baht: str) -> int | None:
    try:
        amount = Decimal(baht.replace(",", ""))
    except InvalidOperation:
        return None
    return int(amount * 100) if amount.is_finite() and amount >= 0 else None


def _rows(record: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    rows = record.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    text = clean(value) if isinstance(value, str) else ""
    return "" if text == "-" else text
