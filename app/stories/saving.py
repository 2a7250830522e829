"""While a page is filled: every change is kept at once; where somebody was faster, both answers wait for a choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms
from app.applications.forms import Held
from app.applications.keeping import Clash
from app.catalogue.texts import Text
from app.identity import people
from app.identity.sessions import CitizenSession
from app.stories import apply, sources
from app.stories.apply import Saved
from app.stories.house import House

MINE = "mine"
"""What a person chooses who wants their own answer to stand."""


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
    saved = apply.save_topic(db, house, citizen, form_id, topic, fields, now, some=True)
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
    return apply.save_topic(db, house, citizen, form_id, topic, chosen, now, some=True)


def writer(db: Session, house: House, citizen: CitizenSession, held: Held) -> Text | str:
    """Who gave an answer that stands: a person or a registry, "" for the person who looks at it now."""
    if held.from_registry:
        return sources.said_by(house.catalogue, held.source)
    if held.by is None or held.by == citizen.person_id:
        return ""
    return people.full_name(*people.names(db, held.by))
