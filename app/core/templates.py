"""How pages are drawn: a Jinja environment for each language, with its words, dates and amounts."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core import i18n, money, thai
from app.core.weaving import Woven, written

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
STATIC = Path(__file__).resolve().parents[2] / "static"


@cache
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


def _reader(language: i18n.Lang) -> Callable[[Any], str]:
    def t(value: Any) -> str:
        """A catalogue Text (both languages) or a plain Thai string in this language, numbers held together."""
        if value is None:
            return ""
        words = i18n.gettext(value) if isinstance(value, str) else cast("str", value.to(language))
        return thai.held_together(words)

    return t


def _query(parameters: Mapping[str, object]) -> str:
    return urlencode({k: v for k, v in parameters.items() if v not in (None, "")}, doseq=True)


class _Environment(Environment):
    """Jinja as pages need it: strict about names, and compiled for one language."""

    code_generator_class = Woven
    written = staticmethod(written)

    def __init__(self, language: i18n.Lang) -> None:
        super().__init__(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
            cache_size=-1,
        )
        self.language = language
        self.install_gettext_callables(  # type: ignore[attr-defined]
            i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext
        )
        self.woven: dict[str, Any] = {"static": static, "lang": lambda: language}
        self.globals.update(self.woven, _=self.globals["gettext"])
        self.filters.update(
            t=_reader(language),
            date_long=partial(thai.date_long, lang=language),
            date_short=partial(thai.date_short, lang=language),
            moment=partial(thai.moment_short, lang=language),
            moment_long=partial(thai.moment_long, lang=language),
            time_short=partial(thai.time_short, lang=language),
            baht=money.baht,
            baht_short=money.baht_short,
            query=_query,
        )
        self.woven["ui"] = self.get_template("ui.html").module
        self.globals.update(self.woven)

    def compile(self, *args: Any, **kwargs: Any) -> Any:
        """In this environment's language, whoever asks first."""
        with i18n.speaking(self.language):
            return super().compile(*args, **kwargs)


@cache
def environment(language: i18n.Lang) -> Environment:
    """The Jinja environment of a language: templates are compiled once per process, when they are first drawn."""
    return _Environment(language)
