"""Contexts of papers that the portal prepared, and of signing them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.citizen import FormHead
from app.pages.contexts.documents import DocumentState
from app.pages.contexts.frame import Page


@dataclass(frozen=True, kw_only=True)
class PaperPage(Page):
    """`citizen/paper.html`: one paper that the portal prepared, as it reads now. `english`: what that means."""

    form: FormHead
    document: Text
    title: Text
    paragraphs: tuple[Text, ...]
    listed: tuple[tuple[Text, Text], ...]
    quoted: tuple[tuple[Text, Text, str], ...]
    """Each answer it quotes: name, how it reads, where it is changed ("" when the registries gave it)."""
    lacking: tuple[tuple[Text, str], ...]
    """What must be answered first, and where."""
    signers: tuple[Text, ...]
    online: bool
    drawing: bool
    note: Text | None
    state: DocumentState
    changed: tuple[Text, ...]
    here: str
    roles: tuple["RoleView", ...] = ()
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class SignerView:
    """Somebody who was asked to sign: where they are, and the link to hand over while they have not signed."""

    id: UUID
    name: str
    standing: Literal["waiting", "opened", "signed", "refused", "expired"]
    at: datetime | None
    until: date
    reason: str
    link: str
    voided: bool


@dataclass(frozen=True, kw_only=True)
class RoleView:
    """Who signs in one capacity. `named`: the answers say who; `more`: how many may still be asked."""

    key: str
    title: Text
    named: str
    least: int
    more: int
    signers: tuple[SignerView, ...]


@dataclass(frozen=True, kw_only=True)
class SignPage(Page):
    """`citizen/sign.html`: what somebody is asked to sign, and nothing else of the form."""

    asked_by: str
    role: Text
    title: Text
    paragraphs: tuple[Text, ...]
    listed: tuple[tuple[Text, Text], ...]
    note: Text | None
    standing: Literal["waiting", "opened", "signed", "refused", "expired"]
    at: datetime | None
    until: date
    voided: bool
    ready: bool
    """Whether it can be signed now: the form is a draft and nothing it quotes is missing."""
    sha256: str
    here: str
    why: str = ""
    token: str = ""
