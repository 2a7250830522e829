"""The browser's half of the rules and the portal's own say the same of every form: one Node process, many cases."""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import courtesy
from app.catalogue.kinds import QUESTION, Question
from app.catalogue.rows import ROW
from app.catalogue.seeing import seen
from tests.catalogue.world import VALUES, question

RULES = Path(__file__).parents[2] / "static" / "js" / "rules.js"
PROGRAM = """
import { createInterface } from "node:readline";
const rules = await import(process.argv[1]);
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let told;
  if (asked.texts) told = rules.typed(asked.question, asked.texts);
  else {
    const { visible, said } = rules.seen(asked.questions, (question) => asked.answers[question.key]);
    told = { visible, said: Object.fromEntries(said) };
  }
  console.log(JSON.stringify(told));
}
"""
Ask = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Ask]:
    """The browser's half of the rules, in one process for the whole file."""
    node = shutil.which("node")
    assert node, "Node is needed: make system"
    source = "data:text/javascript;base64," + base64.b64encode(RULES.read_bytes()).decode()
    command = [node, "--input-type=module", "--eval", PROGRAM, source]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def ask(asked: dict[str, Any]) -> Any:
            stdin.write(json.dumps(asked) + "\n")
            return json.loads(stdout.readline())

        yield ask
        stdin.close()


LABEL = {"label": {"th": "ข้อ", "en": "No"}}
CHOICES = [{"value": v, **LABEL} for v in VALUES]
AMOUNTS = st.decimals(min_value=-9999, max_value=9999, places=3).map(lambda d: format(d, "f")) | st.sampled_from("0123")
LITERAL = AMOUNTS | st.integers(-50, 50).map(str)
HOW = st.sampled_from(["up", "down", "nearest"])


def formulas(numbers: list[str], groups: list[str]) -> st.SearchStrategy[Any]:
    """Formulas as an editor writes them, over numbers of the form and the rows of its groups."""
    leaf: st.SearchStrategy[Any] = LITERAL | (st.sampled_from(numbers) if numbers else LITERAL)
    fact = st.just({"question": "c", "is": "a"}) | st.builds(lambda n: {"question": "n", "at_least": n}, LITERAL)
    where = st.fixed_dictionaries({}, optional={"where": fact})
    if groups:
        each = st.sampled_from(["n", {"times": ["n", "d"]}, {"round": "d", "to": "0.5", "how": "up"}])
        leaf |= st.builds(lambda e, g, w: {"sum": e, "over": g, **w}, each, st.sampled_from(groups), where)
        leaf |= st.builds(lambda g, w: {"count": g, **w}, st.sampled_from(groups), where)

    def more(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(inner, min_size=1, max_size=3)
        two = st.lists(inner, min_size=2, max_size=2)
        return (
            st.builds(lambda name, parts: {name: parts}, st.sampled_from(["add", "times", "least", "most"]), several)
            | two.map(lambda parts: {"minus": parts})
            | st.builds(lambda p, n, h: {"divide": p, "places": n, "how": h}, two, st.integers(0, 6), HOW)
            | st.builds(lambda f, h: {"round": f, "to": "2.5", "how": h}, inner, HOW)
        )

    return st.recursive(leaf, more, max_leaves=6)


ROWS = st.lists(
    st.fixed_dictionaries({}, optional={"n": st.integers(-5, 5), "d": AMOUNTS, "c": st.sampled_from(VALUES)}),
    max_size=4,
).map(lambda rows: [{ROW: str(place), **row} for place, row in enumerate(rows)])
CELLS = [
    {"key": "n", "kind": "integer", **LABEL, "optional": True},
    {"key": "d", "kind": "decimal", **LABEL, "optional": True},
    {"key": "c", "kind": "choice", **LABEL, "choices": CHOICES, "optional": True},
]
ANSWER: dict[str, st.SearchStrategy[Any]] = {
    "choice": st.sampled_from(VALUES),
    "yes_no": st.sampled_from(["yes", "no"]),
    "multi_choice": st.lists(st.sampled_from(VALUES), unique=True),
    "integer": st.integers(0, 3),
    "decimal": AMOUNTS,
    "group": ROWS,
    "text": st.sampled_from(["", "ก", "a"]),
    "address": st.fixed_dictionaries({}, optional={"house": st.sampled_from(["9", " 9"]), "moo": st.just("1")}),
}


KINDS = [*ANSWER, "computed", "computed", "integer", "integer", "choice", "decimal"]


@st.composite
def forms(draw: st.DrawFn) -> tuple[list[Question], dict[str, Any]]:
    """A form whose conditions and formulas point backwards, with answers, also to what is hidden."""
    made: list[dict[str, Any]] = []
    for place in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(KINDS))
        one: dict[str, Any] = {"key": f"q{place}", "kind": kind, **LABEL}
        if kind in {"choice", "multi_choice"}:
            one["choices"] = CHOICES
        if kind == "group":
            one |= {"each": LABEL["label"], "questions": CELLS}
        if kind == "computed":
            numbers = [q["key"] for q in made if q["kind"] in {"integer", "decimal", "computed"}]
            groups = [q["key"] for q in made if q["kind"] == "group"]
            one |= {"formula": draw(formulas(numbers, groups)), "places": draw(st.integers(0, 6))}
        depends: int = draw(st.integers(0, 3))
        if made and depends:
            one["when"] = draw(_when(made))
        made.append(one)
    answers = {q["key"]: draw(ANSWER[q["kind"]]) for q in made if q["kind"] != "computed" and draw(st.integers(0, 5))}
    return [QUESTION.validate_python(q) for q in made], answers


def _fact(asked: dict[str, Any], made: list[dict[str, Any]]) -> st.SearchStrategy[Any]:
    """A comparison that fits one question: with options, with numbers, with another one, or whether it is answered."""
    key, kind = asked["key"], asked["kind"]
    if kind in {"choice", "multi_choice"}:
        some = st.lists(st.sampled_from(VALUES), min_size=1, max_size=2, unique=True)
        return some.map(lambda values: {"question": key, "in": values}) | st.sampled_from(
            [{"question": key, "is": value} for value in VALUES]
        )
    if kind in {"integer", "decimal", "computed"}:
        order = st.sampled_from(["at_least", "at_most", "above", "below"])
        return st.builds(lambda name, limit: {"question": key, name: str(limit)}, order, st.integers(0, 3))
    others = [{"question": key, "same_as": other["key"]} for other in made if other["kind"] == kind]
    return st.sampled_from([{"question": key, "answered": True}, {"question": key, "answered": False}, *others])


def _when(made: list[dict[str, Any]]) -> st.SearchStrategy[Any]:
    """Conditions over what was asked so far."""
    return st.recursive(
        st.sampled_from(made).flatmap(lambda asked: _fact(asked, made)),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
            | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
            | inner.map(lambda part: {"not": part})
        ),
        max_leaves=4,
    )


@settings(max_examples=150)
@given(forms())
def test_both_halves_see_the_same_questions_and_the_same_answers(
    browser: Ask, form: tuple[list[Question], dict[str, Any]]
) -> None:
    questions, answers = form
    visible, said = seen(questions, answers)

    told = browser({"questions": courtesy.whole(questions, "th"), "answers": answers})

    assert told["visible"] == [q.key for q in visible]
    assert {key: str(value) for key, value in told["said"].items()} == {key: str(value) for key, value in said.items()}


TYPED = [
    question("integer", min="0", max="500", unit={"th": "คน", "en": "people"}),
    question("decimal", places="2", min="0.5", unit={"th": "ตร.ม.", "en": "m²"}),
    question("choice", choices=[{"value": v, **LABEL} for v in ("one", "two")]),
    question("multi_choice", max="2", choices=[{"value": v, **LABEL} for v in ("one", "two", "three")]),
    question("yes_no"),
]
WORDS = st.text(alphabet="0123456789๐๕９.,-+ \u00a0\u200bคนone", max_size=8) | st.sampled_from(
    ["1,250", "12,50", "0.50 ตร.ม.", "๑๒.๕", "3 คน", "3people", "one", "two", "yes", "", "-0", "+5", ".5", "5."]
)


@settings(max_examples=300)
@given(st.sampled_from(TYPED), st.lists(WORDS, max_size=3, unique=True))
def test_both_halves_read_what_was_typed_alike(browser: Ask, asked: Question, texts: list[str]) -> None:
    if asked.kind != "multi_choice":
        texts = texts[:1]
    (rule,) = courtesy.whole([asked], "th")

    assert browser({"question": rule, "texts": texts}) == asked.read({asked.key: texts}).value
