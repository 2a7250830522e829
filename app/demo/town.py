"""A town at work on a moved clock: scripts of acts with days between them, everybody in the order of the hours.

The acts are the portal's own commands, its worker does its jobs, the bank stand-in is paid over HTTP: only the clock is
moved, from act to act. Where a case stands at the end is where its script has come.
"""

import heapq
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import httpx2
import structlog

from app.core import jobs
from app.core.clock import BANGKOK, MovedClock, bangkok_date
from app.core.errors import DomainError
from app.demo.running import Running
from app.stories import delay, end, pay, reminding

log = structlog.get_logger(__name__)

Script = Iterator[timedelta]
"""Acts in order; what is yielded is how long it takes until the next."""

PATIENCE_SECONDS = 30.0


@dataclass
class Town:
    """The town at work: who acts when, on one clock that only moves forward."""

    here: Running
    clock: MovedClock
    chance: random.Random
    _waiting: list[tuple[datetime, int, Script]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def comes(self, at: datetime, script: Script) -> None:
        """A script begins at this moment."""
        heapq.heappush(self._waiting, (_by_day(at), next(self._numbers), script))

    def live(self, until: datetime) -> None:
        """Let everything happen that happens before `until`."""
        today = bangkok_date(self.clock.now())
        while self._waiting and self._waiting[0][0] < until:
            moment, _, script = heapq.heappop(self._waiting)
            self.rest()
            self.clock.move(max(moment - self.clock.now(), timedelta()))
            if bangkok_date(moment) != today:
                today = bangkok_date(moment)
                self._night()
            self._act(script)
        self.rest()

    def _act(self, script: Script) -> None:
        try:
            pause = next(script, None)
        except DomainError as refused:
            log.warning("a sample case stops here", why=str(refused))
            return
        if pause is not None:
            self.comes(self.clock.now() + pause, script)

    def _night(self) -> None:
        """What the worker does by the machine's clock, which does not move."""
        end.lapse_unmended(self.here.portal.house)
        pay.expire(self.here.portal.house)
        delay.tell_late(self.here.portal.house)
        reminding.remind(self.here.portal.house)

    def rest(self) -> None:
        """Until the worker has done everything that is in line: the clock must not run away from it."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with self.here.portal.house.database.transaction() as db:
                if not jobs.waiting(db):
                    return
            time.sleep(0.01)

    def pays(self, qr: str, payer: str) -> None:
        """Somebody pays a bill at the bank, which tells the portal."""
        order = {"qr": qr, "payerName": payer}
        httpx2.post(f"{self.here.outside}/bank/v1/payments", json=order, trust_env=False).raise_for_status()

    def days(self, least: float, most: float) -> timedelta:
        """Some days, more often few than many."""
        return timedelta(days=self.chance.triangular(least, most, least))

    def seldom(self, percent: float) -> bool:
        """Whether one of the less usual things happens."""
        return self.chance.random() * 100 < percent


def _by_day(moment: datetime) -> datetime:
    """People sleep and offices close: nothing happens between 17:00 and 08:30, nor at weekends."""
    local = moment.astimezone(BANGKOK)
    if local.hour >= 17:
        local = local.replace(hour=9, minute=local.minute) + timedelta(days=1)
    elif local.hour < 9:
        local = local.replace(hour=9)
    while local.weekday() > 4:
        local += timedelta(days=1)
    return local
