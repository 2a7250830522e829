"""The world of one story, on the portal that the stories of a file share."""

from collections.abc import Iterator

import pytest

from app.core.embedded import Urls
from app.demo.running import Running
from tests.served import database_of_its_own
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
    """A database for stories that start and kill portals themselves."""
    with database_of_its_own(cluster) as urls:
        yield urls
