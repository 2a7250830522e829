"""Contexts of the single form while it is filled: its notice, its task list, its pages of questions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.frame import FieldView, Page

TaskState = Literal["not_started", "doing", "done", "problem", "locked", "fetching"]
PrefillState = Literal["not_asked", "queued", "done", "nothing_found", "unreachable", "declined"]


@dataclass(frozen=True)
class SwapView:
    """The answers called for another service: what was chosen, what it became, why, and where to change the answer."""

    chosen: Text
    became: Text
    because: Text
    question: Text
    topic: str
    href: str


@dataclass(frozen=True, kw_only=True)
class FormHead:
    """The draft every form page speaks of: its reference, what it is for, how long it is kept."""

    id: UUID
    reference: str
    slugs: tuple[str, ...]
    services: tuple[Text, ...]
    saved_at: datetime
    expires_on: date
    swaps: tuple[SwapView, ...] = ()
    corrects: UUID | None = None
    """The sent form that this draft is to replace."""
    outdated: tuple[Text, ...] = ()
    """The services that got a newer version since the draft was begun."""
    renews: bool = False
    """Whether it is to renew a licence, which has a page of its own."""


# — The single form ————————————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, kw_only=True)
class NoticeSection:
    """One heading of the privacy notice and its paragraphs, word for word as it is hashed and kept."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ConsentAsked:
    """One optional use: the field name, exactly what is asked, and what the person answered before."""

    purpose: str
    text: str
    given: bool = False


@dataclass(frozen=True, kw_only=True)
class NoticePage(Page):
    """`citizen/notice.html`: what will happen to the data, before anything is fetched."""

    services: tuple[Text, ...]
    sections: tuple[NoticeSection, ...]
    consents: tuple[ConsentAsked, ...]
    version: str
    action: str
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class TopicTask:
    """A topic in the task list. `answered` of `asked` questions have an answer; `optional`: none has, and none must."""

    key: str
    title: Text
    state: TaskState
    answered: int
    asked: int
    problems: int = 0
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class TasksPage(Page):
    """`citizen/tasks.html`."""

    form: FormHead
    prefill: PrefillState
    topics: tuple[TopicTask, ...]
    documents: TaskState
    documents_missing: int
    check: TaskState
    unasked: bool
    """Something was said that the form did not ask."""
    reused: tuple[str, int] | None = None
    """The earlier form that answers were taken from, and how many stand here as they were taken."""


@dataclass(frozen=True, kw_only=True)
class FetchedPanel:
    """What one registry told us: read-only rows (label, value), and where a POST says that it is wrong."""

    source: Text | str
    at: datetime
    rows: tuple[tuple[Text, str], ...]
    correct_href: str = ""


@dataclass(frozen=True, kw_only=True)
class TopicPage(Page):
    """`citizen/topic.html`: one page of questions. `number` of `total` counts pages from 1."""

    form: FormHead
    key: str
    title: Text
    lead: Text | None
    number: int
    total: int
    prefill: PrefillState
    panels: tuple[FetchedPanel, ...]
    fields: tuple[FieldView, ...]
    rules: str
    """By which its questions come and go while somebody types (`catalogue.courtesy`); "" when none does."""
    used_by: tuple[Text, ...]
    """The services that ask everything on this page; empty when they differ from question to question."""
    action: str
    token: str = ""
    reused: tuple[str, tuple[Text, ...]] | None = None
    """The earlier form that answers on this page were taken from, and which they are."""


# — Afterwards —————————————————————————————————————————————————————————————————————————————————————————————————————————
