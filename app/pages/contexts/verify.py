"""Contexts of the pages on which anybody checks a licence or a file."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Self

from app.catalogue.schema import Text
from app.licences.legal_force import ACT, EFFECTS, Effect
from app.licences.models import LicenceEdition
from app.pages.contexts.frame import Page, QrCode
from app.stories.authenticity import Recipe


@dataclass(frozen=True, kw_only=True)
class VerifyStartPage(Page):
    """`public/verify_start.html`: the code, or the number and the end of its code, as typed."""

    code: str = ""
    number: str = ""
    end: str = ""

    def wrong(self, field: str) -> str:
        """What is wrong with one box, if anything is."""
        return next((str(problem.text) for problem in self.problems if problem.field == field), "")


@dataclass(frozen=True)
class EditionLine:
    """An edition of a licence, as a stranger may know it."""

    number: int
    kind: Literal["original", "amended", "substitute"]
    issued_at: datetime | None

    @classmethod
    def of(cls, edition: LicenceEdition) -> Self:
        """From the register."""
        return cls(edition.number, edition.kind.value, edition.issued_at)


@dataclass(frozen=True, kw_only=True)
class PublicLicence:
    """What a stranger may know of a licence: the holder's name masked, no address of a home, no citizen id."""

    name: Text
    issuer: Text
    number: str
    code: str
    holder: str
    premises: str
    valid_from: date
    valid_until: date | None
    signed_at: datetime | None
    phone: str
    """Where to report misuse: the agency's telephone."""
    status_since: date | None = None
    ground: str = ""
    suspended_until: date | None = None
    edition: EditionLine
    in_force: EditionLine
    renews: str = ""
    renewed_by: str = ""
    qr: QrCode | None = None


@dataclass(frozen=True, kw_only=True)
class VerifyPage(Page):
    """`public/verify.html`: one of the answers, and the licence as the register knows it (None: unknown)."""

    outcome: Literal["valid", "expired", "suspended", "surrendered", "revoked", "replaced", "unknown"]
    code: str
    checked_at: datetime
    licence: PublicLicence | None = None
    effects: tuple[Effect, ...] = EFFECTS
    act: Text = ACT


@dataclass(frozen=True, kw_only=True)
class VerifyFilePage(Page):
    """`public/verify_file.html`: the verdict on a file; `number` of what it is, `finding` why it is not ours."""

    outcome: Literal["valid", "expired", "suspended", "surrendered", "revoked", "replaced", "altered_or_unknown"]
    words: str
    checked_at: datetime
    sha256: str
    number: str
    finding: str
    licence: PublicLicence | None = None


@dataclass(frozen=True, kw_only=True)
class RecipePage(Page):
    """`public/verify_how.html`: what to compare a signature with."""

    recipe: Recipe
