"""Contexts of the pages about acting for somebody: whose matters, mandates, the inbox."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.frame import FieldView, Happening, Page

MandateState = Literal["offered", "live", "revoked", "over"]


@dataclass(frozen=True, kw_only=True)
class PartyView:
    """Somebody one may act for. `services` is None for every service."""

    key: str
    name: str
    right: Literal["self", "company", "mandate"]
    now: bool
    juristic_id: str = ""
    services: tuple[Text, ...] | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class ActingPage(Page):
    """`acting/parties.html`: for whom. `ended`: whose mandate has just ended; `may_company`: companies sign in here."""

    parties: tuple[PartyView, ...]
    ended: str = ""
    offers: int = 0
    may_company: bool = False
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class MandateView:
    """One mandate as a list shows it."""

    id: UUID
    principal: str
    agent: str
    services: tuple[Text, ...] | None
    until: date
    state: MandateState


@dataclass(frozen=True, kw_only=True)
class MandatesPage(Page):
    """`acting/mandates.html`: given by the party acted for, and held by the person."""

    party: str
    may_give: bool
    given: tuple[MandateView, ...]
    held: tuple[MandateView, ...]
    code: str = ""
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class MandatePage(Page):
    """`acting/mandate.html`: one mandate from either side, with everything done with it."""

    mandate: MandateView
    giving: bool
    given_by: str
    given_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    code: str
    may_accept: bool
    may_end: bool
    acts: tuple[Happening, ...]
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class NewMandatePage(Page):
    """`acting/new_mandate.html`."""

    party: str
    fields: tuple[FieldView, ...]
    every_service: bool
    services: tuple[tuple[str, Text, bool], ...]
    """Slug, name, ticked."""
    scope_problem: Text | None = None
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class InboxLineView:
    """One message."""

    at: datetime
    text: str
    href: str
    unread: bool


@dataclass(frozen=True, kw_only=True)
class InboxPage(Page):
    """`acting/inbox.html`: what the party was told."""

    party: str
    lines: tuple[InboxLineView, ...]
    unread: int
    token: str = ""
