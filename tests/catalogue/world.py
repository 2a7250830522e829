"""The real catalogue, small questions made on the spot, and random forms whose conditions point backwards."""

import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from app.catalogue.kinds import QUESTION, Question
from app.catalogue.loader import load
from app.catalogue.schema import Catalogue, Document, DocumentUse, Service, Topic

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

FOLDER = Path(__file__).parents[2] / "services_catalog"
NOTIFICATION = "food-premises-notification"
LICENCE = "food-premises-licence"
MUANG, NAKHON, THUNG, EXCISE = "muang-tuayang", "nakhon-sommut", "thung-sommut", "excise"


@cache
def real() -> Catalogue:
    """The catalogue of the house."""
    return load(FOLDER)


def notification() -> Service:
    return real().services[NOTIFICATION]


def question(kind: str, key: str = "it", **more: Any) -> Question:
    """A question of one kind, called "สิ่งนี้" / "thing"."""
    return QUESTION.validate_python({"kind": kind, "key": key, "label": {"th": "สิ่งนี้", "en": "Thing"}, **more})


def typed(key: str = "it", text: str = "", **parts: str) -> dict[str, list[str]]:
    """The form fields of one question as a browser sends them."""
    return {f"{key}.{part}": [value] for part, value in parts.items()} if parts else {key: [text]}


ADDRESS: dict[str, Any] = {"house": "99/9", "moo": "1", "subdistrict": "730101", "postcode": "73000"}

GOOD_ANSWERS: dict[str, Any] = {
    "applicant_kind": "person",
    "applicant_title": "นางสาว",
    "applicant_given_name": "มะลิ",
    "applicant_family_name": "ตัวอย่าง",
    "applicant_birth_date": "1995-06-15",
    "applicant_address": ADDRESS,
    "applicant_phone": "0812345678",
    "shop_name": "ครัวมะลิ (ตัวอย่าง)",
    "food_business": "eat_in",
    "opening_date": "2026-12-01",
    "opening_hours": "ทุกวัน 10:00–21:00 น.",
    "premises_address": ADDRESS,
    "premises_right": "own",
    "premises_area": "45.5",
    "food_handlers": 3,
    "waste_system": "yes",
    "grease_trap": "no",
}
OWN_DOCUMENTS = {"premises_plan", "premises_photos", "health_certificates"}
"""What nobody but the person has, once every registry has answered."""


@dataclass
class Copy:
    """A copy of the catalogue folder that a test may spoil."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "Copy":
        shutil.copytree(FOLDER, folder)
        return cls(folder)

    def change(self, file: str, old: str, new: str) -> None:
        """Replace the first occurrence of `old`, which must be there."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ---- random forms ---------------------------------------------------------------------------------------------------

VALUES = ("a", "b", "c")


@dataclass(frozen=True)
class World:
    """Services over shared questions, with answers to some of them (also to hidden ones)."""

    catalogue: Catalogue
    services: tuple[Service, ...]
    answers: dict[str, Any]


def _facts(earlier: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    def of(asked: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        answered = st.booleans().map(lambda said: {"question": asked["key"], "answered": said})
        if asked["kind"] == "choice":
            one = st.sampled_from(VALUES).map(lambda v: {"question": asked["key"], "is": v})
            some = st.lists(st.sampled_from(VALUES), min_size=1, unique=True)
            return one | some.map(lambda v: {"question": asked["key"], "in": v}) | answered
        ordering = st.sampled_from(["at_least", "at_most", "above", "below"])
        return st.builds(lambda o, n: {"question": asked["key"], o: str(n)}, ordering, st.integers(-2, 7)) | answered

    return st.sampled_from(earlier).flatmap(of)


def conditions(earlier: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions as an editor writes them, over earlier questions."""
    return st.recursive(
        _facts(earlier),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
            | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
            | inner.map(lambda part: {"not": part})
        ),
        max_leaves=5,
    )


@st.composite
def question_lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to ten questions as data; each may depend on those before it."""
    made: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 10))):
        kind = draw(st.sampled_from(["choice", "integer"]))
        one: dict[str, Any] = {"key": f"q{number}", "kind": kind, "label": {"th": f"ข้อ {number}", "en": f"No {number}"}}
        if kind == "choice":
            one["choices"] = [{"value": v, "label": {"th": v, "en": v}} for v in VALUES]
        one["optional"], depends = draw(st.tuples(st.booleans(), st.booleans()))
        if made and depends:
            one["when"] = draw(conditions(made))
        made.append(one)
    return made


def answers_to(asked: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Stored answers to some of the questions."""
    each = {q["key"]: st.sampled_from(VALUES) if q["kind"] == "choice" else st.integers(-2, 7) for q in asked}
    return st.fixed_dictionaries({}, optional=each)


def _pointed_at(one: dict[str, Any]) -> set[str]:
    found = set()

    def walk(condition: Any) -> None:
        if isinstance(condition, dict):
            if "question" in condition:
                found.add(condition["question"])
            for part in condition.values():
                walk(part)
        elif isinstance(condition, list):
            for part in condition:
                walk(part)

    walk(one.get("when"))
    return found


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """One to three services that ask overlapping questions, each with everything its questions depend on."""
    asked = draw(question_lists())
    by_key = {q["key"]: q for q in asked}
    model = real().services[NOTIFICATION]
    documents = [d for d in real().documents.values() if d.waived_by is None][:3]
    services = []
    for number in range(draw(st.integers(1, 3))):
        chosen = draw(st.sets(st.sampled_from(sorted(by_key)), min_size=1))
        while more := set().union(*(_pointed_at(by_key[key]) for key in chosen)) - chosen:
            chosen |= more
        mine = [QUESTION.validate_python(q) for q in asked if q["key"] in chosen]
        services.append(
            model.model_copy(
                update={
                    "slug": f"service-{number}",
                    "topics": _topics(mine),
                    "documents": tuple(_use(draw, d, [by_key[q.key] for q in mine]) for d in documents),
                    "limits": (),
                }
            )
        )
    order = {f"topic:t{n}": n for n in range(2)} | {f"question:q{n}": 10 + n for n in range(10)}
    order |= {f"document:{d.key}": 30 + n for n, d in enumerate(documents)}
    return World(replace(real(), order=order), tuple(services), draw(answers_to(asked)))


def _topics(mine: list[Question]) -> tuple[Topic, ...]:
    """The first five questions of the dictionary stand on the first page, the others on the second."""
    model = real().services[NOTIFICATION].topics[0]
    pages = [[q for q in mine if (int(q.key[1:]) >= 5) is second] for second in (False, True)]
    return tuple(
        model.model_copy(update={"key": f"t{n}", "questions": tuple(page)}) for n, page in enumerate(pages) if page
    )


def _use(draw: st.DrawFn, document: Document, asked: list[dict[str, Any]]) -> DocumentUse:
    when = draw(st.none() | conditions(asked))
    return DocumentUse.model_validate({"document": document, "when": when})
