"""Contexts of keeping what is typed: both sides of a clash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.catalogue.schema import Text
from app.pages.contexts.citizen import FormHead
from app.pages.contexts.frame import Page


@dataclass(frozen=True, kw_only=True)
class ClashView:
    """One question that was answered twice: what stands and who said so when, and what was typed here.

    `by` is empty when it was the reader, on another screen. `raw` and `revision` travel with the choice.
    """

    key: str
    label: Text
    theirs: str
    by: Text | str
    at: datetime
    mine: str
    raw: Mapping[str, str]
    revision: int
    chosen: str = ""
    problem: Text | str = ""


@dataclass(frozen=True, kw_only=True)
class ClashPage(Page):
    """`citizen/clash.html`: side by side, one choice per question; everything else on the page is saved already."""

    form: FormHead
    key: str
    title: Text
    clashes: tuple[ClashView, ...]
    action: str
    keep: str
    """Where the page keeps changes: what this browser still holds for it is settled here."""
    leaving: bool = False
    token: str = ""
