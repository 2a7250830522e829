"""Contexts of keeping what is typed: both sides of a clash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.catalogue.schema import Text
from app.pages.contexts.frame import Page


@dataclass(frozen=True, kw_only=True)
class ClashView:
    """One question that was answered twice: what stands and who said so when, and what was typed here.

    `by` is empty when it was the reader, on another screen. `marks` and `raw` travel with the choice: what stands now,
    and what was typed. Of one box of a row nobody knows who changed it and when (`at` is None).
    """

    key: str
    label: Text
    theirs: str
    by: Text | str
    at: datetime | None
    mine: str
    raw: Mapping[str, str]
    marks: Mapping[str, str]
    chosen: str = ""
    problem: Text | str = ""


@dataclass(frozen=True, kw_only=True)
class ClashPage(Page):
    """`citizen/clash.html`: side by side, one choice per question; everything else on the page is saved already."""

    title: Text
    here: str
    """The page where the answers stand."""
    clashes: tuple[ClashView, ...]
    action: str
    keep: str
    """Where the page keeps changes: what this browser still holds for it is settled here."""
    then: str = ""
    """What is to happen once everything is chosen."""
    token: str = ""
