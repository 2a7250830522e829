"""The national identity schemes as we meet them: ThaID for citizens, DGA Digital ID for officials and for companies.

Each has its own addresses, scopes and habits (ThaID writes the assurance level as text, Digital ID as a number);
the protocol they speak, OpenID Connect, stands in `provider`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geothai

from app.demo.companies import COMPANIES, UNVERIFIED
from app.demo.people import CITIZENS, NEWCOMER, OFFICERS
from app.demo.roles import Both, Citizen, Company, Home, Officer


@dataclass(frozen=True)
class Identity:
    """One persona to sign in as, with everything the scheme could tell about it."""

    key: str
    subject: str
    name: Both
    about: Both
    claims: Mapping[str, Any]


@dataclass(frozen=True)
class Scheme:
    """One identity scheme: where its endpoints are, what each scope opens, and whom it knows."""

    key: str
    name: Both
    question: Both
    authorize: str
    token: str
    userinfo: str
    end_session: str
    scopes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Both]
    identities: tuple[Identity, ...]
    secret_rounds: int = 0

    def identity(self, key: str | None) -> Identity | None:
        """The persona with this key."""
        return next((identity for identity in self.identities if identity.key == key), None)

    def claims(self, identity: Identity, scopes: Iterable[str]) -> dict[str, Any]:
        """What `identity` gives away when these scopes are granted."""
        open_to_us = {claim for scope in scopes for claim in self.scopes.get(scope, ())}
        return {name: value for name, value in identity.claims.items() if name in open_to_us}

    def sent_secret(self, secret: str) -> str:
        """What a client must send for the secret it was issued.

        Digital ID wants seven rounds of md5(secret + "EGA") instead of the secret itself (DGA's integration guide).
        """
        for _ in range(self.secret_rounds):
            secret = hashlib.md5(f"{secret}EGA".encode(), usedforsecurity=False).hexdigest()
        return secret


def written(home: Home) -> str:
    """An address in one line, as it is printed on the identity card."""
    place = geothai.address(home.subdistrict)
    if place is None:
        raise ValueError(home.subdistrict)
    bangkok = place.province.code == "10"
    words = [
        f"{home.house}",
        f"หมู่ที่ {home.moo}" if home.moo else "",
        f"ซอย{home.soi}" if home.soi else "",
        f"ถนน{home.road}" if home.road else "",
        f"{'แขวง' if bangkok else 'ต.'}{place.subdistrict.name_th}",
        f"{'เขต' if bangkok else 'อ.'}{place.district.name_th}",
        f"{'' if bangkok else 'จ.'}{place.province.name_th}",
    ]
    return " ".join(word for word in words if word)


def thaid(person: Citizen) -> Identity:
    """A person's account with ThaID."""
    claims = {
        "pid": person.citizen_id,
        "title": person.title.th,
        "title_en": person.title.en,
        "given_name": person.given.th,
        "given_name_en": person.given.en,
        "family_name": person.family.th,
        "family_name_en": person.family.en,
        "name": person.name.th,
        "name_en": person.name.en,
        "birthdate": person.birth.iso(),
        "gender": "male" if person.gender == 1 else "female",
        "address": {"formatted": written(person.home)},
        "ial": person.ial,
    }
    return Identity(person.key, person.subject, person.name, person.about, claims)


def _govid(person: Officer) -> Identity:
    claims = {
        "user_id": f"demo-{person.key}",
        "preferred_username": f"{person.given.en}.{person.family.en}".lower(),
        "title": person.title.th,
        "given_name": person.given.th,
        "family_name": person.family.th,
        "name": person.name.th,
        "name_verified": True,
        "citizen_id": person.citizen_id,
        "citizen_id_verified": True,
        "ial_level": 2.3,
        "login_via": "thaid",
        "member_type": "government",
        "email": f"{person.given.en}.{person.family.en}@{person.agency or 'nowhere'}.example".lower(),
        "email_verified": True,
    }
    return Identity(person.key, person.subject, person.name, person.position, claims)


def juristic(company: Company, *, verified: bool = True, with_person: bool = False) -> Identity:
    """A company's account: the username is the juristic number, the password the registry's.

    Digital ID may or may not know which human being typed it; nothing says that they may bind the company.
    """
    person = next(person for person in CITIZENS if person.key == company.person)
    claims: dict[str, Any] = {
        "juristic_id": company.juristic_id,
        "juristic_id_verified": verified,
        "juristic_name": company.name.th,
        "member_type": "juristic",
        "login_via": "dbd",
    }
    about = company.about
    if with_person:
        claims |= {
            "citizen_id": person.citizen_id,
            "citizen_id_verified": True,
            "title": person.title.th,
            "given_name": person.given.th,
            "family_name": person.family.th,
            "ial_level": float(person.ial),
        }
        about = Both(f"โดย{person.name.th}", f"used by {person.name.en}")
    key = f"{company.key}-{person.key}" if with_person else company.key
    return Identity(key, f"{company.subject}{'-p' if with_person else ''}", company.name, about, claims)


def _each_its_own(*claims: str) -> dict[str, tuple[str, ...]]:
    return {claim: (claim,) for claim in claims}


_NAMES = {
    "title": Both("คำนำหน้า", "Title"),
    "given_name": Both("ชื่อ", "Given name"),
    "family_name": Both("นามสกุล", "Family name"),
    "name": Both("ชื่อและนามสกุล", "Full name"),
    "name_en": Both("ชื่อและนามสกุล (อังกฤษ)", "Full name in English"),
}

THAID = Scheme(
    key="thaid",
    name=Both("ThaID", "ThaID"),
    question=Both("เข้าระบบเป็นใครดี", "Who would you like to be?"),
    authorize="/api/v2/oauth2/auth/",
    token="/api/v2/oauth2/token/",  # noqa: S106 - an address, not a secret
    userinfo="/api/v2/oauth2/userinfo/",
    end_session="/api/v2/oauth2/logout/",
    scopes={
        "openid": (),
        **_each_its_own(
            "pid", "title", "title_en", "given_name", "given_name_en", "family_name", "family_name_en",
            "name", "name_en", "birthdate", "gender", "address", "ial",
        ),
    },
    labels={
        **_NAMES,
        "pid": Both("เลขประจำตัวประชาชน", "Citizen number"),
        "birthdate": Both("วันเกิด (ค.ศ.)", "Date of birth"),
        "gender": Both("เพศ", "Gender"),
        "address": Both("ที่อยู่ตามทะเบียนบ้าน", "Registered address"),
        "ial": Both("ระดับการพิสูจน์ตัวตน", "Identity assurance level"),
    },
    identities=tuple(thaid(person) for person in CITIZENS),
)  # fmt: skip

GOVID = Scheme(
    key="govid",
    name=Both("Digital ID ภาครัฐ", "Government Digital ID"),
    question=Both("เข้าระบบเป็นเจ้าหน้าที่คนไหน", "Which officer would you like to be?"),
    authorize="/connect/authorize",
    token="/connect/token",  # noqa: S106 - an address, not a secret
    userinfo="/connect/userinfo",
    end_session="/connect/endsession",
    scopes={
        "openid": (),
        "profile": ("name", "given_name", "family_name", "title", "preferred_username"),
        "email": ("email", "email_verified"),
        **_each_its_own(
            "title", "given_name", "family_name", "name_verified", "citizen_id", "citizen_id_verified",
            "ial_level", "user_id", "login_via", "member_type",
        ),
    },
    labels={
        **_NAMES,
        "citizen_id": Both("เลขประจำตัวประชาชน", "Citizen number"),
        "ial_level": Both("ระดับการพิสูจน์ตัวตน", "Identity assurance level"),
        "user_id": Both("บัญชีผู้ใช้", "User account"),
        "email": Both("อีเมล", "E-mail"),
    },
    identities=tuple(_govid(person) for person in (*OFFICERS, NEWCOMER)),
    secret_rounds=7,
)  # fmt: skip

JURISTIC = Scheme(
    key="juristic",
    name=Both("Digital ID นิติบุคคล", "Digital ID for companies"),
    question=Both("เข้าระบบเป็นนิติบุคคลใด", "Which company would you like to be?"),
    authorize="/connect/authorize",
    token="/connect/token",  # noqa: S106 - an address, not a secret
    userinfo="/connect/userinfo",
    end_session="/connect/endsession",
    scopes={
        "openid": (),
        **_each_its_own(
            "juristic_id", "juristic_id_verified", "juristic_name", "member_type", "login_via",
            "citizen_id", "citizen_id_verified", "title", "given_name", "family_name", "ial_level",
        ),
    },
    labels={
        "juristic_name": Both("ชื่อนิติบุคคล", "Name of the company"),
        "juristic_id": Both("เลขทะเบียนนิติบุคคล", "Company number"),
        **{name: _NAMES[name] for name in ("title", "given_name", "family_name")},
        "citizen_id": Both("เลขประจำตัวประชาชน", "Citizen number"),
        "ial_level": Both("ระดับการพิสูจน์ตัวตน", "Identity assurance level"),
    },
    identities=(
        *(juristic(company) for company in COMPANIES),
        *(juristic(company, with_person=True) for company in COMPANIES[:3]),
        juristic(UNVERIFIED, verified=False),
    ),
    secret_rounds=7,
)  # fmt: skip
