"""What there is to know about the people of the demonstration: citizen, company, agency, officer. `people` says who."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5


class Both(NamedTuple):
    """The same words in Thai and English."""

    th: str
    en: str

    def to(self, language: str) -> str:
        """The words in `language` ("th" or "en"); anything unknown means Thai."""
        return self.en if language == "en" else self.th


class Registry(StrEnum):
    """How the registry gateway behaves when it is asked about somebody."""

    FOUND = "found"
    MISSING = "missing"
    SLOW = "slow"
    FAILING = "failing"
    GARBLED = "garbled"
    SHAPELESS = "shapeless"


class Birth(NamedTuple):
    """A birth date of the Christian era; month and day are None where the registry never knew them."""

    year: int
    month: int | None = None
    day: int | None = None

    def iso(self) -> str:
        """As OpenID Connect writes it: `1995-06-15`, or only the year."""
        if self.month is None or self.day is None:
            return f"{self.year:04d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    def registry_number(self) -> int:
        """As the population registry writes it: a number YYYYMMDD, Buddhist era, 00 for unknown."""
        return (self.year + 543) * 10_000 + (self.month or 0) * 100 + (self.day or 0)


class Home(NamedTuple):
    """A registered address; `subdistrict` is the six-digit code of the Department of Provincial Administration."""

    house: str
    moo: int
    soi: str
    road: str
    subdistrict: str


@dataclass(frozen=True)
class Citizen:
    """A person who may sign in with ThaID. `ial` is the identity assurance level ThaID states."""

    key: str
    citizen_id: str
    title: Both
    given: Both
    family: Both
    gender: int
    birth: Birth
    home: Home
    about: Both
    ial: str = "2.3"
    registry: Registry = Registry.FOUND

    @property
    def name(self) -> Both:
        """Title, given name and family name as one reads them."""
        return Both(
            f"{self.title.th}{self.given.th} {self.family.th}", f"{self.title.en} {self.given.en} {self.family.en}"
        )

    @property
    def subject(self) -> str:
        """What ThaID calls this person towards us: opaque and always the same."""
        return str(uuid5(NAMESPACE_URL, f"demo:thaid:{self.key}"))


@dataclass(frozen=True)
class Company:
    """A juristic person as the business registry knows it."""

    juristic_id: str
    name: Both
    status: str
    registered: str
    home: Home
    directors: tuple[tuple[str, str, str], ...]
    authority: str
    key: str
    about: Both
    person: str
    """Key of the citizen who signs in with its account."""
    kind: str = "5"
    """JuristicType: 2 and 3 partnerships, 5 a limited company, 7 a public one."""
    capital: str = "1000000.00"
    registry: Registry = Registry.FOUND

    @property
    def subject(self) -> str:
        """What the Digital ID platform calls this company's account towards us."""
        return str(uuid5(NAMESPACE_URL, f"demo:juristic:{self.key}"))


@dataclass(frozen=True)
class Agency:
    """An agency that signs licences and collects fees. `biller_id` has 15 digits."""

    code: str
    name: Both
    biller_id: str

    @property
    def account(self) -> str:
        """The ten digits of its bank account."""
        return self.biller_id[5:]


@dataclass(frozen=True)
class Officer:
    """An official who may sign in with the government's Digital ID.

    What the official may do (`duties`) is the agency's decision and stands in the portal's database, never in a token.
    """

    key: str
    citizen_id: str
    title: Both
    given: Both
    family: Both
    position: Both
    agency: str
    office: str | None
    duties: tuple[str, ...]
    about: Both

    @property
    def name(self) -> Both:
        """Title, given name and family name."""
        return Both(
            f"{self.title.th}{self.given.th} {self.family.th}", f"{self.title.en} {self.given.en} {self.family.en}"
        )

    @property
    def subject(self) -> str:
        """What the Digital ID platform calls this official towards us."""
        return str(uuid5(NAMESPACE_URL, f"demo:govid:{self.key}"))


@dataclass(frozen=True)
class OfficerSeed:
    """One row for the portal's table of officers, as the demonstration fills it."""

    issuer: str
    subject: str
    name: Both
    position: Both
    agency_code: str
    office_code: str | None
    duties: tuple[str, ...]
