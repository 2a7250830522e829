"""Templates compiled for one language say what they would have said without it, and decide nothing about a value."""

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from app.core import i18n
from app.core.i18n import Lang
from app.core.templates import environment

EVIL = "<b>&\"'"
PERSONAL = {"name": EVIL, "marked": Markup("<i>มะลิ</i>"), "n": 1, "many": 3, "items": ["ก", EVIL], "yes": True}
SAYINGS = (
    '{{ _("ช่วยเหลือ") }}<p>{{ _("ช่วยเหลือ") }}</p>',
    '{{ _("หน้า %(number)s จาก %(total)s", number=n, total=name) }}',
    '{{ _("ไม่มีคำแปล 100%%") }} {{ _("ไม่มีคำแปล %(a)s%(b)s 5%%", a=name, b=marked) }}',
    '{{ ngettext("แก้ %(num)s&nbsp;รายการ", "แก้ %(num)s&nbsp;รายการ", n) }}',
    '{{ ngettext("แก้ %(num)s&nbsp;รายการ", "แก้ %(num)s&nbsp;รายการ", many) }}',
    '{{ pgettext("menu", "คำขอ") }}',
    "{% trans who=name, what=marked %}ถึง <strong>{{ who }}</strong> {{ what }}{% endtrans %}",
    '{% set said = _("ออกจากระบบ") %}{{ said }} {{ said ~ name }} {{ [said, name]|join(" · ") }}',
    '{% for word in [_("สว่าง"), _("มืด")] %}{{ loop.index }}{{ word }}{{ items[loop.index0] }}{% endfor %}',
    '{% if lang() == "en" %}English{% else %}{{ _("ช่วยเหลือ") }}{{ name }}{% endif %}',
    '{% if lang() == "en" and yes %}{{ name }}{% elif yes %}yes{% endif %}',
    '{{ _("มืด") if n == 1 else _("สว่าง") }}{{ _("มืด" if yes else "สว่าง") }}',
    (
        "{% macro said(word) %}<b>{{ word }}</b>{{ caller() if caller is defined }}{% endmacro %}"
        '{{ said(_("มืด")) }}{{ said(name) }}{% call said(_("มืด")) %}{{ _("สว่าง") }}{{ name }}{% endcall %}'
    ),
)


def plain() -> Environment:
    """Jinja as it is, asking for every word while it draws."""
    env = Environment(autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"])
    env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext
    )
    env.globals.update(_=env.globals["gettext"], lang=i18n.lang)
    return env


@pytest.mark.parametrize("saying", SAYINGS)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_is_known_before_says_the_same_as_what_is_asked_while_drawing(saying: str, language: Lang) -> None:
    with i18n.speaking(language):
        asked = plain().from_string(saying).render(PERSONAL)
        assert environment(language).from_string(saying).render(PERSONAL) == asked


def test_a_word_keeps_the_language_it_was_compiled_for_whoever_draws() -> None:
    drawn = {language: environment(language).from_string('{{ _("ช่วยเหลือ") }}').render() for language in i18n.LANGUAGES}
    assert drawn["th"] == "ช่วยเหลือ" != drawn["en"]


def test_a_component_that_is_told_only_what_is_known_is_plain_text() -> None:
    code = environment("th").compile('<p>{{ ui.status("done", _("เสร็จแล้ว")) }}</p>', raw=True)
    assert "<p><span class=" in code
    assert "context.call" not in code
    told = environment("th").from_string('{{ ui.status("done", word) }}')
    assert EVIL not in told.render(word=EVIL)


def test_a_value_that_is_missing_is_an_error_also_inside_a_sentence() -> None:
    with pytest.raises(UndefinedError):
        environment("th").from_string('{{ _("หน้า %(number)s จาก %(total)s", number=nobody, total=1) }}').render()
