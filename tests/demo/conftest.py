"""The stand-ins, running once for all tests here; the clock is put right and the portal's door emptied after each."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.demo.world import World, the_world


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with the_world(tmp_path_factory.mktemp("stand-ins")) as world:
        yield world


@pytest.fixture
def world(running: World) -> Iterator[World]:
    yield running
    running.clock.offset = timedelta()
    running.portal.knocks.clear()
    running.portal.refusals = 0
