"""Contexts of the licences a person holds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.licences.legal_force import ACT, EFFECTS, Effect
from app.pages.contexts.frame import FeeLine, FieldView, Page, QrCode
from app.pages.contexts.verify import PublicLicence

LicenceState = Literal["reserved", "valid", "expired", "suspended", "surrendered", "revoked", "replaced"]
"""The first and the last are never those of a licence in a wallet."""
UnderWay = Literal["", "issue", "suspend", "reinstate", "revoke", "surrender", "amend", "substitute", "renew", "expire"]


@dataclass(frozen=True, kw_only=True)
class CanDo:
    """One thing that can be done with a licence: where, or why not now."""

    what: str
    href: str = ""
    why_not: str = ""


@dataclass(frozen=True, kw_only=True)
class LicenceRow:
    """A licence in the wallet. `renewal`: what to say of renewing it; "" when there is nothing to say."""

    id: UUID
    name: Text
    premises: str
    issuer: Text
    number: str
    state: LicenceState
    valid_until: date | None
    days_left: int | None
    renewal: Literal["", "now", "late", "draft", "under_way", "renewed"]
    renewal_href: str = ""

    @property
    def in_use(self) -> bool:
        """Whether it belongs to the first pile: it holds, or something can be done so that it does again."""
        return (self.state in {"valid", "suspended"} and self.renewal != "renewed") or self.renewal in {"late", "draft"}


@dataclass(frozen=True, kw_only=True)
class LicencesPage(Page):
    """`citizen/licences.html`: every licence, or those of one `place`."""

    licences: tuple[LicenceRow, ...]
    places: tuple[str, ...]
    place: str

    @property
    def ending(self) -> tuple[LicenceRow, ...]:
        """What can be renewed now."""
        return tuple(row for row in self.licences if row.renewal in {"now", "late", "draft"})


@dataclass(frozen=True, kw_only=True)
class LetterLine:
    """A letter about a licence."""

    number: str
    at: datetime
    href: str


@dataclass(frozen=True, kw_only=True)
class LicencePage(Page):
    """`citizen/licence.html`. `facts` are (label, value, over the whole width)."""

    id: UUID
    form_id: UUID
    name: Text
    issuer: Text
    number: str
    state: LicenceState
    facts: tuple[tuple[Text | str, str, bool], ...]
    valid_until: date | None
    days_left: int | None
    signed_at: datetime
    checked_at: datetime
    file_size: str
    pdf_href: str
    data_href: str
    verify_url: str
    qr: QrCode
    renewal: Text
    ground: str = ""
    suspended_until: date | None = None
    can: tuple[CanDo, ...]
    under_way: UnderWay
    may_take_back: bool
    letters: tuple[LetterLine, ...]
    follows: str
    """The number of the licence that this one renews."""
    followed_by: tuple[UUID, str] | None
    links: int
    """How many share links are open."""
    to_pay: tuple[UUID, int] | None
    """The bill of what was signed and waits for its fee, and its amount in satang."""
    revision: int
    token: str


@dataclass(frozen=True, kw_only=True)
class ShowPage(Page):
    """`citizen/show.html`: what an inspector looks at on the holder's telephone."""

    id: UUID
    name: Text
    issuer: Text
    number: str
    holder: str
    premises: str
    state: LicenceState
    valid_until: date | None
    checked_at: datetime
    verify_url: str
    qr: QrCode


@dataclass(frozen=True, kw_only=True)
class PrintPage(Page):
    """`citizen/print.html`: a licence on one sheet, and what a print-out is worth."""

    id: UUID
    name: Text
    issuer: Text
    number: str
    state: LicenceState
    facts: tuple[tuple[Text | str, str, bool], ...]
    signed_at: datetime
    checked_at: datetime
    verify_url: str
    pdf_href: str
    qr: QrCode
    act: Text = ACT
    effects: tuple[Effect, ...] = EFFECTS


@dataclass(frozen=True, kw_only=True)
class LicenceActPage(Page):
    """`citizen/licence_act.html`: giving a licence back, asking for a substitute or for other data on it."""

    id: UUID
    name: Text
    number: str
    act: Literal["surrender", "substitute", "amend"]
    law: str
    answers: tuple[tuple[str, Text, str], ...] = ()
    """What can be asked to be amended: key, question, and what the licence says."""
    field: FieldView | None = None
    before: str = ""
    reason: str = ""
    words: str = ""
    """What was typed as the reason, the story, or why."""
    fee: FeeLine | None = None
    """What it costs, to be paid when it is granted."""
    revision: int
    token: str

    def wrong(self, field: str) -> str:
        """What is wrong with one box, if anything is."""
        return next((str(problem.text) for problem in self.problems if problem.field == field), "")


@dataclass(frozen=True, kw_only=True)
class ShareLine:
    """One link: for whom, until when, how often it was opened; its address while it is open."""

    id: UUID
    name: str
    until: date
    created_at: datetime
    state: Literal["open", "over", "closed"]
    opened: int
    last_opened_at: datetime | None
    href: str


@dataclass(frozen=True, kw_only=True)
class SharesPage(Page):
    """`citizen/shares.html`: the links of a licence, and a new one as it was typed."""

    id: UUID
    name: Text
    number: str
    shares: tuple[ShareLine, ...]
    choices: tuple[tuple[int, date], ...]
    """How long a link may be open: days, and the last of them."""
    typed_name: str = ""
    typed_days: str = ""
    token: str

    def wrong(self, field: str) -> str:
        """What is wrong with one box, if anything is."""
        return next((str(problem.text) for problem in self.problems if problem.field == field), "")


@dataclass(frozen=True, kw_only=True)
class SharedPage(Page):
    """`public/shared.html`: what the holder shows, as it stands now."""

    outcome: Literal["valid", "expired", "suspended", "surrendered", "revoked", "replaced"]
    until: date
    checked_at: datetime
    verify_url: str
    licence: PublicLicence
