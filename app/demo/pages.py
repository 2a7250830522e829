"""How the stand-ins show a page: server-rendered, both languages, no script, and always marked as a demonstration."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.demo.roles import Both

HERE = Path(__file__).parent
STYLESHEET = HERE / "stand_ins.css"

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
"""Content-Security-Policy of every answer. Leaving a stand-in is always a link, never a form (form-action 'self')."""

HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def language(request: Request) -> str:
    """Thai, unless the address asks for English (`ui_locales`, as OpenID Connect names it)."""
    return "en" if request.query_params.get("ui_locales", "").lower().startswith("en") else "th"


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Draw `template`. Inside, `t(th, en)` or `t(Both)` chooses the words of the page's language."""
    lang = language(request)

    def t(words: str | Both, english: str = "") -> str:
        return words.to(lang) if isinstance(words, Both) else Both(words, english).to(lang)

    other = "th" if lang == "en" else "en"
    here = URL(f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path)
    html = _environment.get_template(template).render(
        t=t, lang=lang, other=other, other_url=str(here.include_query_params(ui_locales=other)), **context
    )
    return HTMLResponse(html, status)
