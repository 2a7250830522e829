"""Contexts of questions while filling: asking, my own, and the agency's inbox of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.frame import Page


@dataclass(frozen=True, kw_only=True)
class AskPage(Page):
    """`citizen/ask.html`. `services`: slug, name, who answers (None: to be chosen among `agencies`)."""

    page: str
    title: Text
    back: str
    services: tuple[tuple[str, Text, Text | None], ...]
    agencies: tuple[tuple[str, Text], ...]
    about: tuple[tuple[str, Text], ...]
    said: dict[str, str]
    longest: int
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """One question with where it was asked, and its answer once there is one."""

    id: UUID
    service: Text
    agency: Text
    page: Text
    about: Text | None
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    back: str = ""
    """The page of the form it was asked on, while that is a draft of the reader's."""


@dataclass(frozen=True, kw_only=True)
class MyQuestionsPage(Page):
    """`citizen/questions.html`."""

    questions: tuple[QuestionView, ...]


@dataclass(frozen=True, kw_only=True)
class InboxOfQuestionsPage(Page):
    """`officer/questions.html`: what waits, and how often each page of each form raised a question."""

    office: Text
    counts: tuple[tuple[Text, Text, int, int], ...]
    questions: tuple[QuestionView, ...]
    wrong: UUID | None = None
    said: str = ""
    token: str = ""
