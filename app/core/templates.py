"""How pages are drawn: one Jinja environment per process, with words, dates and amounts in the reader's language."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.core import i18n, thai

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
STATIC = Path(__file__).resolve().parents[2] / "static"


@lru_cache(maxsize=1)
def static_version() -> str:
    """A short hash over every static file: the address changes when any of them does."""
    digest = hashlib.sha256()
    for path in sorted(p for p in STATIC.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(STATIC)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def static(path: str) -> str:
    """The address of a static file, cacheable for a year."""
    return f"/static/{static_version()}/{path}"


def _t(value: Any) -> str:
    """A catalogue Text (both languages) or a plain Thai string in the language of the moment, numbers held together."""
    if value is None:
        return ""
    if isinstance(value, str):
        return thai.held_together(i18n.gettext(value))
    return thai.held_together(cast("str", value.to(i18n.lang())))


def _gettext(message: str, **values: object) -> Markup:
    """Jinja's newstyle gettext without its search through the context: that was a quarter of drawing a page."""
    return Markup(i18n.gettext(message)) % values if values else _said(message, i18n.lang())  # noqa: S704 - our words


@lru_cache(maxsize=4096)
def _said(message: str, language: i18n.Lang) -> Markup:
    del language  # that of the moment: only the cache needs to know
    return Markup(i18n.gettext(message)) % {}  # noqa: S704 - our words; %% is one


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        cache_size=-1,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext
    )
    env.globals.update(_=_gettext, gettext=_gettext, static=static, lang=i18n.lang)
    env.filters.update(
        t=_t,
        date_long=lambda d: thai.date_long(d, i18n.lang()),
        date_short=lambda d: thai.date_short(d, i18n.lang()),
        moment=lambda m: thai.moment_short(m, i18n.lang()),
        moment_long=lambda m: thai.moment_long(m, i18n.lang()),
        time_short=lambda m: thai.time_short(m, i18n.lang()),
        baht=thai.baht,
        baht_short=thai.baht_short,
        query=lambda d: urlencode({k: v for k, v in d.items() if v not in (None, "")}, doseq=True),
    )
    return env


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one Jinja environment: templates are compiled once per process."""
    env = _environment()
    ui = env.get_template("ui.html").make_module() if (TEMPLATES / "ui.html").exists() else None
    env.globals["ui"] = ui
    return env
