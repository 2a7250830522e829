"""Context of the page of one row of a repeating group."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.catalogue.schema import Text
from app.pages.contexts.frame import FieldView, Page


@dataclass(frozen=True, kw_only=True)
class RowPage(Page):
    """`citizen/row.html`: one sign, one room, one person. `was`: what each box held when this page was drawn."""

    group: Text
    each: Text
    number: int
    """Its place in the list, from 1."""
    row: str
    new: bool
    fields: tuple[FieldView, ...]
    rules: str
    """By which its questions come and go while somebody types; "" when none does."""
    was: Mapping[str, str]
    full: bool
    """Nothing more fits after this row."""
    action: str
    keep: str
    """Where its script keeps what is typed, at once."""
    saved_at: datetime | None
    back: str
    token: str = ""
