"""Keeping a page of answers, right or wrong, in one statement; what somebody else changed meanwhile stays theirs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.applications.drafts import term
from app.applications.form_models import SingleForm
from app.applications.forms import SELF, Held, answers
from app.core.reading import Prepared


@dataclass(frozen=True)
class Given:
    """What a page sends for one question: the value read, or the problem with what was typed, and the revision seen."""

    key: str
    value: Any
    raw: Mapping[str, str]
    problem: Mapping[str, str] | None
    seen: int


@dataclass(frozen=True)
class Clash:
    """Somebody (another tab, device or person) changed this answer since the page was drawn; theirs is kept."""

    key: str
    theirs: Held
    mine: Any
    my_raw: Mapping[str, str]
    my_problem: Mapping[str, str] | None


def save(
    db: Session,
    form: SingleForm,
    given: Iterable[Given],
    person_id: UUID,
    now: datetime,
    *,
    held: Mapping[str, Held] | None = None,
) -> list[Clash]:
    """Keep every answer, also the wrong ones; return the clashes, which were not overwritten.

    The caller holds the row lock of the form, so revisions cannot race. `held`: what it read under that lock. The form
    is written to by statement: what was read of it before does not know its new days.
    """
    before = answers(db, form.id) if held is None else held
    form_id, days = form.id, {"now": now, "expires_at": term(now)}
    clashes: list[Clash] = []
    changed: list[Held] = []
    for item in given:
        was = before.get(item.key)
        if was is None:
            changed.append(_first(item, person_id, now))
        elif _same(was, item):
            if was.disputed and _as_fetched(was, item):
                changed.append(replace(was, disputed=False, revision=was.revision + 1))
        elif was.revision != item.seen:
            clashes.append(Clash(item.key, was, item.value, item.raw, item.problem))
        else:
            changed.append(_changed(was, item, person_id, now))
    if changed:
        rows = json.dumps([vars(answer) for answer in changed], default=str)
        _KEEP.run(db, form_id=form_id, changed=rows, **days)
    else:
        _TOUCH.run(db, form_id=form_id, **days)
    return clashes


_TOUCH = Prepared(
    text(
        "update single_forms set (updated_at, expires_at, reminded_at) = (:now, :expires_at, null) where id = :form_id"
    )
)
"""As `drafts.touch` does it: a row that was only read is touched by statement."""
_KEEP = Prepared(
    text("""
    with touched as (
        update single_forms set (updated_at, expires_at, reminded_at) = (:now, :expires_at, null) where id = :form_id
    )
    insert into answers (single_form_id, key, value, raw, problem, revision, source, disputed, reused_from, answered_by,
        at)
    select cast(:form_id as uuid), key, value, raw, problem, revision, source, disputed, reused_from, by, at
    from jsonb_to_recordset(cast(:changed as jsonb)) as changed (key text, value jsonb, raw jsonb, problem jsonb,
        revision int, source text, disputed bool, reused_from text, by uuid, at timestamptz)
    on conflict (single_form_id, key) do update set (value, raw, problem, revision, disputed, reused_from, answered_by,
        at) = (excluded.value, excluded.raw, excluded.problem, excluded.revision, excluded.disputed,
        excluded.reused_from, excluded.answered_by, excluded.at)
    """)
)
"""Answers of a form as `Held` has them, each new or in the place of the one before, and the form's days begun anew: a
page is one statement."""


def _first(item: Given, person_id: UUID, now: datetime) -> Held:
    return Held(
        item.key,
        item.value,
        item.raw,
        item.problem or None,
        revision=1,
        source=SELF,
        source_at=None,
        fetched=None,
        disputed=False,
        at=now,
        by=person_id,
    )


def _same(was: Held, item: Given) -> bool:
    words = was.value == item.value and (item.problem is None or was.raw == item.raw)
    return words and (was.problem is None) == (item.problem is None)


def _changed(was: Held, item: Given, person_id: UUID, now: datetime) -> Held:
    return replace(
        was,
        value=item.value,
        raw=item.raw,
        problem=item.problem or None,
        revision=was.revision + 1,
        disputed=not _as_fetched(was, item) if was.source else was.disputed,
        reused_from="",
        by=person_id,
        at=now,
    )


def _as_fetched(was: Held, item: Given) -> bool:
    """Whether the person, after all, gives for a disputed answer what the registry said."""
    return was.fetched is not None and item.problem is None and item.value == was.fetched
