"""Contexts of the pages about a person's own data, and of the agency's data-protection officer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.catalogue.schema import Text
from app.pages.contexts.frame import Page

CopyState = Literal["none", "making", "ready", "gone"]
RequestState = Literal["open", "granted", "refused"]


@dataclass(frozen=True, kw_only=True)
class CopyFile:
    """One file of the copy: its name, its size in words, where it is."""

    name: str
    size: str
    href: str


@dataclass(frozen=True, kw_only=True)
class RequestView:
    """One request about data. `days_left` counts calendar days to the answer; negative when it is late."""

    id: UUID
    number: str
    right: str
    agency: Text
    person: str
    text: str
    asked_at: datetime
    due_on: date
    days_left: int
    state: RequestState
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class MyDataPage(Page):
    """`citizen/my_data.html`: the copy, the requests, and the ways to everything else about my data."""

    copy_state: CopyState
    copy_id: UUID | None
    asked_at: datetime | None
    expires_at: datetime | None
    files: tuple[CopyFile, ...]
    requests: tuple[RequestView, ...]
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class AskPage(Page):
    """`citizen/data_request.html`: the form of a request, with what was typed. Problems by field name."""

    rights: tuple[tuple[str, str, str], ...]
    """(value, words, hint)."""
    agencies: tuple[tuple[str, Text], ...]
    right: str = ""
    agency: str = ""
    text: str = ""
    wrong: dict[str, str]
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class HoldView:
    """One case that is kept past its period."""

    id: UUID
    number: str
    reason: str
    placed_at: datetime


@dataclass(frozen=True, kw_only=True)
class DataRequestsPage(Page):
    """`officer/data_requests.html`: what people ask this agency about their data, and the cases on hold."""

    office: Text
    today: date
    waiting: tuple[RequestView, ...]
    answered: tuple[RequestView, ...]
    holds: tuple[HoldView, ...]
    number: str = ""
    reason: str = ""
    wrong: dict[str, str]
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class DataAnswerPage(Page):
    """`officer/data_answer.html`: one request, and its answer or the form for it."""

    request: RequestView
    granted: str = ""
    answer: str = ""
    wrong: dict[str, str]
    token: str = ""
