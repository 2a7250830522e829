"""Contexts of what is attached to a form, and of what can be used again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Document, Text
from app.pages.contexts.citizen import FormHead
from app.pages.contexts.frame import FileView, Page
from app.pages.contexts.linked import EvidenceView, LinkView

DocumentState = Literal["missing", "checking", "clean", "refused", "fetched", "produced", "stale"]


@dataclass(frozen=True, kw_only=True)
class KeptView:
    """A verified document of mine: its file, the application in which it was checked, and until when it serves."""

    upload_id: UUID
    name: Text
    file: str
    size: str
    number: str
    agency: Text
    attached_on: date
    until: date


@dataclass(frozen=True, kw_only=True)
class VaultPage(Page):
    """`citizen/vault.html`: what can be used again, and forms to begin anew from."""

    documents: tuple[KeptView, ...]
    forms: tuple[tuple[str, str, tuple[Text, ...], datetime, str], ...]
    """Reference, title, services, when it was sent, and where a new form from it begins."""


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """One document of the form. `needed_by` are the services that ask for it; `source` and `at` when it was fetched."""

    document: Document
    state: DocumentState
    needed_by: tuple[Text, ...]
    file: FileView | None = None
    problem: Text | None = None
    note: Text | None = None
    source: Text | str = ""
    at: datetime | None = None
    kept: KeptView | None = None
    """A verified file of an earlier application that can be used here."""
    may_be_both: bool = False
    """The same file was given for another document: the person may say that it holds both."""
    claimed: tuple[Text, ...] = ()
    """What the person said of the file: which document it is, when it was issued."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What stands in the boxes beside the file, after a mistake."""
    evidence: EvidenceView | None = None
    """What the registry said instead."""
    link: LinkView | None = None
    """How it stands with the registry that may replace it."""
    upload_id: str = ""
    """The file the page is drawn with, so that one attached meanwhile on another screen is not replaced unseen."""
    paper_href: str = ""
    """Where the paper is that the portal prepared for it."""
    changed: tuple[Text, ...] = ()
    """The answers it quotes that read differently since it was printed or signed (`stale`)."""
    waiting: tuple[str, ...] = ()
    """Who was asked to sign it online and has not."""
    signed: tuple[str, ...] = ()
    """Who signed it online."""
    from_paper: bool = False
    """The file is a prepared paper that came back: its code was read."""
    takes_more: bool = False
    """One more picture can be put behind it."""


@dataclass(frozen=True, kw_only=True)
class LooseView:
    """A paper that was sent back and is not in its place yet. `unread`: its code must be typed."""

    key: str
    file: FileView
    checking: bool
    problem: Text | None = None
    unread: bool = False


@dataclass(frozen=True, kw_only=True)
class DocumentsPage(Page):
    """`citizen/documents.html`."""

    form: FormHead
    documents: tuple[DocumentView, ...]
    papers: bool = False
    """Whether some of them are papers that the portal prepares."""
    loose: tuple[LooseView, ...] = ()
    paper_problem: Text | None = None
    """Why a file that was just sent as a paper was not taken."""
    token: str = ""
    asking: bool = False
    """A registry is being asked right now: the page looks again by itself."""
