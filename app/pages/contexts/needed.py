"""Contexts of what must be there before a decision, as the officers of the case read it."""

from dataclasses import dataclass
from datetime import datetime

from app.catalogue.schema import Text
from app.pages.contexts.case import SupportState


@dataclass(frozen=True, kw_only=True)
class NeededView:
    """A licence that must be there before the case can be granted, and how far it is.

    `grounds` are those on which the law lets officers do without it. `basis` and `typed` are what was chosen and
    written into its form and could not be kept yet.
    """

    key: str
    name: Text
    state: SupportState
    lacking: bool
    number: str
    href: str
    why: Text
    grounds: tuple[tuple[str, Text], ...]
    spared_by: Text | str = ""
    by: str = ""
    at: datetime | None = None
    note: str = ""
    basis: str = ""
    typed: str = ""
