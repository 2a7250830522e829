"""Keeping answers: a page at once or one change at a time; where somebody was faster, both wait for a choice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms, keeping
from app.applications.forms import Held
from app.applications.keeping import Clash, Given
from app.catalogue import answers, choosing
from app.catalogue.asking import Reading
from app.catalogue.merging import Form
from app.catalogue.rows import GroupQuestion
from app.catalogue.texts import Text
from app.core.errors import NotFound
from app.identity import people, sessions
from app.identity.sessions import CitizenSession
from app.stories import apply, linking, sources
from app.stories.house import House

MINE = "mine"
"""What a person chooses who wants their own answer to stand."""


@dataclass(frozen=True)
class Saved:
    """What came of saving a page: what does not fit, and what somebody else changed meanwhile."""

    readings: Mapping[str, Reading]
    clashes: tuple[Clash, ...]
    after: str
    """The page that follows now that these answers count; "" after the last."""
    swapped: bool
    """Whether these answers call for other services than those before."""
    revealed: bool
    """Whether these answers opened a question on the same page that the person has not seen yet."""

    @property
    def wrong(self) -> dict[str, Reading]:
        """The readings with a problem, in reading order."""
        return {key: reading for key, reading in self.readings.items() if reading.problem}


def save_topic(
    db: Session,
    house: House,
    citizen: CitizenSession,
    form_id: UUID,
    topic: str,
    fields: Mapping[str, Sequence[str]],
    now: datetime,
    *,
    some: bool = False,
) -> Saved:
    """Keep one page of answers, right or wrong. `revision.<key>` fields carry the revisions the page was drawn with.

    `some`: only the questions whose revision is sent; what is stored for the others stands.
    """
    form = forms.draft_to_keep(db, citizen.applicant_id, form_id)
    chosen, before = apply.services_of(db, house, [form.id])[form.id], forms.said(db, form.id)
    drawn = choosing.settle(house.catalogue, chosen, before)
    shape = house.shape(drawn.services)
    page = shape.topic(topic)
    if page is None:
        raise NotFound
    current = forms.answers_to(db, form.id, [question.key for question in page.questions])
    fixed = {key for key, held in current.items() if held.from_registry and not _sent(shape, key, fields)}
    if some:
        fixed |= {question.key for question in page.questions if f"revision.{question.key}" not in fields}
    everything = answers.read_topic(shape, topic, _with_rows(shape, topic, fields, current), before, fixed)
    revealed = {key for key, reading in everything.items() if _not_shown(key, reading, fields)}
    readings = {key: reading for key, reading in everything.items() if key not in revealed}
    given = [
        Given(
            key,
            reading.value,
            reading.raw,
            reading.problem.model_dump() if reading.problem else None,
            _revision(fields, key),
        )
        for key, reading in readings.items()
    ]
    clashes = keeping.save(db, form, given, citizen.person_id, now, held=current)
    said = {**before, **{key: reading.value for key, reading in readings.items()}}
    settled = choosing.settle(house.catalogue, chosen, said)
    becomes = house.shape(settled.services)
    if becomes.registries and not clashes:
        linking.after_saving(db, house, form, becomes, said, set(readings), now, typing=some)
    apply.edited(db, form, becomes, now)
    after = answers.topic_after(becomes, topic, said)
    return Saved(readings, tuple(clashes), after, swapped=settled != drawn, revealed=bool(revealed))


def boxes(question: GroupQuestion, held: Held | None) -> dict[str, str]:
    """What the boxes of a whole repeating group hold now."""
    if held is None:
        return {}
    return question.fill(held.value) if held.value is not None else dict(held.raw or {})


def _with_rows(
    shape: Form, topic: str, fields: Mapping[str, Sequence[str]], current: Mapping[str, Held]
) -> Mapping[str, Sequence[str]]:
    """The fields of a page, with the rows of its groups as they are kept: a page that lists rows does not send them."""
    page = shape.topic(topic)
    groups = [q for q in page.questions if isinstance(q, GroupQuestion)] if page else []
    kept = {name: (text,) for group in groups for name, text in boxes(group, current.get(group.key)).items()}
    return {**kept, **fields}


def _not_shown(key: str, reading: Reading, fields: Mapping[str, Sequence[str]]) -> bool:
    """Whether the page did not ask this question yet: leaving it blank is no mistake."""
    return f"revision.{key}" not in fields and not any(text.strip() for text in reading.raw.values())


def _sent(shape: Form, key: str, fields: Mapping[str, Sequence[str]]) -> bool:
    """Whether the page asked this question and got an answer: it may be changed, or the registry was the faster one."""
    question = shape.questions.get(key)
    if question and question.prefill and question.prefill.editable:
        return f"revision.{key}" in fields
    asked = question.fields if question and f"revision.{key}" in fields else ()
    return any(text.strip() for name in asked for text in fields.get(name, ()))


def _revision(fields: Mapping[str, Sequence[str]], key: str) -> int:
    seen = fields.get(f"revision.{key}", ["0"])[0]
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def dispute(db: Session, citizen: CitizenSession, form_id: UUID, keys: Iterable[str], now: datetime) -> None:
    """The person says that fetched data is wrong; both values will travel to the officer."""
    form = forms.draft(db, citizen.applicant_id, form_id)
    forms.dispute(db, form, keys, citizen.person_id, sessions.actor(citizen), now)


@dataclass(frozen=True)
class Kept:
    """What came of keeping some answers: the revision each one has now, and those that somebody else had changed."""

    revisions: Mapping[str, int]
    clashes: tuple[Clash, ...]


def keep(
    db: Session,
    house: House,
    citizen: CitizenSession,
    form_id: UUID,
    topic: str,
    fields: Mapping[str, Sequence[str]],
    now: datetime,
) -> Kept:
    """Keep what was just typed, right or wrong: only the questions whose revision is sent are looked at."""
    saved = save_topic(db, house, citizen, form_id, topic, fields, now, some=True)
    held = forms.answers_to(db, form_id, saved.readings)
    clashing = {clash.key for clash in saved.clashes}
    stored = {key: held[key].revision for key in saved.readings if key in held and key not in clashing}
    return Kept(stored, saved.clashes)


def choose(
    db: Session,
    house: House,
    citizen: CitizenSession,
    form_id: UUID,
    topic: str,
    fields: Mapping[str, Sequence[str]],
    now: datetime,
) -> Saved:
    """After a clash: what the person chose as theirs (`choose.<key>` = mine) is kept, all other answers stand."""
    mine = {name.removeprefix("choose.") for name, said in fields.items() if said[:1] == [MINE]}
    chosen = {name: said for name, said in fields.items() if name.removeprefix("revision.").split(".")[0] in mine}
    return save_topic(db, house, citizen, form_id, topic, chosen, now, some=True)


def writer(db: Session, house: House, citizen: CitizenSession, held: Held) -> Text | str:
    """Who gave an answer that stands: a person or a registry, "" for the person who looks at it now."""
    if held.from_registry:
        return sources.said_by(house.catalogue, held.source)
    if held.by is None or held.by == citizen.person_id:
        return ""
    return people.full_name(*people.names(db, held.by))
