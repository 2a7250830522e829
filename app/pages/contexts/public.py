"""Contexts of the pages anybody may see."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.applications.deadlines import LegalClock
from app.applications.workflow import Holder, State
from app.catalogue.charges import KnownFee
from app.catalogue.conditions import Condition, explain
from app.catalogue.facets import Option
from app.catalogue.kinds import Question
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Agency, Document, Service, Text
from app.pages.contexts.frame import Page


@dataclass(frozen=True)
class BundleView:
    """Services that go together, and the address of the choice with all of them."""

    name: Text
    summary: Text
    href: str


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    """`public/home.html`. `pulse`: whether the portal works, works slowly, or takes no applications now."""

    services: tuple[Service, ...]
    bundles: tuple[BundleView, ...]
    pulse: Literal["well", "slow", "down"] = "well"


@dataclass(frozen=True)
class FacetView:
    """One way of narrowing down: its name in the address, what it is called, and what it offers."""

    key: str
    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Taken:
    """A value that was chosen, and the address of the same list without it."""

    label: Text
    without_href: str


@dataclass(frozen=True, kw_only=True)
class SearchPage(Page):
    """`public/search.html`: the query as typed, and what it found (everything when it is empty)."""

    q: str
    found: tuple[Service, ...]
    bundles: tuple[BundleView, ...]
    picked: tuple[str, ...] = ()
    """The slugs chosen so far, carried in the address."""
    facets: tuple[FacetView, ...] = ()
    taken: tuple[Taken, ...] = ()
    everything_href: str = "/services"
    """The same query without narrowing."""
    near: tuple[Service, ...] = ()
    """What may be meant when nothing answers the query."""


@dataclass(frozen=True)
class DocumentNeed:
    """A document in the manual: who prepares it, and in words when it is needed ("" is always)."""

    document: Document
    when: Text | None = None
    note: Text | None = None
    waived_when: Text | None = None
    """When a registry's data replaces it, where that depends."""
    register: Text | None = None
    """The register of records that is asked first; what stands nowhere there is uploaded."""


@dataclass(frozen=True)
class OtherLicence:
    """Another licence this one rests on: any one of `services`, `before` a moment in words, in some cases only."""

    services: tuple[Service, ...]
    before: str
    why: Text
    when: Text | None = None
    law: Text | None = None


@dataclass(frozen=True)
class Counter:
    """An agency where this service can be had, and the fee its ordinance sets when the service leaves it to one."""

    agency: Agency
    fee: KnownFee | None = None
    ordinance: Text | None = None


@dataclass(frozen=True, kw_only=True)
class GuideView:
    """A film or recording about a service, offered with its size and length before anything of it is loaded.

    `media_href` is "" while there is nothing to play; what it says can always be read.
    """

    media_href: str
    media_type: str
    poster_href: str
    captions: tuple[tuple[str, str], ...]
    """Language and address."""
    sound: bool
    size: str
    seconds: int
    transcript: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def heard(self) -> bool:
        """Whether it is sound alone, with nothing to see."""
        return self.media_type.startswith("audio/")

    @property
    def length(self) -> str:
        """As minutes and seconds: 1:30."""
        return f"{self.seconds // 60}:{self.seconds % 60:02d}"


@dataclass(frozen=True, kw_only=True)
class ServicePage(Page):
    """`public/service.html`: the citizen manual, from the same record the engine runs on."""

    service: Service
    documents: tuple[DocumentNeed, ...]
    needs: tuple[OtherLicence, ...]
    counters: tuple[Counter, ...]
    picked: tuple[str, ...]
    """The slugs chosen so far, carried in the address."""
    may_start: bool
    """False for an officer, who reads the manual but does not apply here."""
    asked: tuple[tuple[str, str], ...] = ()
    """What people asked while filling and an agency answered for everybody."""
    guide: GuideView | None = None

    def questions(self, group: str | None) -> dict[str, Question]:
        """The service's questions by key, with those of a group's rows."""
        asked: dict[str, Question] = {question.key: question for question in self.service.questions}
        rows = asked.get(group or "")
        return {**asked, **rows.cells} if isinstance(rows, GroupQuestion) else asked

    def question(self, key: str, group: str | None = None) -> Question:
        """What a fee is measured by."""
        return self.questions(group)[key]

    def in_words(self, condition: Condition, group: str | None = None) -> Text:
        """A condition of a fee as a person reads it."""
        asked = self.questions(group)
        return Text(th=explain(condition, asked, "th"), en=explain(condition, asked, "en"))


@dataclass(frozen=True, kw_only=True)
class HelpPage(Page):
    """`public/help.html`."""

    agencies: tuple[Agency, ...]


@dataclass(frozen=True, kw_only=True)
class PlainPage(Page):
    """`public/privacy.html`, `public/accessibility.html`, `public/cookies.html`: words only."""


@dataclass(frozen=True, kw_only=True)
class TrackStartPage(Page):
    """`public/track_start.html`: the reference as typed."""

    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class TrackPage(Page):
    """`public/track.html`: status without personal data, for whoever has the reference."""

    reference: str
    service: Text
    agency: Text
    state: State
    holder: Holder
    since: date
    submitted_on: date
    clock: LegalClock | None
