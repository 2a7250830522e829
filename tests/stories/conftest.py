"""The world of one story, on the portal that all stories of a run share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.embedded import Urls
from app.demo.running import Running
from tests.served import database_of_its_own, portal_on
from tests.stories.world import World


@pytest.fixture
def world(portal: Running) -> Iterator[World]:
    """Everybody in one story."""
    made = World(portal)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(portal: Running) -> Iterator[World]:
    """The same for all stories of a module: what one of them finds, another may have left."""
    made = World(portal)
    yield made
    made.close()


@pytest.fixture(scope="module")
def own_database(cluster: Urls) -> Iterator[Urls]:
    """A database that only one module's stories use: they move its clock, or kill its portal."""
    with database_of_its_own(cluster) as urls:
        yield urls


@pytest.fixture(scope="module")
def own_portal(own_database: Urls, run_folder: Path) -> Iterator[Running]:
    """A portal that only one module's stories use, because they move its clock."""
    with portal_on(own_database.owner, run_folder) as here:
        yield here
