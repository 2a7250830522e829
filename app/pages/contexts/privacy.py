"""Contexts of what a person sees and decides about their data: who looked at it, which uses are allowed."""

from dataclasses import dataclass
from datetime import datetime

from app.pages.contexts.frame import Page
from app.privacy.access import View


@dataclass(frozen=True, kw_only=True)
class AccessPage(Page):
    """`citizen/access.html`: one page of the log, newest first, and the count of the last 30 days."""

    views: tuple[View, ...]
    number: int
    pages: int
    total: int
    last_30_days: int
    agencies: int


@dataclass(frozen=True, kw_only=True)
class ConsentView:
    """One optional use, the answer that holds, and its effect. `withdrawn`: once given, then taken back."""

    purpose: str
    text: str
    given: bool
    since: datetime | None = None
    withdrawn: bool = False
    waiting: int = 0
    """Fetches from registries that wait now and would be stopped."""


@dataclass(frozen=True, kw_only=True)
class ConsentSaid:
    """One answer of the history with the very words it was given to. `offered`: we still ask this."""

    purpose: str
    given: bool
    at: datetime
    version: str
    language: str
    text: str
    offered: bool


@dataclass(frozen=True, kw_only=True)
class ConsentHistoryPage(Page):
    """`citizen/consent_history.html`: every answer, newest first."""

    answers: tuple[ConsentSaid, ...]


@dataclass(frozen=True, kw_only=True)
class NoticeRead:
    """A privacy notice the person acknowledged: for what, when, and where it can be read again."""

    what: str
    at: datetime
    href: str


@dataclass(frozen=True, kw_only=True)
class ConsentsPage(Page):
    """`citizen/consents.html`."""

    consents: tuple[ConsentView, ...]
    notices: tuple[NoticeRead, ...]
    changed: str = ""
    """The purpose that was answered just now."""
    token: str = ""
