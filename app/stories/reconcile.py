"""Every night the bank's own list of the day is compared with ours: what it never told us of is booked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy.orm import Session

from app.billing import payments, reconciliation
from app.billing.bank import Question
from app.billing.reconciliation import Entry
from app.catalogue.schema import Agency
from app.core.clock import bangkok_date
from app.core.errors import Unavailable
from app.core.events import SYSTEM, record
from app.stories import pay
from app.stories.house import House

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Compared:
    """What a day came to: entries of the file, booked only now, and told by the file but denied when asked."""

    entries: int
    booked: int
    denied: int
    reversals: int


def yesterday(house: House) -> None:
    """Job: the day before, for every collecting account. An account whose bank is silent is read the next night."""
    day = bangkok_date(house.clock.now()) - timedelta(days=1)
    for agency in house.catalogue.agencies.values():
        try:
            of_day(house, agency, day)
        except (Unavailable, ValueError) as trouble:
            log.warning("the bank's daily file was not read", agency=agency.code, day=str(day), reason=str(trouble))


def of_day(house: House, agency: Agency, day: date) -> Compared:
    """Read one account's file and book what we had not heard of. Reading a day again changes nothing.

    Raises Unavailable when the bank does not answer, ValueError when the file does not add up.
    """
    told, entries = reconciliation.read(house.bank.statement(agency.biller_id, day))
    if told != day or any(entry.biller_id != agency.biller_id for entry in entries):
        raise ValueError("the file is of another day or account")
    came = [entry for entry in entries if not entry.reversal]
    with house.database.transaction() as db:
        missing = _missing(db, came, day)
    found = [said for question in missing for said in house.bank.payments(_question(question, day))]
    now = house.clock.now()
    with house.database.transaction() as db:
        for said in found:
            pay.settle(db, said, now)
        denied = sum(_missing(db, came, day).values())
        compared = Compared(len(entries), sum(missing.values()) - denied, denied, len(entries) - len(came))
        if compared.booked or compared.denied or compared.reversals:
            record(
                db, f"account:{agency.biller_id}", "account_reconciled", SYSTEM, now, day=day.isoformat(),
                **vars(compared),
            )  # fmt: skip
    return compared


_Key = tuple[str, str, str, int]


def _missing(db: Session, came: Sequence[Entry], day: date) -> Counter[_Key]:
    """Payments of the file, by account, references and amount, that are not in our books so often."""
    said: Counter[_Key] = Counter((entry.biller_id, entry.ref1, entry.ref2, entry.satang) for entry in came)
    for key in said:
        said[key] -= payments.booked_on(db, *key, day)
    return +said


def _question(key: _Key, day: date) -> Question:
    biller_id, ref1, ref2, satang = key
    return Question(day, biller_id, ref1, ref2, satang)
