"""What somebody types who wants more than a licence: markup that acts, formulas, line breaks. Each text has a name."""

MARK = "zq"
"""Begins the name of every hostile text, so that a page, a file or a log can be searched for them."""

ACTING = (f"<b id={MARK}", f"<img src=x onerror={MARK}", "hx-trigger=load>")
"""What stands in a page when a hostile text was not escaped."""


def markup(name: str, longest: int = 150) -> str:
    """A text that would send a request on load, run a script, or break out of an attribute, if it were not escaped."""
    full = f"{MARK}{name}<b id={MARK}{name} hx-post=/sign-out hx-trigger=load>'\"<img src=x onerror={MARK}()>"
    return full[:longest]


def formula(name: str) -> str:
    """A cell that a spreadsheet would calculate."""
    return f'=HYPERLINK("http://evil.example/{MARK}{name}","x")'
