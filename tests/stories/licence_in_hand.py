"""A licence that stories happen to: its holder and the officers around it, as the commands behind the pages."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import httpx2
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.core import events
from app.core.clock import MovedClock, bangkok_date
from app.demo.acts import Clerk, Filer
from app.demo.people import CITIZENS, OFFICERS
from app.licences import matters
from app.licences import service as licences
from app.licences.life import Action, Step
from app.licences.models import Licence, LicenceEdition, LicenceLetter
from app.stories import supervise
from app.stories.supervise import Said
from tests.stories.world import PATIENCE_SECONDS, Case, World

T = TypeVar("T")
WHY = "ตรวจพบสัตว์พาหะในครัว และยังไม่แก้ตามคำสั่ง"
NOTHING = Said()


@dataclass
class Paper:
    """One licence, its holder and the officers around it, as the commands behind the pages."""

    world: World
    case: Case
    id: UUID

    @property
    def row(self) -> Licence:
        """As it is now."""
        return self.world.rows(select(Licence).where(Licence.id == self.id))[0][0]

    @property
    def of_it(self) -> ColumnElement[bool]:
        """Its editions."""
        return LicenceEdition.licence_id == self.id

    def does(self, act: Callable[[Session], T]) -> T:
        """One transaction."""
        with self.world.house.database.transaction() as db:
            return act(db)

    def officer(self, key: str, action: Action, step: Step, said: Said = NOTHING, revision: int | None = None) -> None:
        """An officer acts on the page as it is now, or as it was at `revision`."""
        house = self.world.house
        clerk = Clerk(house, next(one for one in OFFICERS if one.key == key))
        seen = self.row.revision if revision is None else revision
        self.does(
            lambda db: supervise.act(db, house, clerk.session(db), self.id, action, step, seen, said, house.clock.now())
        )

    def holder(self, act: Callable[..., T], *said: Any, person: str = "mali") -> T:
        """The holder acts."""
        house = self.world.house
        me = Filer(house, next(one for one in CITIZENS if one.key == person))
        return self.does(
            lambda db: act(db, house, me.session(db), self.id, self.row.revision, *said, house.clock.now())
        )

    def kinds(self) -> list[str]:
        """What happened, in the words of the events."""
        return [event.kind for event in self.does(lambda db: events.history(db, matters.stream(self.id)))]

    def file(self) -> bytes:
        """The file as its holder downloads it."""
        return self.world.citizen().open(f"{self.case.licence}/licence.pdf").content

    def checked(self, code: str = "") -> dict[str, Any]:
        """What a machine is told of a code: of the edition in force, or of another."""
        written = licences.written(code or self.row.code)
        with httpx2.Client(base_url=self.world.here.url, trust_env=False) as client:
            said: dict[str, Any] = client.get(f"/verify/{written}", headers={"Accept": "application/json"}).json()
        return said

    def drawn(self) -> None:
        """Every edition and letter that was ordered is there. Other jobs may wait for authorities of another day."""
        edition = LicenceEdition.licence_id == self.id, LicenceEdition.issued_at.is_(None)
        letter = LicenceLetter.licence_id == self.id, LicenceLetter.file_digest.is_(None)
        until = time.monotonic() + PATIENCE_SECONDS
        while self.world.rows(select(LicenceEdition.id).where(*edition)) or self.world.rows(
            select(LicenceLetter.id).where(*letter)
        ):
            assert time.monotonic() < until, "an edition or a letter is still not drawn"
            time.sleep(0.05)

    def letters(self) -> list[LicenceLetter]:
        """The letters about it, the oldest first, once they are drawn."""
        self.drawn()
        query = select(LicenceLetter).where(LicenceLetter.licence_id == self.id).order_by(LicenceLetter.issued_at)
        return [letter for (letter,) in self.world.rows(query)]


def paper(world: World, person: str = "mali") -> Paper:
    world.forget_officers()
    case = world.licensed(world.submitted(person))
    return Paper(world, case, UUID(case.licence.rpartition("/")[2]))


def later(world: World, by: timedelta) -> None:
    clock = world.house.clock
    assert isinstance(clock, MovedClock)
    clock.move(by)


def until(world: World, days: int) -> Said:
    return Said("hygiene", WHY, bangkok_date(world.house.clock.now()) + timedelta(days=days))


def comes(so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until_then = time.monotonic() + PATIENCE_SECONDS
    while not so():
        assert time.monotonic() < until_then
        time.sleep(0.05)
