"""Questions as pages draw them, one view each, and the ways from a list of rows to a row."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import JsonValue

from app.applications.forms import Held
from app.catalogue.reckoning import ComputedQuestion
from app.catalogue.rows import ROW_ID, GroupQuestion
from app.catalogue.schema import Question, Text
from app.core import i18n
from app.pages.contexts.frame import FieldView, Problem
from app.stories.saving import Saved


def field_of(question: Question, held: Held | None, saved: Saved | None, values: Mapping[str, Any]) -> FieldView:
    """A question as it stands on its page: with what was typed, and with what is wrong with it."""
    view = _view(question, held, saved)
    if isinstance(question, GroupQuestion):
        return with_rows(view, held.value if held and view.problem is None else None)
    if held is None and question.derive and saved is None:
        return _derived(view, values)
    if isinstance(question, ComputedQuestion):
        return replace(view, raw={question.key: question.show(values.get(question.key), i18n.lang())})
    return view


def _derived(view: FieldView, values: Mapping[str, Any]) -> FieldView:
    """An unanswered question with what mostly follows from earlier answers in its boxes, and from which."""
    value, keys = view.question.derived(values)
    if value is None:
        return view
    return replace(view, raw=view.question.fill(value), follows=keys)


def _view(question: Question, held: Held | None, saved: Saved | None) -> FieldView:
    reading = saved.readings.get(question.key) if saved else None
    fetched = question.show(held.fetched, i18n.lang()) if held and held.disputed and held.fetched is not None else ""
    if reading is not None:
        return FieldView(
            question=question,
            raw=reading.raw,
            problem=reading.problem,
            at=reading.at,
            revision=held.revision if held else 0,
            registry_says=fetched,
        )
    if held is None:
        return FieldView(question=question, at=question.fields[0])
    wrong = Text.model_validate(held.problem) if held.problem else None
    raw = dict(held.raw or {}) if held.problem or held.value is None else question.fill(held.value)
    return FieldView(
        question=question,
        raw=raw,
        problem=wrong,
        at=question.fields[0],
        revision=held.revision,
        registry_says=fetched,
    )


def problems_of(view: FieldView) -> Iterator[Problem]:
    """What is to be mended in one question, each with the control a link leads to; of a group, row by row."""
    question, rows = view.question, [row for row in view.rows if row.problem]
    if isinstance(question, GroupQuestion) and rows:
        yield from (Problem(f"{question.key}.{row.id}", question.in_row(row)) for row in rows)
    elif view.problem:
        yield Problem(view.at, view.problem)


def with_rows(view: FieldView, value: Any) -> FieldView:
    """A repeating group with its rows, from its value or else from what its boxes hold."""
    question = view.question
    if not isinstance(question, GroupQuestion):
        return view
    return replace(view, rows=tuple(question.lines(value, view.raw, i18n.lang())))


def new_row() -> str:
    """Where a new row is asked for. Its id is in the address: a reload, or sending it twice, is the same row."""
    return f"new?row={secrets.token_hex(4)}"


def in_words(question: Question, value: JsonValue, raw: Mapping[str, str] | None) -> str:
    """An answer as a person reads it, also one that does not fit: then as it was typed."""
    if value is not None:
        return question.show(value, i18n.lang())
    return " ".join(text for text in (raw or {}).values() if text.strip())


def row_address(then: str) -> str:
    """Where a button of a list of rows leads, below its page: `add.<group>` or `edit.<group>.<row>`; else ""."""
    act, _dot, rest = then.partition(".")
    group, _dot, row = rest.partition(".")
    if act == "add" and group.isidentifier():
        return f"/rows/{group}/{new_row()}"
    if act == "edit" and group.isidentifier() and ROW_ID.fullmatch(row):
        return f"/rows/{group}/{row}"
    return ""
