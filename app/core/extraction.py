"""Every message of the portal, found where it is said, and `locale/en.po` brought in step with them (`make messages`).

In a template a message is what stands in `_()`, `ngettext()`, `pgettext()` or a trans block. In Python it is what is
given to `_` or `gettext`, and every other Thai text: most of them reach a page later (a refusal, a constant, a reason
kept with the legal clock). Only three kinds of Thai are no message: both languages side by side (`Text(th=…, en=…)`),
documentation, and the places of `NOT_MESSAGES`, each with its reason.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from app.core.i18n import PO, english

ROOT = Path(__file__).parents[2]
THAI = re.compile("[\u0e00-\u0e7f]")
GETTEXT = {"_": 1, "gettext": 1, "pgettext": 2, "ngettext": 2}
"""How a program says a message, and how many words the call begins with."""

NOT_MESSAGES: dict[str, str] = {
    "app/__main__.py": "what a command says to the person who runs it",
    "app/applications/case_letters.py:reserve": "the beginning of official numbers",
    "app/applications/decision_letter.py": "an official letter, in Thai by law",
    "app/applications/deficiency_letter.py": "an official letter, in Thai by law",
    "app/applications/delay_letter.py": "an official letter, in Thai by law",
    "app/applications/inspection.py:display_name": "the name of a file that came without one",
    "app/applications/letters.py:reserve": "the beginning of official numbers",
    "app/applications/receipt.py": "an official document, in Thai by law",
    "app/billing/documents.py": "official documents, in Thai by law",
    "app/billing/series.py": "the beginnings of official numbers",
    "app/catalogue/addresses.py": "the grammar of Thai addresses; its messages are in both languages",
    "app/catalogue/suggesting.py": "the grammar of Thai addresses",
    "app/catalogue/blank_form.py": "a form on paper; its words are in both languages",
    "app/catalogue/conditions.py": "joins words that are in both languages",
    "app/catalogue/measures.py": "the Thai ways to write an amount and a year; its messages are in both languages",
    "app/catalogue/schema.py": "what an official number may begin with",
    "app/catalogue/words.py": "Thai letters that sound alike, and words of asking",
    "app/core/extraction.py": "which letters are Thai",
    "app/core/money.py": "the Thai language itself: numerals",
    "app/core/thai.py": "the Thai language itself: months, titles of persons",
    "app/demo/": "the outside world of the demo and the people in it",
    "app/licences/document.py": "an official document, in Thai by law",
    "app/licences/legal_force.py": "both languages side by side, and the foot of an official document",
    "app/stories/supervise.py:_asked": "an official letter, in Thai by law",
    "app/licences/notice.py": "an official letter, in Thai by law",
    "app/stories/end.py:_unmended": "what an official letter says, in Thai by law",
    "app/stories/new_edition.py:_says": "an official document, in Thai by law",
    "app/pages/held.py:as_letter": "an official letter, in Thai by law",
    "app/licences/matters.py:letter": "the beginning of official numbers",
    "app/pages/officer_preview.py:_decision": "an official letter, in Thai by law",
    "app/pages/officer_preview.py:_deficiencies": "an official letter, in Thai by law",
    "app/papers/document.py": "an official document, in Thai by law",
    "app/pdf/letter_data.py": "what stands in an official letter, in Thai by law",
    "app/pdf/letters.py": "an official letter, in Thai by law",
    "app/pdf/thai_text.py": "letters that are measured",
    "app/pdf/typeface.py": "letters that are drawn",
    "app/pdf/words.py": "letters that lines break at",
    "app/registries/dbd.py": "how the business registry writes names, places and a status",
    "app/registries/linkage.py": "how the registry of persons writes names and addresses",
    "app/pdf/proving.py": "a specimen that nobody is given",
    "app/stories/sent.py": "what an official document says, in Thai by law",
    "app/stories/sealing.py": "the reason inside a signature, in Thai by law",
}
"""A folder, a module or one definition of a module (`path:name`), and why its Thai is no message."""

HEADER = """\
# English of the portal. The Thai msgids are the source and the authoritative text; a message is found by
# app/core/extraction.py, and `make messages` brings this file in step: new messages come untranslated, old ones go.
msgid ""
msgstr ""
"Project-Id-Version: judiao\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@dataclass(frozen=True)
class Said:
    """One message where it is said. `plural` is empty when there is none; `context` tells homonyms apart."""

    where: str
    line: int
    message: str
    plural: str = ""
    context: str = ""


class Untranslatable(ValueError):
    """Thai that no catalogue can translate: pieces of a sentence put together in a program."""


# — Templates ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def of_templates() -> Iterator[Said]:
    """The messages of every template."""
    options = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for line, found, _comments, context in extract_from_file("jinja2", path, options=options):
            words = (found,) if isinstance(found, str) else found
            yield Said(_name(path), line, words[0], "".join(words[1:]), context or "")


# — Programs ———————————————————————————————————————————————————————————————————————————————————————————————————————————


def of_programs() -> Iterator[Said]:
    """The messages of every module."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield from of_program(_name(path), path.read_text(encoding="utf-8"))


def of_program(where: str, source: str) -> Iterator[Said]:
    """The messages of one module; `where` is its path from the root. Raises Untranslatable."""
    if where in NOT_MESSAGES or any(where.startswith(place) for place in NOT_MESSAGES if place.endswith("/")):
        return
    for node in ast.parse(source).body:
        if f"{where}:{getattr(node, 'name', '')}" not in NOT_MESSAGES:
            yield from _inside(where, node)


def _inside(where: str, node: ast.AST) -> Iterator[Said]:
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Call(keywords=keywords) if {"th", "en"} <= {keyword.arg for keyword in keywords}:
            return
        case ast.Call(func=ast.Name(id=function), args=args) if function in GETTEXT:
            words = [arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if len(words) == GETTEXT[function]:
                context = words.pop(0) if function == "pgettext" else ""
                yield Said(where, node.lineno, words[0], "".join(words[1:]), context)
                return
        case ast.JoinedStr(values=parts):
            for part in parts:
                if isinstance(part, ast.Constant) and THAI.search(str(part.value)):
                    raise Untranslatable(f"{where}:{node.lineno}: {part.value!s}")
        case ast.Constant(value=str() as text) if THAI.search(text):
            yield Said(where, node.lineno, text)
    for inner in ast.iter_child_nodes(node):
        yield from _inside(where, inner)


# — The catalogue ——————————————————————————————————————————————————————————————————————————————————————————————————————


def messages() -> Catalog:
    """Every message once, with the files that say it, untranslated. Raises Untranslatable."""
    found = Catalog(locale="en", fuzzy=False)
    for said in (*of_programs(), *of_templates()):
        words: Any = (said.message, said.plural) if said.plural else said.message
        found.add(words, locations=[(said.where, 0)], context=said.context or None)
    return found


def updated(held: bytes) -> bytes:
    """A .po file as it must be now: what was translated stays, new messages are empty, dead ones are gone."""
    catalogue = read_po(BytesIO(held), locale="en")
    catalogue.update(messages(), no_fuzzy_matching=True)
    out = BytesIO()
    write_po(out, catalogue, width=0, sort_by_file=True, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return HEADER.encode() + out.getvalue().strip() + b"\n"


def update() -> str:
    """Bring `locale/en.po` in step; what is left to translate."""
    PO.write_bytes(updated(PO.read_bytes()))
    left = {said.message for said in (*of_templates(), *of_programs()) if (said.context, said.message) not in english()}
    return "\n".join([f"{len(left)} to translate", *sorted(left)])


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
