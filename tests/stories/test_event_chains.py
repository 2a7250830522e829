"""The record of what happened cannot be changed unseen: not by us, not by whoever owns the database."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from app.core import anchors, events
from tests.stories.world import Case, World

KEY = "a key that the database never sees"


@pytest.fixture(scope="module")
def case(shared: World) -> Case:
    """A case with a whole life behind it."""
    return shared.licensed()


def as_owner(world: World, *statements: str) -> Session:
    """A session of whoever owns the database, after it has done something to the record; to be rolled back."""
    engine = create_engine(make_url(world.house.settings.owner_url).set(drivername="postgresql+psycopg"))
    session = Session(engine)
    for statement in statements:
        assert session.execute(text(statement)).rowcount > 0  # type: ignore[attr-defined] # a result of DML has it
    return session


def faults_after(world: World, statement: str, folder: Path | None = None) -> list[str]:
    """What verifying finds after a statement of the owner; nothing of it is kept."""
    session = as_owner(world, statement)
    try:
        heads = anchors.newest(folder, KEY) if folder else None
        return [f"{fault.stream}: {fault.what}" for fault in events.verify(session, heads)[1]]
    finally:
        session.rollback()
        session.close()
        session.get_bind().dispose()  # type: ignore[union-attr] # an engine


def anchored(world: World, folder: Path) -> Path:
    """The heads as they are now, kept outside the database."""
    with world.house.database.transaction() as db:
        return anchors.drop(db, folder, KEY, world.house.clock.now())


def test_the_chains_of_a_whole_life_hold_and_every_act_is_in_them(shared: World, case: Case) -> None:
    with shared.house.database.transaction() as db:
        count, faults = events.verify(db)
        life = [event.kind.removeprefix("application.") for event in events.history(db, f"application:{case.id}")]

    assert faults == []
    assert count > len(life)
    assert life == ["submit", "take", "accept", "take", "approve", "pay", "issue"]


def test_who_did_it_and_for_whom_stands_on_every_act(shared: World, case: Case) -> None:
    with shared.house.database.transaction() as db:
        life = events.history(db, f"application:{case.id}")

    assert [event.actor_kind for event in life] == [
        "citizen",
        "officer",
        "officer",
        "officer",
        "officer",
        "system",
        "system",
    ]
    assert len({event.applicant_id for event in life}) == 1
    assert all(event.acted_by for event in life if event.actor_kind in {"citizen", "officer"})


@pytest.mark.parametrize("statement", ["update events set kind = 'x'", "delete from events", "truncate events"])
def test_the_portal_itself_cannot_change_or_remove_what_happened(shared: World, case: Case, statement: str) -> None:
    del case
    with psycopg.connect(shared.house.settings.owner_url) as connection:
        connection.execute("set role portal")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)  # parametrised text


@pytest.mark.parametrize(
    ("forgery", "what"),
    [
        ("update events set actor_name = 'คนอื่น' where stream = '{}' and seq = 5", "was changed after it was written"),
        (
            "update events set at = at - interval '1 day' where stream = '{}' and seq = 2",
            "was changed after it was written",
        ),
        ("delete from events where stream = '{}' and seq = 3", "expected number 3"),
        ("update events set seq = seq + 100 where stream = '{}' and seq = 7", "expected number 7"),
    ],
)
def test_a_change_in_the_middle_shows_in_the_chain_itself(shared: World, case: Case, forgery: str, what: str) -> None:
    found = faults_after(shared, forgery.format(f"application:{case.id}"))

    assert any(fault.startswith(f"application:{case.id}") and what in fault for fault in found)


def test_a_tail_that_was_cut_off_shows_only_against_an_anchor_outside_the_database(
    shared: World, case: Case, tmp_path: Path
) -> None:
    anchored(shared, tmp_path)
    cut = f"delete from events where stream = 'application:{case.id}' and seq >= 6"

    assert faults_after(shared, cut) == []
    assert faults_after(shared, cut, tmp_path) == [f"application:{case.id}: the anchored head is gone or differs"]


def test_a_whole_stream_that_was_removed_shows_against_an_anchor(shared: World, case: Case, tmp_path: Path) -> None:
    anchored(shared, tmp_path)

    found = faults_after(shared, f"delete from events where stream = 'application:{case.id}'", tmp_path)

    assert found == [f"application:{case.id}: the anchored head is gone or differs"]


def test_an_anchor_that_somebody_rewrote_is_not_believed(shared: World, case: Case, tmp_path: Path) -> None:
    del case
    file = anchored(shared, tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace('"seal": "', '"seal": "0'), encoding="utf-8")

    with pytest.raises(anchors.AnchorBroken):
        anchors.newest(tmp_path, KEY)


def test_life_that_goes_on_after_an_anchor_is_no_fault(shared: World, case: Case, tmp_path: Path) -> None:
    anchored(shared, tmp_path)
    case.me.open("/consents").press("ถอนความยินยอมนี้")
    shared.officer("nueng").open(case.desk)
    shared.citizen("tasi")

    with shared.house.database.transaction() as db:
        assert events.verify(db, anchors.newest(tmp_path, KEY))[1] == []
