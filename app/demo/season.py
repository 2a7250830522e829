"""Three months of a town before today: about a hundred cases that people file, mend, pay for, forget and receive.

Most of it is chance. Some lives are sure, so that on every day the reports show services at each level for a reason
that one understands: what has run for long, what ends in a receipt, and what an agency has only just brought here.
"""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select

from app.applications.models import Application
from app.core.clock import MovedClock, bangkok_date
from app.demo import renewals
from app.demo.acts import Filer
from app.demo.companies import TOWNS
from app.demo.crowd import CROWD
from app.demo.licence_lives import supervised
from app.demo.lives import (
    BUILDING,
    COPY,
    FOOD,
    HAZARD,
    LARGE,
    LIQUOR,
    NEWLY,
    PLACES,
    TOBACCO,
    TRADE,
    Place,
    files,
    never,
    opens_a_branch,
)
from app.demo.officials import MUANG, NAKHON, THUNG
from app.demo.parties import Agent, CompanyFiler
from app.demo.people import CITIZENS
from app.demo.running import Running
from app.demo.town import Town

LENGTH = timedelta(days=92)
FORMS = 54
MORE_LATELY = 0.6
"""An exponent below 1: the portal becomes known, so that more people come each week than the week before."""

SEED = 2569

BUNDLES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (20, (FOOD,)),
    (8, (LARGE,)),
    (10, (TRADE,)),
    (9, (FOOD, TRADE)),
    (9, (FOOD, TRADE, LIQUOR, TOBACCO)),
    (4, (LIQUOR, TOBACCO)),
    (4, (HAZARD,)),
    (3, (COPY,)),
)
"""What people come for, and how often."""

Sure = tuple[int, str, tuple[str, ...]]
"""Day, local authority and services of a form in which nothing goes wrong."""

LEVELS: tuple[Sure, ...] = (
    (8, MUANG, (FOOD, TRADE, LIQUOR, TOBACCO)),
    (10, NAKHON, (FOOD, TRADE)),
    (14, MUANG, (LARGE,)),
    (18, NAKHON, (LARGE,)),
    (20, MUANG, (HAZARD,)),
    (26, MUANG, (COPY,)),
    (74, NAKHON, (HAZARD,)),
    (79, NAKHON, (COPY,)),
    (83, NAKHON, (HAZARD,)),
)
"""What shows each level, and why a service is not higher."""

WIDTH: tuple[Sure, ...] = (
    (28, MUANG, ("street-vending",)),
    (31, MUANG, ("electricity-connection", "water-connection")),
    (33, NAKHON, ("vat-registration", "employer-registration")),
    (35, MUANG, ("massage-shop",)),
    (39, NAKHON, ("karaoke-licence",)),
    (41, MUANG, ("spa-licence",)),
    (44, MUANG, ("hotel-licence",)),
    (48, MUANG, ("loudspeaker-advertising",)),
    (69, MUANG, (BUILDING,)),
    (84, THUNG, (FOOD,)),
    (87, THUNG, (FOOD,)),
)
"""What else people need once in a while; and a small local authority that has just begun, with forms only."""

BRANCH_OPENS = timedelta(days=30)
SUPERVISION_BEGINS = timedelta(days=58)
"""When officers begin to look after what was issued: an order follows a hearing, and today one is still suspended."""


def is_new(here: Running) -> bool:
    """Whether nobody has ever filed anything here."""
    with here.portal.house.database.transaction() as db:
        return db.scalar(select(Application.id).limit(1)) is None


def grow(
    here: Running,
    clock: MovedClock,
    told: Callable[[str], None] = lambda _: None,
    forms: int = FORMS,
    sure: Sequence[Sure] = LEVELS + WIDTH,
) -> int:
    """Let the three months before now happen; how many forms people began. The clock ends where it began."""
    present = clock.now()
    renewals.opened_long_ago(here, clock, present - LENGTH)
    begins = clock.now()
    town = Town(here, clock, random.Random(SEED))  # noqa: S311 - plausible, not secret
    _by_chance(town, forms)
    _surely(town, sure, forms)
    town.comes(present - renewals.RENEWS, renewals.renews(town))
    try:
        for week in range(1, LENGTH.days // 7 + 2):
            town.live(min(begins + timedelta(days=7 * week), present))
            told(f"{bangkok_date(clock.now()):%d.%m.}")
    finally:
        clock.offset = timedelta()
    return forms + len(sure) + 2


def _by_chance(town: Town, forms: int) -> None:
    begins = town.clock.now()
    for n in range(forms):
        wanted = town.chance.choices([s for _, s in BUNDLES], [weight for weight, _ in BUNDLES])[0]
        at = begins + LENGTH * ((n + town.chance.random()) / forms) ** MORE_LATELY
        me = Filer(town.here.portal.house, CROWD[n % len(CROWD)])
        town.comes(at, files(town, me, wanted, _place(wanted, n), n, town.seldom))


def _place(wanted: tuple[str, ...], n: int) -> Place:
    """Where the n-th shop is: nowhere where one of the services, or the authority itself, has only just begun."""
    new = {agency for slug, agency in NEWLY if slug in wanted} | {THUNG}
    fitting = [place for place in PLACES if place.agency not in new]
    return fitting[n % len(fitting)]


def _surely(town: Town, sure: Sequence[Sure], after: int) -> None:
    begins, house = town.clock.now(), town.here.portal.house
    for n, (day, agency, wanted) in enumerate(sure, start=after):
        place = next(place for place in PLACES if place.agency == agency)
        me = Filer(house, CROWD[n % len(CROWD)])
        town.comes(begins + timedelta(days=day), files(town, me, wanted, place, n, never))
    chaem = next(person for person in CITIZENS if person.key == "chaem")
    town.comes(begins + SUPERVISION_BEGINS, supervised(town))
    town.comes(begins + BRANCH_OPENS, opens_a_branch(town, CompanyFiler(house, TOWNS), Agent(house, chaem)))
