"""Contexts of the pages around signing in."""

from dataclasses import dataclass

from app.identity.oidc import Reason
from app.pages.contexts.frame import Page


@dataclass(frozen=True, kw_only=True)
class Choice(Page):
    """`sign_in/choose.html`: where to go afterwards ("" is the person's own start), and if an officer is expected."""

    next: str = ""
    officer: bool = False
    companies: bool = False
    to_sign: bool = False
    """Somebody asked this person to sign a paper: that is what the sign-in is for."""


@dataclass(frozen=True, kw_only=True)
class WhoActs(Page):
    """`sign_in/person.html`: the company that has signed in, and where its person wanted to go."""

    company: str
    juristic_id: str
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class SignedOut(Page):
    """`sign_in/signed_out.html`: where the provider's own sign-out is, when this browser still has to go there."""

    onward: str = ""


@dataclass(frozen=True, kw_only=True)
class Failed(Page):
    """`sign_in/failed.html`: why, in the reader's language, and where the person wanted to go."""

    reason: Reason
    message: str
    officer: bool = False
    next: str = ""
