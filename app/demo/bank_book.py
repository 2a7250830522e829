"""The bank's own record of payments: one line of JSON each, kept in a file so that a restarted bank still knows."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from app.core.clock import bangkok_date


@dataclass(frozen=True)
class Transaction:
    """One bill payment; `paid_at` is an aware moment, `satang` what was really paid."""

    transaction_id: str
    biller_id: str
    reference1: str
    reference2: str
    satang: int
    paid_at: datetime
    payer: str

    @property
    def amount(self) -> str:
        """Baht with two decimals, as banks write it."""
        return f"{self.satang // 100}.{self.satang % 100:02d}"


class Book:
    """Every transaction, oldest first."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._transactions: dict[str, Transaction] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                known = json.loads(line)
                known["paid_at"] = datetime.fromisoformat(known["paid_at"])
                self._transactions[known["transaction_id"]] = Transaction(**known)

    def record(self, slip: tuple[str, str, str], satang: int, paid_at: datetime, payer: str) -> Transaction:
        """Book a payment for (biller, reference 1, reference 2) under a new transaction id, and write it down."""
        number = f"{bangkok_date(paid_at):%Y%m%d}{secrets.token_hex(8).upper()}"
        transaction = Transaction(number, *slip, satang, paid_at, payer)
        line = json.dumps({**asdict(transaction), "paid_at": paid_at.isoformat()}, ensure_ascii=False)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        self._transactions[number] = transaction
        return transaction

    def get(self, transaction_id: str) -> Transaction | None:
        """The transaction with this id."""
        return self._transactions.get(transaction_id)

    def of(self, biller_id: str, day: date, reference1: str = "", reference2: str = "") -> list[Transaction]:
        """What a biller was paid on a day in Thailand; an empty reference means any."""
        return [
            known
            for known in self._transactions.values()
            if known.biller_id == biller_id
            and bangkok_date(known.paid_at) == day
            and reference1 in ("", known.reference1)
            and reference2 in ("", known.reference2)
        ]
