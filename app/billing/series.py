"""The numbers on money papers: bills and receipts per agency and Buddhist-era year, references per collecting account.

All are gapless (`core.numbers`): the counter stays locked until the transaction ends, a rollback gives the number back.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core import numbers
from app.core.clock import bangkok_date


def bill_number(db: Session, agency_code: str, now: datetime) -> str:
    """The next bill number of an agency this year: "บช 2569-000001"."""
    year, number = numbers.take(db, f"bill:{agency_code}", bangkok_date(now))
    return f"บช {year}-{number:06d}"


def receipt_number(db: Session, agency_code: str, now: datetime) -> str:
    """The next receipt number of an agency this year: "รจ 2569-000001"."""
    year, number = numbers.take(db, f"receipt:{agency_code}", bangkok_date(now))
    return f"รจ {year}-{number:06d}"


def first_reference(db: Session, biller_id: str, now: datetime) -> str:
    """The next ref1 of a collecting account: Buddhist-era year and a running number, 11 digits."""
    year, number = numbers.take(db, f"ref1:{biller_id}", bangkok_date(now))
    return f"{year}{number:07d}"


def second_reference(ref1: str, due_at: datetime) -> str:
    """Ref2: the due day (YYMMDD, Common Era) and two check digits over both references (ISO 7064, MOD 97-10).

    No slip with one digit mistyped or two neighbours swapped names another bill.
    """
    due = f"{bangkok_date(due_at):%y%m%d}"
    return f"{due}{98 - int(ref1 + due) * 100 % 97:02d}"
