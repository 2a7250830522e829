"""What a process does that takes numbers until it is told to stop: a number and its event in one transaction each."""

import random
from datetime import date

from app.core import events, numbers
from app.core.clock import SystemClock
from app.core.db import Database
from app.core.events import SYSTEM


def take_many(url: str, series: str, on: date, count: int, process: int, given_up: float) -> None:
    """Take `count` numbers for good; so many in a hundred more are taken and given back."""
    door, chance = Database(url, turns=1), random.Random(process)
    done = 0
    while done < count:
        with door.transaction() as db:
            _, number = numbers.take(db, series, on)
            if chance.random() < given_up:
                db.rollback()
                continue
            events.record(db, f"numbering:{process}", "numbered", SYSTEM, SystemClock().now(), number=number)
        done += 1
    door.close()
