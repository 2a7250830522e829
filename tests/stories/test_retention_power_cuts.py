"""The power goes while old data is being deleted: of each case all or nothing is gone, and the next run finishes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.applications import drafts
from app.applications.form_models import Answer, SingleForm, Upload
from app.core import events
from app.core.embedded import Urls
from app.core.events import SYSTEM
from app.demo import running, walk
from app.demo.running import Running
from app.privacy.models import DoomedFile, Erasure
from app.settings import ROOT
from tests.served import portal_on
from tests.stories.world import World


def environment(here: Running, urls: Urls, failpoint: str) -> dict[str, str]:
    """What a process of its own needs to work on the portal's database and folder."""
    settings = here.portal.house.settings
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("JUDIAO_")}
    return surroundings | running.environment(settings.port, settings.data_dir, urls) | {"JUDIAO_FAILPOINTS": failpoint}


def retention(here: Running, urls: Urls, *arguments: str, failpoint: str = "") -> "subprocess.CompletedProcess[str]":
    """`python -m app retention …` in a process of its own, on the portal's database and folder."""
    command = [sys.executable, "-m", "app", "retention", *arguments]
    env = environment(here, urls, failpoint)
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)


SWEEP = """
from datetime import timedelta
from app.core.clock import MovedClock
from app.main import build
from app.settings import Settings
from app.stories import disposal
portal = build(Settings.from_env(), MovedClock(timedelta(days=1)))
disposal.sweep(portal.house)
portal.close()
"""


def sweep(here: Running, urls: Urls, failpoint: str = "") -> int:
    """The nightly removal of files that were let go, a day later, in a process of its own; how it ended."""
    env = environment(here, urls, failpoint)
    return subprocess.run([sys.executable, "-c", SWEEP], env=env, cwd=ROOT, check=False, timeout=120).returncode


@pytest.fixture
def here(own_database: Urls, run_folder: Path) -> Any:
    """A portal whose person has two drafts full of answers and papers, both given up."""
    with portal_on(own_database.owner, run_folder) as portal:
        yield portal


def left(world: World, form_id: UUID) -> tuple[int, int, int, int]:
    """Answers, files, records of erasure, and files let go, of one draft."""
    counts = (
        select(func.count()).where(Answer.single_form_id == form_id),
        select(func.count()).where(Upload.single_form_id == form_id),
        select(func.count()).where(Erasure.subject_id == form_id),
        select(func.count()).select_from(DoomedFile),
    )
    answers, uploads, erasures, doomed = (world.rows(query)[0][0] for query in counts)
    return answers, uploads, erasures, doomed


def test_a_draft_is_gone_altogether_or_not_at_all_whenever_the_power_goes(here: Running, own_database: Urls) -> None:
    world = World(here)
    me = world.citizen("tasi")
    form = UUID(world.filled(me)[-36:])
    walk.start_form(me)
    house = here.portal.house
    with house.database.transaction() as db:
        found = db.get(SingleForm, form, with_for_update=True)
        assert found is not None
        drafts.discard(db, found, SYSTEM, house.clock.now())
    before = left(world, form)
    assert before[0] > 5
    assert before[1] > 2

    dry = retention(here, own_database, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "dry run: nothing was deleted" in dry.stdout
    assert "draft: 1 cases" in dry.stdout
    assert left(world, form) == before
    report = json.loads(Path(dry.stdout.splitlines()[-1]).read_text())
    assert [case["reference"] for case in report["cases"]] == [found.reference]

    cut = retention(here, own_database, "--apply", failpoint="retention.before_commit")
    assert cut.returncode == -9
    assert left(world, form) == before, "nothing of it is gone"

    cut = retention(here, own_database, "--apply", failpoint="retention.after_commit")
    assert cut.returncode == -9
    assert left(world, form)[:3] == (0, 0, 1), "all of it is gone, with its record"
    assert left(world, form)[3] > 0, "its files wait to be removed"

    again = retention(here, own_database, "--apply")
    assert again.returncode == 0, again.stderr
    assert left(world, form)[:3] == (0, 0, 1), "and only once"
    assert sweep(here, own_database, "disposal.removed") == -9
    assert left(world, form)[3] > 0, "a file that went before its line was struck is looked for once more"
    assert sweep(here, own_database) == 0
    assert left(world, form)[3] == 0
    with house.database.transaction() as db:
        assert events.verify(db)[1] == []
    world.close()
