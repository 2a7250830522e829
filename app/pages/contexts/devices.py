"""The context of the page that lists where a person is signed in."""

from dataclasses import dataclass

from app.identity.visits import Visit
from app.pages.contexts.frame import Page


@dataclass(frozen=True, kw_only=True)
class DevicesPage(Page):
    """`sign_in/devices.html`: this browser, then the others, latest activity first."""

    here: Visit
    elsewhere: tuple[Visit, ...]
