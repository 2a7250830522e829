"""The world of one story, on the portal that all stories of a run share."""

from collections.abc import Iterator

import pytest

from app.demo.running import Running
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
