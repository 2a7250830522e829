"""Contexts of the quiz: one question, and what the answers come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.catalogue.schema import Question, Service, Text
from app.pages.contexts.frame import Page
from app.pages.contexts.start import PaperView
from app.stories.ahead import Span


@dataclass(frozen=True)
class Answered:
    """One answer of the quiz as it is read, and the address where it is changed with all others kept."""

    name: Text
    answer: str
    """Empty when the person was not sure."""
    change_href: str


@dataclass(frozen=True, kw_only=True)
class QuizPage(Page):
    """`public/quiz.html`. `kept`: every other answer, carried along as it stands in the address."""

    question: Question
    number: int
    total: int
    raw: Mapping[str, str]
    unsure: bool
    problem: Text | None
    kept: tuple[tuple[str, str], ...]
    answers: tuple[Answered, ...]
    back_href: str
    result_href: str


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a service is needed, is not, or is open: the rule and its law, and the answers that say so."""

    service: Service
    why: Text
    law: Text
    answers: tuple[Answered, ...]
    instead: Text | None = None
    """What to do when it cannot be had."""
    far: bool = False
    """Whether the very first question already rules it out: nobody in this business expects it."""


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """One licence rests on another: which, when, why. `add_href`: the same choice with it, while it is not in."""

    service: Text
    on: Text
    moment: str
    why: Text
    law: Text | None
    when: Text | None
    add_href: str = ""


@dataclass(frozen=True, kw_only=True)
class QuizResultPage(Page):
    """`public/quiz_result.html`: what is needed, what is not, what is open, and why; money, days and documents."""

    needed: tuple[Reason, ...]
    perhaps: tuple[Reason, ...]
    stopped: tuple[Reason, ...]
    not_needed: tuple[Reason, ...]
    answers: tuple[Answered, ...]
    unanswered: int
    costs: Mapping[str, Span]
    total: Span
    answered_by: Mapping[str, date]
    last_day: date | None
    to_upload: tuple[PaperView, ...]
    fetched: tuple[PaperView, ...]
    produced: tuple[tuple[PaperView, Text], ...]
    """What one of the services issues that another asks for, and which."""
    order: tuple[Ordered, ...]
    on_href: str
    """The next question without an answer; empty when all are answered."""
    start_href: str
    begin_href: str
