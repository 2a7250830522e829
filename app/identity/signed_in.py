"""Who is signed in, as pages and stories see them: the human being, the party they act for, and by what right."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.core.events import Actor
from app.identity.models import ApplicantKind, Duty

CITIZEN_IDLE = timedelta(minutes=30)
OFFICER_IDLE = timedelta(minutes=15)
WARNING = timedelta(minutes=5)

ACTING = "%(who)s ทำแทน %(party)s"


class Right(StrEnum):
    """By what right somebody acts for a party."""

    SELF = "self"
    COMPANY = "company"
    """The company's own account was used to sign in on this browser."""
    MANDATE = "mandate"


@dataclass(frozen=True, kw_only=True)
class _SignedIn:
    session_id: UUID
    seen_at: datetime
    expires_at: datetime
    ends_at: datetime
    """When this session ends if nothing more happens: idle or absolute, whichever comes first."""

    @property
    def warns_at(self) -> datetime:
        """When the page starts to warn."""
        return self.ends_at - WARNING


@dataclass(frozen=True, kw_only=True)
class CitizenSession(_SignedIn):
    """A human being (`person_id`, `display_name`, `ial`) and the party acted for (`applicant_id`, `party_…`)."""

    person_id: UUID
    display_name: str
    display_name_en: str
    ial: Decimal
    own_applicant_id: UUID
    applicant_id: UUID
    party_kind: ApplicantKind
    party_name: str
    party_name_en: str
    right: Right
    organisation_id: UUID | None = None
    """The company whose account signed in here, whoever is acted for now."""
    mandate_id: UUID | None = None
    services: frozenset[str] | None = None
    """What the mandate is for; None: everything."""
    until: date | None = None
    """The mandate's last day."""
    mandate_over: bool = False
    """The mandate was revoked or its days are over: nothing may be done or seen for the party any more."""

    @property
    def for_self(self) -> bool:
        """Whether the party is the person."""
        return self.right is Right.SELF

    @property
    def by_mandate(self) -> bool:
        """Whether somebody else let them act."""
        return self.right is Right.MANDATE

    @property
    def name_for(self) -> str:
        """Who acts, and for whom: stands in every event ("นางสาวมะลิ ตัวอย่าง ทำแทน บริษัท …")."""
        return self.display_name if self.for_self else ACTING % {"who": self.display_name, "party": self.party_name}

    def party_in(self, lang: str) -> str:
        """The party's name in the reader's language; "" when it is the person."""
        if self.for_self:
            return ""
        return self.party_name_en if lang == "en" else self.party_name

    def covers(self, slug: str) -> bool:
        """Whether they may act in this service."""
        return self.services is None or slug in self.services


@dataclass(frozen=True, kw_only=True)
class OfficerSession(_SignedIn):
    """An officer, with the duties they have at this very moment. `office_code` None: the whole agency."""

    officer_id: UUID
    name: str
    name_en: str
    position: str
    position_en: str
    agency_code: str
    office_code: str | None
    duties: frozenset[Duty]


SignedIn = CitizenSession | OfficerSession


def actor(session: SignedIn) -> Actor:
    """Who stands behind an act: the citizen beside the party they act for, or the officer."""
    if isinstance(session, CitizenSession):
        return Actor("citizen", session.person_id, session.name_for, session.applicant_id, session.mandate_id)
    return Actor("officer", session.officer_id, session.name)
