"""What the error pages say: the status, a message in words, and what was kept."""

from dataclasses import dataclass

from app.pages.contexts.frame import Page


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    """`errors/<status>.html`. `message` is in the reader's language already; empty uses the page's own words."""

    status: int
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Page):
    """`errors/session_ended.html`: the form that was posted too late, kept in the page so that it can be sent again."""

    action: str
    back: str = ""
    """The page the form was on; "" when the browser did not say."""
    kept: tuple[tuple[str, str], ...] = ()
    had_file: bool = False
    officer: bool = False
