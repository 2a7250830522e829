"""At the end of its period data goes, and only then: said first, all of a case together, and what must stay stays."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications.form_models import Answer, SingleForm, Upload
from app.applications.models import Application, InternalNote
from app.billing.models import Bill, Receipt
from app.core import events
from app.core.clock import MovedClock
from app.demo import walk
from app.demo.running import Running
from app.licences.models import LicenceDocument
from app.privacy.models import Erasure
from app.stories import disposal, retention, retention_report
from tests.stories.world import Case, World, at_once

YEARS = 10
"""The longest period of the catalogue; a licence's begins when it ends to be valid."""


@pytest.fixture(scope="module")
def world(portal: Running) -> Iterator[World]:
    """Everybody, at a portal whose clock may be moved."""
    made = World(portal)
    yield made
    made.close()


def later(world: World, **time: float) -> datetime:
    """Let time pass; everybody has been signed out meanwhile."""
    clock = world.house.clock
    assert isinstance(clock, MovedClock)
    clock.move(timedelta(**time))
    world.forget_officers()
    return clock.now()


def held_of(world: World, case: Case) -> dict[str, Any]:
    """How much there is of one case."""
    (row,) = world.rows(select(Application).where(Application.id == case.id))
    application = row[0]
    form = application.single_form_id
    counted = {
        "answers": select(func.count()).where(Answer.single_form_id == form),
        "uploads": select(func.count()).where(Upload.single_form_id == form),
        "notes": select(func.count()).where(InternalNote.application_id == case.id),
        "snapshot": select(func.count(SingleForm.snapshot)).where(SingleForm.id == form),
    }
    found = {name: world.rows(query)[0][0] for name, query in counted.items()}
    return found | {"own": len(application.answers), "documents": len(application.documents)}


def files_of(world: World, case: Case) -> set[str]:
    """The digests of the documents of a case."""
    form = select(Application.single_form_id).where(Application.id == case.id).scalar_subquery()
    return {row.digest for row in world.rows(select(Upload.digest).where(Upload.single_form_id == form))}


def closed(world: World, person: str) -> Case:
    """A case with papers and a note that its person withdrew."""
    case = world.submitted(person)
    world.officer("nueng").open(case.desk).press("บันทึกภายใน", {"note": "โทรแล้ว"})
    case.me.open(f"{case.mine}/withdraw").press(f"ถอนคำขอ {case.number}")
    return case


def all_gone(held: dict[str, Any]) -> bool:
    """Whether nothing of the person is left in a case."""
    return not any(held.values())


def erased_while_read(world: World, going: Case) -> retention.Run:
    """Delete for good, while the person and an officer go on reading the case."""
    reader, desk = walk.sign_in(going.me, "bunma"), world.officer("nueng")
    done: list[retention.Run] = []
    seen: list[int] = []

    def read() -> None:
        for _ in range(6):
            seen.append(reader.open(f"{going.form}/track").status)
            seen.append(desk.open(f"{going.desk}/documents").status)

    at_once([read, lambda: done.append(retention.run(world.house, apply=True))])
    assert set(seen) <= {200, 404}, "whoever reads meanwhile sees all of it or what is left of it"
    return done[0]


def pages_go_on(world: World, going: Case, licensed: Case) -> None:
    """What is left of an erased case can be looked at without a fault, by its person and at the desk."""
    me = walk.sign_in(going.me, "bunma")
    assert {me.open(page).status for page in ("/my", "/my/privacy", f"{going.form}/track")} == {200}
    assert me.open(f"{going.form}/receipt.pdf").status == 404
    mine = walk.sign_in(licensed.me, "mali")
    pages = ("/my", "/licences", licensed.licence, licensed.bill, f"{licensed.form}/track")
    assert {mine.open(page).status for page in pages} == {200}
    assert {world.officer("nueng").open(f"{licensed.desk}{page}").status for page in ("", "/documents")} == {200}


def test_the_life_of_data_from_the_last_day_of_its_period_on(world: World) -> None:
    kept, going, licensed = closed(world, "tasi"), closed(world, "bunma"), world.licensed(world.submitted("mali"))
    manager = world.officer("si")
    manager.open("/officer/data").press("เก็บเรื่องนี้ต่อ", {"number": kept.number, "reason": "มีอุทธรณ์"})
    before, papers = held_of(world, going), files_of(world, going)
    assert all(before.values())
    assert papers

    later(world, days=365 * YEARS - 40)
    assert retention.run(world.house, apply=True).erased == 0, "the period is not over"

    later(world, days=60)
    dry = retention.run(world.house, apply=False)
    assert {case.reference for case in dry.cases if not case.stays} == {going.number, licensed.number}
    assert [(case.reference, case.stays) for case in dry.held] == [(kept.number, ("legal hold",))]
    assert held_of(world, going) == before, "a dry run deletes nothing"
    said = list(retention_report.lines(dry))
    assert any("งานสารบรรณ" in line for line in said), "by which law"
    report = json.loads(Path(retention_report.kept(world.house, dry)).read_text())
    assert report["mode"].startswith("dry run")
    for name in ("มะลิ", "บุญมา", "ตาสี"):
        assert name not in json.dumps(report, ensure_ascii=False)

    assert erased_while_read(world, going).erased == 2
    assert all_gone(held_of(world, going))
    assert held_of(world, kept)["answers"], "what is on hold stays"
    assert all(world.house.files.exists(digest) for digest in papers & files_of(world, kept))
    later(world, hours=2)
    disposal.sweep(world.house)
    still = files_of(world, kept)
    assert {digest for digest in papers if world.house.files.exists(digest)} == papers & still
    (receipt,) = world.rows(select(Receipt.file_digest).join(Bill, Bill.id == Receipt.bill_id))
    assert receipt.file_digest is None
    assert world.rows(select(func.count()).select_from(LicenceDocument))[0][0] == 1, "a licence's period began later"

    pages_go_on(world, going, licensed)
    assert retention.run(world.house, apply=True).erased == 0, "twice is once"

    later(world, days=400)
    licence = retention.run(world.house, apply=True)
    assert [due.kind for case in licence.cases if not case.stays for due in case.due] == ["licence"]
    mine = walk.sign_in(licensed.me, "mali")
    assert mine.open("/licences").status == 200
    assert mine.open(licensed.licence).status == 404

    manager = world.officer("si")
    manager.open("/officer/data").press("เลิกเก็บต่อ")
    assert retention.run(world.house, apply=True).erased == 1
    assert all_gone(held_of(world, kept))
    later(world, hours=2)
    disposal.sweep(world.house)
    assert not any(world.house.files.exists(digest) for digest in papers), "nobody needs them any more"
    with world.house.database.transaction() as db:
        assert events.verify(db)[1] == [], "the chain is whole"
    kinds = {row.kind for row in world.rows(select(Erasure.kind).where(Erasure.subject_id == going.id))}
    assert kinds == {"answers", "documents", "payment"}
