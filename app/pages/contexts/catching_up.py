"""Contexts of the pages that tell what changed between two versions of a service."""

from dataclasses import dataclass

from app.catalogue.differences import Change
from app.catalogue.schema import Text
from app.pages.contexts.citizen import FormHead
from app.pages.contexts.frame import Page


@dataclass(frozen=True)
class ServiceStep:
    """A service that changed, from which version to which."""

    name: Text
    before: int
    after: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class LookView:
    """An answer that needs another look, and where it stands."""

    name: Text
    href: str


@dataclass(frozen=True, kw_only=True)
class CatchUpPage(Page):
    """`citizen/changes.html`. `kept`: how many answers stay as they are."""

    form: FormHead
    services: tuple[ServiceStep, ...]
    looks: tuple[LookView, ...]
    kept: int
    token: str
