"""One row of a repeating group at a time: add it, mend it, take it out. No field that somebody else changed is lost.

A group is one answer of the form. Its page carries, beside what is typed, what each box held when it was drawn: a
question the person left alone keeps what another tab wrote meanwhile, and one that both changed is asked about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms, keeping
from app.applications.form_models import SingleForm
from app.applications.forms import Held
from app.applications.keeping import Given
from app.catalogue import answers, choosing
from app.catalogue.asking import Reading
from app.catalogue.merging import Form
from app.catalogue.rows import GroupQuestion, RowReading
from app.catalogue.schema import Question
from app.core.errors import NotFound
from app.identity.sessions import CitizenSession
from app.stories import apply, saving
from app.stories.apply import Draft
from app.stories.boxes import WAS, Typed, merged, plain
from app.stories.house import House


@dataclass(frozen=True)
class SavedRow:
    """What came of a row: how it reads now, what it holds, and what stood in the way of keeping it."""

    row: RowReading | None
    raw: Mapping[str, str]
    clashes: Mapping[str, str]
    """Names of boxes to what was typed here; what stands in `raw` is theirs."""
    revealed: frozenset[str] = frozenset()
    """Questions that these answers opened; the page did not ask them yet."""
    full: bool = False
    gone: bool = False
    """Somebody took the row out since its page was drawn; what was typed is in `clashes`, nothing was kept."""
    changed: bool = False
    """It was to be taken out, but somebody changed it since its page was drawn."""

    @property
    def wrong(self) -> bool:
        """Whether there is something to mend."""
        return self.full or bool(self.row and set(self.row.wrong) - self.revealed)

    @property
    def overtaken(self) -> bool:
        """Whether somebody else was faster, so that the person has to look before anything more is kept."""
        return self.gone or self.changed or bool(self.clashes)

    @property
    def kept(self) -> bool:
        """Whether anything may be written."""
        return not (self.full or self.gone or self.changed)


def with_row(question: GroupQuestion, before: Mapping[str, str], row: str, sent: Typed) -> SavedRow:
    """The group with one row as it was sent. Pure."""
    fields = {name: (text,) for name, text in before.items()}
    ids = question.ids(fields)
    after = dict(before)
    if row not in ids and any(texts[0] for name, texts in sent.items() if name.startswith(WAS) and texts):
        return _taken_out(question, before, row, sent)
    if row not in ids:
        if len(ids) >= question.highest:
            names = {question.name_of(row, field) for cell in question.questions for field in cell.fields}
            typed = {name: " ".join(texts) for name, texts in sent.items() if name in names}
            return SavedRow(None, {**before, **typed}, {}, full=True)
        after[question.key] = " ".join((*ids, row))
    cells = [[question.name_of(row, field) for field in cell.fields] for cell in question.questions]
    after, clashes = merged(after, cells, sent)
    start = question.name_of(row, "")
    mine = {name.removeprefix(start): (text,) for name, text in after.items() if name.startswith(start)}
    read = question.read_row(row, after[question.key].split().index(row) + 1, mine)
    asked = {cell.key for cell in question.questions if WAS + question.name_of(row, cell.fields[0]) in sent}
    unasked = {key for key, one in read.readings.items() if key not in asked and not any(one.raw.values())}
    return SavedRow(read, after, clashes, frozenset(unasked) if asked else frozenset())


def _taken_out(question: GroupQuestion, before: Mapping[str, str], row: str, sent: Typed) -> SavedRow:
    """A row that is there no more: what was typed into it, to be added again or let go."""
    start = question.name_of(row, "")
    typed = {name: plain(" ".join(texts)) for name, texts in sent.items() if name.startswith(start)}
    read = question.read_row(row, 0, {name.removeprefix(start): (text,) for name, text in typed.items()})
    return SavedRow(read, before, typed, gone=True)


def without_row(question: GroupQuestion, before: Mapping[str, str], row: str, sent: Typed) -> SavedRow | dict[str, str]:
    """The group without one row; when that changed since its page was drawn, the row as it is now. Pure."""
    here = [name for name in before if name.startswith(question.name_of(row, ""))]
    changed = [name for name in here if plain(before[name]) != plain("".join(sent.get(WAS + name, ())))]
    if changed:
        seen = with_row(question, before, row, {})
        return SavedRow(seen.row, before, {}, changed=True)
    left = [one for one in question.ids({name: (text,) for name, text in before.items()}) if one != row]
    return {**{name: text for name, text in before.items() if name not in here}, question.key: " ".join(left)}


@dataclass(frozen=True)
class Opened:
    """A group of my draft, which is locked: whoever else changes a row waits."""

    form: SingleForm
    shape: Form
    question: GroupQuestion
    held: Held | None


def opened(db: Session, house: House, citizen: CitizenSession, form_id: UUID, group: str) -> Opened:
    """Read the group alone, once; NotFound unless it is asked now and its answer is the person's to give."""
    form = forms.draft_to_keep(db, citizen.applicant_id, form_id)
    chosen, said = apply.services_of(db, house, [form.id])[form.id], forms.said(db, form.id)
    shape = house.shape(choosing.settle(house.catalogue, chosen, said).services)
    question = answers.sees(shape, group, said)
    held = forms.answers_to(db, form.id, [group]).get(group)
    return Opened(form, shape, _theirs(question, held), held)


def save(db: Session, citizen: CitizenSession, current: Opened, row: str, sent: Typed, now: datetime) -> SavedRow:
    """Keep one row of my opened group, right or wrong."""
    question, held = current.question, current.held
    saved = with_row(question, saving.boxes(question, held), row, sent)
    if saved.kept:
        _keep(db, citizen, current, _read(question, held, saved), now)
    return saved


def remove(
    db: Session, citizen: CitizenSession, current: Opened, row: str, sent: Typed, now: datetime
) -> SavedRow | None:
    """Take a row out of my opened group; when somebody changed it meanwhile it stays, and what it holds is returned."""
    question = current.question
    without = without_row(question, saving.boxes(question, current.held), row, sent)
    if isinstance(without, SavedRow):
        return without
    reading = question.read({name: (text,) for name, text in without.items()})
    _keep(db, citizen, current, reading, now)
    return None


def group_of(current: Draft, group: str) -> GroupQuestion:
    """The group if it is asked now and its answer is the person's to give; else NotFound."""
    question = next((q for q in answers.visible(current.shape, current.values) if q.key == group), None)
    return _theirs(question, current.held.get(group))


def _theirs(question: Question | None, held: Held | None) -> GroupQuestion:
    if not isinstance(question, GroupQuestion) or (held is not None and held.from_registry):
        raise NotFound
    return question


def _read(question: GroupQuestion, held: Held | None, saved: SavedRow) -> Reading:
    """The group as it is after a row was saved; of a hundred good rows only that one is read."""
    if held is not None and isinstance(held.value, list) and saved.row is not None and not saved.row.wrong:
        return question.read_with(held.value, saved.raw, saved.row)
    return question.read({name: (text,) for name, text in saved.raw.items()})


def _keep(db: Session, citizen: CitizenSession, current: Opened, reading: Reading, now: datetime) -> None:
    question, held = current.question, current.held
    problem = reading.problem.model_dump() if reading.problem else None
    given = Given(question.key, reading.value, reading.raw, problem, held.revision if held else 0)
    keeping.save(db, current.form, [given], citizen.person_id, now, held={question.key: held} if held else {})
    apply.edited(db, current.form, current.shape, now)
