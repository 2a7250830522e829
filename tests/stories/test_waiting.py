"""A licence that cannot be sealed waits: its holder is told, nothing is lost, and it comes when it can."""

import socket
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from app.applications.models import Application
from app.core.errors import Unavailable
from app.core.events import Event
from app.demo import walk
from app.licences.models import Licence, Status, Wait
from app.pdf.timestamping import Timestamper
from app.stories import issuing
from tests.stories.world import Case, World

WAITS = "รอลงลายมือชื่ออิเล็กทรอนิกส์ตั้งแต่"


def the_licence(world: World, case: Case) -> Licence:
    with world.house.database.transaction() as db:
        return db.scalars(select(Licence).where(Licence.application_id == case.id)).one()


def test_without_a_certificate_or_a_time_stamp_it_waits_and_then_comes_by_itself(world: World) -> None:
    case = world.awaiting_payment()
    ((agency,),) = world.rows(select(Application.agency_code).where(Application.id == case.id))
    seal = Path(world.house.settings.signing.signers) / f"{agency}.p12"
    away = seal.rename(seal.with_suffix(".away"))
    walk.pay(case.me, case.bill)

    told = walk.wait_for(case.me, f"{case.form}/track", lambda b: b if b.sees(WAITS) else None)
    told.must_see("เราลองใหม่เองทุกไม่กี่นาที")
    told.must_see("คุณไม่ต้องทำอะไร")
    reserved = the_licence(world, case)
    assert (reserved.status, reserved.waits_for) == (Status.RESERVED, Wait.CERTIFICATE)

    away.rename(seal)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        deaf = replace(world.house, timestamper=Timestamper(f"http://127.0.0.1:{nobody.getsockname()[1]}/"))
        assert isinstance(issuing.licences_of(deaf, [case.id])[case.id], Unavailable)
        deaf.timestamper.close()

    walk.await_licence(case.me, case.form)
    issued = the_licence(world, case)
    assert (issued.id, issued.number, issued.status, issued.waits_since) == (
        reserved.id, reserved.number, Status.VALID, None,
    )  # fmt: skip
    assert not case.told().sees(WAITS)
    kinds = world.rows(select(Event.kind).where(Event.stream == f"licence:{issued.id}").order_by(Event.seq))
    assert [kind for (kind,) in kinds if kind != "licence.prove"][-1] == "licence.issue"
    assert ("licence.wait",) in kinds
