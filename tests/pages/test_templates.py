"""What holds for every template without drawing it: it compiles, fits its context, and says nothing it should not."""

import gzip
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import StrictUndefined, nodes

from app.catalogue.kinds import Question
from app.core import i18n
from app.core.templates import STATIC, TEMPLATES, environment
from app.pages import contexts
from app.pages.contexts import errors

EVERY = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
ROOMS = {"public", "citizen", "acting", "officer", "reporter", "sign_in", "errors"}
PAGES = [name for name in EVERY if name.partition("/")[0] in ROOMS and not Path(name).name.startswith("_")]
THAI = re.compile("[\u0e00-\u0e7f]")
GETTEXT = {"_", "gettext", "ngettext", "pgettext"}
OWN_NAME = re.compile('hreflang="th">ไทย<')
"""A language is called by its own name in the other one."""
DRAWS_H1 = {"ticket", "verdict"}
"""Components that bring the heading of the page with them."""


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


def tree(name: str) -> nodes.Template:
    return environment("th").parse(source(name), name)


def parent(name: str) -> str:
    found = tree(name).find(nodes.Extends)
    assert found is not None, f"{name} extends nothing"
    assert isinstance(found.template, nodes.Const)
    return str(found.template.value)


def parts(name: str) -> Iterator[str]:
    """The template and every template it includes by name."""
    yield name
    for include in tree(name).find_all(nodes.Include):
        if isinstance(include.template, nodes.Const):
            yield from parts(str(include.template.value))


# — Every template ————————————————————————————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("name", EVERY)
def test_a_template_compiles_and_an_unknown_name_in_it_is_an_error(name: str) -> None:
    for language in i18n.LANGUAGES:
        assert environment(language).undefined is StrictUndefined
        environment(language).get_template(name)


FORBIDDEN = (
    "hx-on",
    "hx-vals",
    "hx-headers",
    "hx-ext",
    "hx-history",
    "hx-boost",
    "hx-push-url",
    " style=",
    "<style",
    "javascript:",
    "|safe",
    "|tojson",
    "autofocus",
    'href="#"',
    " required",
    " disabled",
)
"""What can run, leak or lock out (ux X2, X4, F4, G7): never in a template."""


@pytest.mark.parametrize("name", EVERY)
def test_a_template_holds_nothing_that_the_content_policy_or_our_rules_forbid(name: str) -> None:
    markup = source(name)
    assert [word for word in FORBIDDEN if word in markup] == []
    assert re.findall(r"\son[a-z]+=", markup) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", markup) == []
    assert re.findall(r'hx-trigger="[^"]*\[', markup) == []


def foreign(text: str) -> list[str]:
    """Addresses of other hosts; the name of an XML vocabulary is not an address."""
    return [found for found in re.findall(r"(?:https?:)?//[a-z0-9][^\s\"'<)]*", text) if "www.w3.org/" not in found]


@pytest.mark.parametrize("name", EVERY)
def test_a_template_speaks_of_no_other_host(name: str) -> None:
    assert foreign(source(name)) == []


def test_styles_scripts_and_pictures_speak_of_no_other_host() -> None:
    files = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js"), *STATIC.glob("*.svg")]
    assert len(files) >= 4
    for file in files:
        code = re.sub(r"/\*.*?\*/|^\s*// .*$", "", file.read_text(), flags=re.DOTALL | re.MULTILINE)
        assert foreign(code) == [], file.name


# — Words —————————————————————————————————————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("name", EVERY)
def test_every_thai_word_can_be_translated(name: str) -> None:
    page = tree(name)
    messages = {id(arg) for call in calls(page) for arg in call.args}
    plain = [OWN_NAME.sub("", n.data).strip() for n in page.find_all(nodes.TemplateData)]
    assert [text for text in plain if THAI.search(text)] == []
    said = [n for n in page.find_all(nodes.Const) if isinstance(n.value, str) and THAI.search(n.value)]
    assert [n.value for n in said if id(n) not in messages] == []


def calls(page: nodes.Template) -> Iterator[nodes.Call]:
    """Every call of gettext, written as such or as a trans block."""
    for call in page.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT:
            yield call


@pytest.mark.parametrize("name", EVERY)
def test_every_message_is_given_exactly_the_values_it_names(name: str) -> None:
    for call in calls(tree(name)):
        given = {keyword.key for keyword in call.kwargs}
        for message in (arg.value for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)):
            named = set(re.findall(r"%\((\w+)\)s", message))
            assert message % dict.fromkeys(named | {"num"}, ""), f"{name}: {message}"
            assert named - {"num"} == given - {"num"}, f"{name}: {message}"


SORRY = ("ขออภัย", "กรุณา", "ข้อมูลไม่ถูกต้อง", "ดำเนินการ", "ระบบขัดข้อง")
"""Words that blame, beg or say nothing (wording, §6 of the design language)."""


@pytest.mark.parametrize("name", EVERY)
def test_a_page_says_what_to_do_instead_of_being_sorry(name: str) -> None:
    assert [word for word in SORRY if word in source(name)] == []


# — Pages —————————————————————————————————————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_in_the_frame_and_names_itself(name: str) -> None:
    above = parent(name)
    assert above == "layout.html" or parent(above) == "layout.html"
    assert "h1" in {n.target.name for n in tree(name).find_all(nodes.Assign) if isinstance(n.target, nodes.Name)}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_first_heading_whatever_it_shows(name: str) -> None:
    headings = heading_counts(tree(name).body)
    if parent(name) != "layout.html":
        headings = {own + above for own in headings for above in heading_counts(tree(parent(name)).body)}
    assert headings == {1}


def heading_counts(body: Sequence[nodes.Node]) -> set[int]:
    """How many h1 this can draw: one number per way through its conditions."""
    total = {0}
    for node in body:
        total = {one + more for one in total for more in headings_of(node)}
    return total


def headings_of(node: nodes.Node) -> set[int]:
    found = {0}
    match node:
        case nodes.TemplateData():
            found = {node.data.count("<h1")}
        case nodes.If():
            ways = [node.body, *(branch.body for branch in node.elif_), node.else_]
            found = set().union(*(heading_counts(way) for way in ways))
        case nodes.For():
            assert heading_counts(node.body) == {0}, "a heading in a loop"
            found = heading_counts(node.else_)
        case nodes.Include() if isinstance(node.template, nodes.Const):
            found = heading_counts(tree(str(node.template.value)).body)
        case nodes.Output():
            found = heading_counts(node.nodes)
        case nodes.Call() if isinstance(node.node, nodes.Getattr):
            found = {int(node.node.attr in DRAWS_H1)}
        case nodes.Block() | nodes.CallBlock() | nodes.With() | nodes.Scope():
            found = heading_counts(node.body)
    return found


def declared() -> dict[str, type]:
    """Template to the dataclass that says, in its docstring, that it is drawn from it."""
    found: dict[str, type] = {}
    for name in (module.name for module in pkgutil.iter_modules(contexts.__path__)):
        module = importlib.import_module(f"{contexts.__name__}.{name}")
        for _, cls in inspect.getmembers(module, is_dataclass):
            if cls.__module__ == module.__name__:
                found |= dict.fromkeys(re.findall(r"`([a-z_]+/[a-z_0-9]+\.html)`", cls.__doc__ or ""), cls)
    for name in PAGES:
        if name.startswith("errors/"):
            found[name] = errors.SessionEnded if name.endswith("session_ended.html") else errors.ErrorPage
    return found


def test_every_page_has_one_declared_context_and_every_context_a_page() -> None:
    assert sorted(declared()) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_its_context_only_for_what_it_has(name: str) -> None:
    context = declared()[name]
    known = {field.name for field in fields(context)} | {
        said for said, what in inspect.getmembers(context) if inspect.isfunction(what) or isinstance(what, property)
    }
    asked = {
        get.attr
        for part in parts(name)
        for get in tree(part).find_all(nodes.Getattr)
        if isinstance(get.node, nodes.Name) and get.node.name == "page"
    }
    assert asked - known == set()


def test_every_kind_of_question_has_a_template_and_no_template_is_without_a_kind() -> None:
    kinds = {get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(Question)[0])}
    assert {Path(name).stem for name in EVERY if re.match(r"fields/[a-z]", name)} == kinds


# — Style —————————————————————————————————————————————————————————————————————————————————————————————————————————————

CSS = (STATIC / "css" / "app.css").read_text()


def test_the_style_sheet_weighs_at_most_20_kilobytes_compressed() -> None:
    assert len(gzip.compress(CSS.encode(), 9)) <= 20 * 1024


def test_the_style_sheet_never_overrides_by_force_and_never_justifies_or_slants_thai() -> None:
    plain = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
    assert [word for word in ("!important", "justify;", "italic", "letter-spacing", "uppercase") if word in plain] == []


def block(selector: str) -> dict[str, str]:
    """The declarations of the first rule with this selector."""
    body = CSS.split(f"{selector} {{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z-]+):\s*((?:[^;()]|\([^)]*\))+);", body))


def colours(mode: str, *, more: bool = False) -> dict[str, str]:
    """Token to hex colour in `light` or `dark`, with more contrast when asked."""
    tokens = block(":root") | (block(':root[data-contrast="more"]') if more else {})
    pairs = {name: re.fullmatch(r"light-dark\((#\w+),\s*(#\w+)\)", value) for name, value in tokens.items()}
    same = {name: re.fullmatch(r"var\(--([a-z-]+)\)", value) for name, value in tokens.items()}
    chosen = {name: pair[1 if mode == "light" else 2] for name, pair in pairs.items() if pair}
    return chosen | {name: chosen[other[1]] for name, other in same.items() if other}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == len("#rrggbb") else "".join(d * 2 for d in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("paper", "surface", "sunken", "action-tint", "accent-tint", "stop-tint")
TEXT = [
    *((text, ground) for text in ("ink", "ink-soft", "action", "action-strong") for ground in GROUNDS),
    *((text, ground) for text in ("accent-ink", "stop") for ground in ("paper", "surface", "sunken")),
    ("accent-ink", "accent-tint"),
    ("stop", "stop-tint"),
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("on-banner", "banner"),
]
"""Every text colour on every ground it can meet: 4.5 : 1 (WCAG 1.4.3)."""
EDGES = [
    *((edge, ground) for edge in ("field", "action", "accent-ink", "stop", "ink") for ground in ("paper", "surface")),
    ("field", "sunken"),
]
"""Borders and shapes that carry meaning: 3 : 1 (WCAG 1.4.11)."""


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_pair_of_colours_can_be_told_apart(*, mode: str, more: bool) -> None:
    hexes = colours(mode, more=more)
    low = {f"{a} on {b}": contrast(hexes[a], hexes[b]) for a, b in TEXT if contrast(hexes[a], hexes[b]) < 4.5}
    low |= {f"{a} beside {b}": contrast(hexes[a], hexes[b]) for a, b in EDGES if contrast(hexes[a], hexes[b]) < 3}
    assert low == {}


def test_more_contrast_by_choice_and_by_the_system_are_the_same() -> None:
    chosen = block(':root[data-contrast="more"]')
    system = CSS.split("@media (prefers-contrast: more)", 1)[1].split("}", 1)[0]
    assert chosen == dict(re.findall(r"--([a-z-]+):\s*((?:[^;()]|\([^)]*\))+);", system))


@pytest.mark.parametrize("name", EVERY)
def test_every_class_in_a_template_is_styled_or_has_a_reader(name: str) -> None:
    styled = set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", re.sub(r"/\*.*?\*/|url\([^)]*\)", "", CSS, flags=re.DOTALL)))
    plain = re.sub(r"\{[{%#].*?[}%#]\}", "\0", source(name), flags=re.DOTALL)
    used = {word for value in re.findall(r'class="([^"]*)"', plain) for word in value.split() if "\0" not in word}
    assert used - styled == set()
