"""The power goes while old data is being deleted: of each case all or nothing is gone, and the next run finishes."""

import json
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from signal import SIGKILL
from typing import Any
from uuid import UUID, uuid4

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
from tests.served import portal_on
from tests.stories import one_life
from tests.stories.mortal import PATIENCE_SECONDS, PROCESSES
from tests.stories.one_life import command
from tests.stories.world import World


def environment(here: Running, urls: Urls, failpoint: str) -> dict[str, str]:
    """What a process of its own needs to work on the portal's database and folder."""
    settings = here.portal.house.settings
    return running.environment(settings.port, settings.data_dir, urls) | {"JUDIAO_FAILPOINTS": failpoint}


def ended(process: ForkServerProcess) -> int:
    """How a process ended: its exit code, or minus the signal that killed it."""
    process.start()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode is not None, "it does not end"
    return process.exitcode


def retention(here: Running, urls: Urls, *arguments: str, failpoint: str = "") -> tuple[int, str]:
    """`python -m app retention …` in a process of its own, on the portal's database and folder; what it said."""
    said = here.portal.house.settings.data_dir / f"said-{uuid4().hex}"
    env = environment(here, urls, failpoint)
    code = ended(PROCESSES.Process(target=command, args=(env, ["retention", *arguments], said)))
    return code, said.read_text(encoding="utf-8")


def sweep(here: Running, urls: Urls, failpoint: str = "") -> int:
    """The nightly removal of files that were let go, a day later, in a process of its own; how it ended."""
    return ended(PROCESSES.Process(target=one_life.sweep, args=(environment(here, urls, failpoint),)))


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

    dry, said = retention(here, own_database, "--dry-run")
    assert dry == 0
    assert "dry run: nothing was deleted" in said
    assert "draft: 1 cases" in said
    assert left(world, form) == before
    report = json.loads(Path(said.splitlines()[-1]).read_text())
    assert [case["reference"] for case in report["cases"]] == [found.reference]

    cut, _ = retention(here, own_database, "--apply", failpoint="retention.before_commit")
    assert cut == -SIGKILL
    assert left(world, form) == before, "nothing of it is gone"

    cut, _ = retention(here, own_database, "--apply", failpoint="retention.after_commit")
    assert cut == -SIGKILL
    assert left(world, form)[:3] == (0, 0, 1), "all of it is gone, with its record"
    assert left(world, form)[3] > 0, "its files wait to be removed"

    again, _ = retention(here, own_database, "--apply")
    assert again == 0
    assert left(world, form)[:3] == (0, 0, 1), "and only once"
    assert sweep(here, own_database, "disposal.removed") == -SIGKILL
    assert left(world, form)[3] > 0, "a file that went before its line was struck is looked for once more"
    assert sweep(here, own_database) == 0
    assert left(world, form)[3] == 0
    with house.database.transaction() as db:
        assert events.verify(db)[1] == []
    world.close()
