"""What people do with their cases, as the commands behind the pages: a citizen who files and an officer who decides.

Every act is a story called as its page calls it, in one transaction; nothing is written past them.
"""

import io
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.catalogue.kinds import (
    ChoiceQuestion,
    ComputedQuestion,
    DateQuestion,
    GroupQuestion,
    MultiChoiceQuestion,
    Question,
    YesNoQuestion,
)
from app.catalogue.schema import Document
from app.core.clock import bangkok_date
from app.demo import papers, schemes
from app.demo.roles import Citizen
from app.demo.roles import Officer as Official
from app.identity import sessions
from app.identity.models import Officer
from app.identity.sessions import CitizenSession, OfficerSession
from app.privacy.models import Purpose
from app.stories import apply, attach, entering, inform, saving, send, summing_up
from app.stories.apply import Draft
from app.stories.attach import Arrival
from app.stories.entering import Vouched
from app.stories.house import House

T = TypeVar("T")


class Unanswered(Exception):
    """The form still wants something that nobody here knows how to answer."""


class Player:
    """Someone who acts at this moment of the house's clock."""

    def __init__(self, house: House) -> None:
        self.house = house

    @property
    def now(self) -> datetime:
        """The present moment, wherever the clock was moved to."""
        return self.house.clock.now()

    def does(self, act: Callable[[Session], T]) -> T:
        """One act, one transaction."""
        with self.house.database.transaction() as db:
            return act(db)


class Filer(Player):
    """A citizen at the form."""

    def __init__(self, house: House, who: Citizen) -> None:
        super().__init__(house)
        self.who = who
        self._signed_in: CitizenSession | None = None

    def session(self, db: Session) -> CitizenSession:
        """Signed in: still, or anew as ThaID would describe this person."""
        if self._signed_in is None or self._signed_in.ends_at <= self.now:
            self._signed_in = self._sign_in(db)
        return self._signed_in

    def _sign_in(self, db: Session) -> CitizenSession:
        return self._found(db, self._token(db))

    def _found(self, db: Session, token: str) -> CitizenSession:
        found = sessions.find(db, token, self.now)
        if not isinstance(found, CitizenSession):
            raise TypeError("a citizen's session was just opened")
        return found

    def _token(self, db: Session) -> str:
        account = schemes.thaid(self.who)
        said = {"sub": account.subject, **account.claims}
        issuer = self.house.settings.citizens.issuer
        return entering.person(db, self.house.keyring, Vouched(issuer, said, "", "Chrome, Android", "", self.now))

    def begin(self, services: Iterable[str]) -> UUID:
        """Read the notice, let the registries answer; the form's id."""

        def act(db: Session) -> UUID:
            me = self.session(db)
            form = apply.start(db, self.house, me, list(services), "th", self.now)
            chosen = apply.services_of(db, self.house, [form.id])[form.id]
            allowed = {Purpose.REGISTRIES_PREFILL.value}
            inform.acknowledge(db, self.house, me, form, chosen, allowed, "th", self.now)
            return form.id

        return self.does(act)

    def answer(self, form_id: UUID, known: dict[str, str], chance: random.Random) -> None:
        """Answer every page, by what is known or else by the question's own example; what is held stays.

        An answer can bring a question up, on its own page too: a page is answered again until it asks nothing new.
        """
        seen: set[str] = set()

        def unseen(draft: Draft) -> list[str]:
            return [topic.key for topic in draft.topics if not seen.issuperset(q.key for q in topic.questions)]

        while pages := self.of_draft(form_id, unseen):
            for topic in pages:
                seen.update(self._page(form_id, topic, known, chance))
        left = [one for one in self.of_draft(form_id, lambda draft: draft.missing) if one.kind == "answer"]
        if left:
            raise Unanswered(", ".join(f"{one.key}: {one.message.th}" for one in left))

    def _page(self, form_id: UUID, topic: str, known: dict[str, str], chance: random.Random) -> set[str]:
        def act(db: Session) -> set[str]:
            me = self.session(db)
            current = apply.draft(db, self.house, me, form_id)
            said: dict[str, list[str]] = {}
            asked = current.topic(topic).questions if topic in {t.key for t in current.topics} else ()
            for question in asked:
                held = current.held.get(question.key)
                if held is None or held.value is None:
                    said[f"revision.{question.key}"] = [str(held.revision if held else 0)]
                    said |= {name: [text] for name, text in typed(question, known, chance).items()}
            saving.save_topic(db, self.house, me, form_id, topic, said, self.now, some=True)
            return {question.key for question in asked}

        return self.does(act)

    def of_draft(self, form_id: UUID, look: Callable[[Draft], T]) -> T:
        """What is seen of the form as it stands."""
        return self.does(lambda db: look(apply.draft(db, self.house, self.session(db), form_id)))

    def attach(self, form_id: UUID) -> None:
        """A file for every document that is asked for."""
        wanted = self.of_draft(form_id, lambda draft: [asked.document for asked in draft.documents])

        def act(db: Session) -> None:
            me = self.session(db)
            for document in wanted:
                given = replace(arrival(document.key), said=beside(document, self.now))
                attach.to_form(db, self.house, me, form_id, document.key, given, self.now)

        self.does(act)

    def send(self, form_id: UUID) -> list[UUID]:
        """Check and send; the applications it became."""

        def act(db: Session) -> list[UUID]:
            me = self.session(db)
            shown = summing_up.summary(db, self.house, me, form_id)
            send.submit(db, self.house, me, form_id, shown.sha256, shown.sha256, self.now)
            found = select(Application.id).where(Application.single_form_id == form_id).order_by(Application.number)
            return list(db.scalars(found))

        return self.does(act)


class Clerk(Player):
    """An officer at the desk."""

    def __init__(self, house: House, who: Official) -> None:
        super().__init__(house)
        self.who = who
        self._signed_in: OfficerSession | None = None

    def session(self, db: Session) -> OfficerSession:
        """Signed in: still, or anew."""
        if self._signed_in is None or self._signed_in.ends_at <= self.now:
            self._signed_in = self._sign_in(db)
        return self._signed_in

    def _sign_in(self, db: Session) -> OfficerSession:
        officer = db.execute(select(Officer.id).where(Officer.subject == self.who.subject)).scalar_one()
        token = sessions.open_for_officer(db, self.house.keyring, officer, self.now, device="Chrome, Windows")
        found = sessions.find(db, token, self.now)
        if not isinstance(found, OfficerSession):
            raise TypeError("an officer's session was just opened")
        return found


_paper = cache(papers.paper)


def arrival(key: str = "sample") -> Arrival:
    """A one-page PDF for one document, as the browser sends it."""
    name, content = _paper(key)
    return Arrival(name, io.BytesIO(content), len(content))


def beside(document: Document, now: datetime) -> dict[str, str]:
    """What is said beside the file of a document: the first of several, issued a month ago."""
    issued = bangkok_date(now) - timedelta(days=30)
    which = document.alternatives[0].key if document.alternatives else ""
    return {"variant": which, "day": str(issued.day), "month": str(issued.month), "year": str(issued.year)}


def typed(question: Question, known: dict[str, str], chance: random.Random) -> dict[str, str]:
    """What a person types under a question, by field name."""
    mine = {name: known[name] for name in question.fields if name in known}
    return mine if mine or question.optional else _invented(question, chance)


def _invented(question: Question, chance: random.Random) -> dict[str, str]:
    match question:
        case ComputedQuestion():
            return {}
        case GroupQuestion():
            cells = [cell for cell in question.questions if cell.when is None]
            said = [(name, text) for cell in cells for name, text in typed(cell, {}, chance).items()]
            return {question.name_of("1", name): text for name, text in said}
        case YesNoQuestion():
            return {question.key: "no"}
        case ChoiceQuestion() | MultiChoiceQuestion():
            return {question.key: chance.choice(question.choices).value}
        case DateQuestion() if question.example:
            return dict(zip(question.fields, question.example.th.split(), strict=True))
        case _:
            return {question.fields[0]: question.example.th if question.example else "10"}
