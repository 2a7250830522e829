"""What was sealed is made to outlive its certificates: proof is added to the file by a job, and again before it ends.

Licences, receipts and letters alike. They are in their holders' hands all the while: an older form of a file stays as
true as a newer one, and the house knows the hash of each.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.core import jobs
from app.core.events import SYSTEM
from app.core.failpoints import reach
from app.licences import editions
from app.licences import service as licences
from app.licences.service import Signed
from app.pdf import augmenting, checking, issued
from app.pdf.augmenting import Lasting
from app.pdf.issued import Form
from app.stories.house import House
from app.stories.sealing import Unfit

AT_ONCE = 500
"""How many files of a kind one sweep puts in line; the next takes the next."""


def order(house: House, settled: timedelta = issued.SETTLED_AFTER) -> None:
    """By the clock: put in line every sealed file that has no proof yet, or not for long enough any more."""
    now = house.clock.now()
    with house.database.transaction() as db:
        for licence_id in editions.that_are_due(db, now, AT_ONCE, settled):
            jobs.enqueue(db, "prove_licence", once=f"prove:{licence_id}", idly=True, licence_id=str(licence_id))
        for first in issued.that_are_due(db, now, AT_ONCE, settled):
            jobs.enqueue(db, "prove_file", once=f"prove:{first}", idly=True, first=first)


def prove(house: House, licence_id: UUID) -> None:
    """Job: the next form of a licence's file, with all proof in it. One, however often and wherever this dies."""
    now = house.clock.now()
    with house.database.transaction() as db:
        before = licences.document(db, licence_id)
        if not editions.due(before, now):
            return
    made = _proved(house, before.digest, now)
    digest = house.files.put(made.pdf)
    reach("prove.stored")
    with house.database.transaction() as db:
        db.info["failpoint"] = "prove"
        signed = Signed(
            digest=digest,
            size=len(made.pdf),
            signed_at=before.signed_at,
            signer=before.signer,
            certificate_serial=before.certificate_serial,
            certificate_fingerprint=before.certificate_fingerprint,
            timestamped=True,
            checked=_checked(before.checked, made),
            proved_until=made.until,
        )
        editions.add(db, licence_id, before.form, signed, SYSTEM, now)


def prove_file(house: House, first: str) -> None:
    """Job: the same for a receipt or a letter, which its room names by the hash of its first form."""
    now = house.clock.now()
    with house.database.transaction() as db:
        before = issued.latest(db, first)
        if before is None or not issued.due(before, now):
            return
    made = _proved(house, before.digest, now)
    form = Form(house.files.put(made.pdf), len(made.pdf), before.seal, _checked(before.checked, made), made.until)
    reach("prove.stored")
    with house.database.transaction() as db:
        db.info["failpoint"] = "prove"
        issued.add(db, before, form, SYSTEM, now)


def _proved(house: House, digest: str, now: datetime) -> Lasting:
    made = augmenting.augment(
        house.files.read(digest), house.timestamper, house.revocation, [house.trust_roots], now=now
    )
    findings = checking.check(made.pdf)
    if findings:
        raise Unfit("; ".join(findings))
    return made


def _checked(before: dict[str, Any], made: Lasting) -> dict[str, Any]:
    """What was found of the first form, and that this one was validated as a stranger without a network would."""
    proof = {
        "validated": "offline, revocation required",
        "until": made.until.isoformat(),
        "stamped_at": made.stamped_at.isoformat(),
        "stamped_by": made.stamped_by,
    }
    return {
        **before,
        "profile": checking.PROFILE,
        "checker": checking.CHECKER,
        "findings": [],
        "signature": {**before.get("signature", {}), "profile": augmenting.LEVEL},
        "proof": proof,
    }
