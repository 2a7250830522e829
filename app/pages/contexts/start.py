"""Contexts of the pages where people choose what one form is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.catalogue.schema import Document, Service, Text
from app.pages.contexts.citizen import FormHead
from app.pages.contexts.frame import Page
from app.pages.contexts.public import BundleView
from app.stories.ahead import Span


@dataclass(frozen=True)
class Instead:
    """What a chosen service becomes by itself, and when, in words."""

    name: Text
    when: Text


@dataclass(frozen=True)
class NeedView:
    """Another licence that a service rests on, why, and when if not always. `chosen`: it is among those chosen."""

    why: Text
    chosen: bool
    when: Text | None = None


@dataclass(frozen=True, kw_only=True)
class ChosenView:
    """One chosen service, and the address of the same choice without it."""

    service: Service
    receiver: Text
    without_href: str
    instead: tuple[Instead, ...] = ()
    needs: tuple[NeedView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """A document, which of the chosen services use it, and when it is needed (None: always)."""

    document: Document
    needed_by: tuple[Text, ...]
    when: Text | None = None


@dataclass(frozen=True, kw_only=True)
class StartPage(Page):
    """`public/start.html`: what is chosen so far. `begin_href` is empty while nothing can be begun."""

    chosen: tuple[ChosenView, ...]
    costs: Mapping[str, Span]
    """What each costs, as far as it is known, by slug."""
    total: Span
    answered_by: Mapping[str, date]
    """The day by which each is answered when it is complete today, by slug."""
    last_day: date | None
    to_upload: tuple[PaperView, ...]
    fetched: tuple[PaperView, ...]
    produced: tuple[tuple[PaperView, Text], ...]
    """What one of the services issues that another asks for, and which."""
    shared: int
    """How many questions several of the services share."""
    addable: tuple[tuple[Service, str], ...]
    bundles: tuple[BundleView, ...]
    search_href: str
    begin_href: str


@dataclass(frozen=True, kw_only=True)
class Pickable:
    """A service that a draft is for, or could be."""

    service: Service
    receiver: Text
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class PickPage(Page):
    """`citizen/services.html`."""

    form: FormHead
    offered: tuple[Pickable, ...]
    token: str = ""
