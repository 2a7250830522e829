"""What an identity provider says about someone, brought to one form. Pure.

Two families are understood: ThaID (DOPA: `pid`, `ial` as text) and DGA Digital ID (`citizen_id` with
`citizen_id_verified`, `ial_level` as a number). Signature, issuer, audience, expiry and nonce are already proven.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from app.core import thai
from app.core.errors import Forbidden, Invalid

KNOWN_IAL = frozenset(Decimal(level) for level in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.0"))
"""Identity assurance levels of the ETDA and DGA standards."""

LOWEST_IAL = Decimal("1.3")
"""The lowest level that may see personal data; single services may ask for more before a submission."""


@dataclass(frozen=True)
class Claims:
    """One verified natural person as a provider knows them. Names may be empty strings, never missing."""

    issuer: str
    subject: str
    citizen_id: str
    title: str
    given_name: str
    family_name: str
    name_en: str
    birth_date: str | None
    ial: Decimal


def normalise(issuer: str, raw: Mapping[str, object]) -> Claims:
    """The claims of a citizen.

    Raises Invalid when there is no verified citizen id, when its check digit is wrong, when there is no name or the
    assurance level is not one we know; Forbidden when the level is known but too low.
    """
    ial = _ial(raw.get("ial", raw.get("ial_level")))
    if ial < LOWEST_IAL:
        raise Forbidden(
            "บัญชีนี้ยืนยันตัวตนไว้ที่ระดับ %(ial)s ยืนยันตัวตนกับผู้ให้บริการให้ถึงระดับ %(lowest)s แล้วเข้าสู่ระบบอีกครั้ง",
            ial=ial,
            lowest=LOWEST_IAL,
        )
    given, family = words(raw, "given_name"), words(raw, "family_name")
    if middle := words(raw, "middle_name"):
        given = f"{given} {middle}".strip()
    if not given and not family:
        given = words(raw, "name")
    if not given and not family:
        raise Invalid("ผู้ให้บริการยืนยันตัวตนไม่ได้ส่งชื่อของคุณมา เข้าสู่ระบบอีกครั้งและอนุญาตให้ส่งชื่อ")
    return Claims(
        issuer=issuer,
        subject=subject(raw),
        citizen_id=_citizen_id(raw),
        title=words(raw, "title"),
        given_name=given,
        family_name=family,
        name_en=_name_en(raw),
        birth_date=birth_date(raw.get("birthdate")),
        ial=ial,
    )


def subject(raw: Mapping[str, object]) -> str:
    """The provider's own name for the account, exactly as sent (OpenID Connect Core 2: <= 255 ASCII characters)."""
    value = raw.get("sub")
    if not isinstance(value, str) or not 0 < len(value) <= 255 or not value.isascii():
        raise Invalid("ผู้ให้บริการยืนยันตัวตนไม่ได้ส่งรหัสบัญชีมา เข้าสู่ระบบอีกครั้ง")
    return value


def has_citizen_id(raw: Mapping[str, object]) -> bool:
    """Whether either family's citizen id is among the claims at all (if not, the userinfo endpoint is asked)."""
    return "pid" in raw or "citizen_id" in raw


def birth_date(value: object) -> str | None:
    """`YYYY[-MM[-DD]]` in the Common Era, or None.

    Civil registration writes 00 for an unknown day or month, which is left off. A year from 2400 is Buddhist.
    Anything that is not a day of the calendar is dropped: nobody is refused for it.
    """
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", value if isinstance(value, str) else "")
    if found is None:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    if year >= 2400:
        year -= thai.BUDDHIST_ERA
    try:
        known = date(year, month or 1, day if month and day else 1)
    except ValueError:
        return None
    return known.isoformat()[: 10 if month and day else 7 if month else 4]


def _citizen_id(raw: Mapping[str, object]) -> str:
    pid, citizen_id = raw.get("pid"), raw.get("citizen_id")
    if pid is not None and citizen_id is not None and pid != citizen_id:
        raise Invalid("ผู้ให้บริการยืนยันตัวตนส่งเลขประจำตัวประชาชนมาสองเลขที่ไม่ตรงกัน เข้าสู่ระบบอีกครั้ง")
    if pid is None and not (citizen_id is not None and true(raw.get("citizen_id_verified"))):
        raise Invalid("บัญชีนี้ยังไม่มีเลขประจำตัวประชาชนที่ยืนยันแล้ว ยืนยันตัวตนกับผู้ให้บริการก่อน แล้วเข้าสู่ระบบอีกครั้ง")
    number = pid if pid is not None else citizen_id
    if not isinstance(number, str) or not re.fullmatch("[0-9]{13}", number) or not thai.valid_citizen_id(number):
        raise Invalid("เลขประจำตัวประชาชนที่ได้รับจากผู้ให้บริการไม่ผ่านการตรวจเลขหลักสุดท้าย ติดต่อผู้ให้บริการยืนยันตัวตน")
    return number


def true(value: object) -> bool:
    """Whether a claim says yes. DGA's provider writes booleans as JSON in the id_token and as text in userinfo."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _ial(value: object) -> Decimal:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _unknown_ial()
    try:
        level = Decimal(str(value))
    except InvalidOperation as bad:
        raise _unknown_ial() from bad
    if not level.is_finite() or level not in KNOWN_IAL:
        raise _unknown_ial()
    return level.quantize(Decimal("0.1"))


def _unknown_ial() -> Invalid:
    return Invalid("ผู้ให้บริการไม่ได้บอกระดับการยืนยันตัวตนที่เรารู้จัก เข้าสู่ระบบอีกครั้งหรือใช้ผู้ให้บริการอื่น")


def _name_en(raw: Mapping[str, object]) -> str:
    parts = [words(raw, f"{part}_en") for part in ("title", "given_name", "middle_name", "family_name")]
    return " ".join(filter(None, parts)) or words(raw, "name_en")


def words(raw: Mapping[str, object], name: str) -> str:
    """A claim that is text, cleaned and bounded; "" for anything else."""
    value = raw.get(name)
    return thai.clean(value)[:200] if isinstance(value, str) else ""
