"""What an identity provider says about a company that signs in, and about the human being who did it. Pure.

DGA Digital ID carries both in one token: `juristic_id`, `juristic_id_verified`, `juristic_name`, `member_type`,
`login_via`, and sometimes a verified natural person. No claim says that this person may bind the company.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.core import thai
from app.core.errors import Forbidden, Invalid
from app.identity import claims
from app.identity.claims import Claims

JURISTIC = "juristic"
"""`member_type` of a company's account; a provider that leaves it out is not contradicted."""


@dataclass(frozen=True)
class CompanyClaims:
    """One verified company as a provider knows it."""

    issuer: str
    subject: str
    juristic_id: str
    name: str
    login_via: str


def normalise(issuer: str, raw: Mapping[str, object]) -> CompanyClaims:
    """The claims of a company.

    Raises Forbidden for an account that is no company's, Invalid when the number is not verified or has a wrong check
    digit, or the name is missing.
    """
    kind = raw.get("member_type", JURISTIC)
    if kind != JURISTIC:
        raise Forbidden("บัญชีนี้ไม่ใช่บัญชีนิติบุคคล เข้าสู่ระบบด้วยบัญชีของบริษัทหรือห้างหุ้นส่วน หรือเข้าสู่ระบบเป็นบุคคลด้วย ThaID")
    number = raw.get("juristic_id")
    if not claims.true(raw.get("juristic_id_verified")):
        raise Invalid("ผู้ให้บริการยังไม่ได้ยืนยันเลขทะเบียนนิติบุคคลของบัญชีนี้ ยืนยันกับกรมพัฒนาธุรกิจการค้าก่อน แล้วเข้าสู่ระบบอีกครั้ง")
    if not isinstance(number, str) or not re.fullmatch("[0-9]{13}", number) or not thai.valid_juristic_id(number):
        raise Invalid("เลขทะเบียนนิติบุคคลที่ได้รับจากผู้ให้บริการไม่ผ่านการตรวจเลขหลักสุดท้าย ติดต่อผู้ให้บริการยืนยันตัวตน")
    name = claims.words(raw, "juristic_name")
    if not name:
        raise Invalid("ผู้ให้บริการยืนยันตัวตนไม่ได้ส่งชื่อนิติบุคคลมา เข้าสู่ระบบอีกครั้งและอนุญาตให้ส่งชื่อ")
    return CompanyClaims(issuer, claims.subject(raw), number, name, claims.words(raw, "login_via"))


def person(issuer: str, raw: Mapping[str, object]) -> Claims | None:
    """The verified natural person in the same token; None when it carries none, who then signs in with ThaID.

    Raises what `claims.normalise` raises when there is one who is not good enough.
    """
    if not claims.has_citizen_id(raw) or not ("pid" in raw or claims.true(raw.get("citizen_id_verified"))):
        return None
    return claims.normalise(issuer, raw)
