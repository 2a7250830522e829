"""What a bank says about one payment: its JSON read strictly, amounts as integer satang. Pure.

The shape is the bill-payment confirmation of SCB's developer documents; the same members come back from the inquiry.
Strict where money or identity is at stake (amount, currency, transaction id, time with an offset, no repeated names);
lenient where refusing would lose sight of money that has arrived (unknown biller or reference: booked as unmatched).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from app.billing.thai_qr import LARGEST_SATANG

BAHT = "764"
CHANNEL = "bank"
"""The name of the collecting bank where there is only one."""

_TEXT_AMOUNT = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")
_TRANSACTION_ID = re.compile(r"[!-~]{1,64}")
_BILLER = re.compile(r"[0-9]{1,15}")
_REFERENCE = re.compile(r"[ -~]{0,40}")


@dataclass(frozen=True)
class Confirmation:
    """One payment as the bank tells it. `channel` is the bank's name with us, `paid_at` an aware moment."""

    channel: str
    transaction_id: str
    biller_id: str
    ref1: str
    ref2: str
    satang: int
    paid_at: datetime
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def money(self) -> tuple[str, str, str, str, str, int]:
        """What must be the same whenever the bank speaks of this transaction again."""
        return self.channel, self.transaction_id, self.biller_id, self.ref1, self.ref2, self.satang


def read(body: bytes, channel: str) -> Confirmation:
    """The confirmation in a callback's body. Raises ValueError, saying what does not fit."""
    return confirm(load(body), channel)


def load(body: bytes) -> dict[str, Any]:
    """A JSON object, UTF-8, no name twice, no NaN; decimals exact. Raises ValueError."""
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_float=Decimal,
            parse_constant=_no_such_number,
        )
        written = json.dumps(found, ensure_ascii=False, default=str).encode("utf-8")
    except (UnicodeError, RecursionError, InvalidOperation) as error:
        raise ValueError(f"not readable as UTF-8 JSON: {type(error).__name__}") from error
    if b"\\u0000" in written:
        raise ValueError("a text holds the NUL character")
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - what the bank sent is a value, not our type error
    return found


def confirm(said: Mapping[str, Any], channel: str) -> Confirmation:
    """The confirmation in a JSON object that is already read. Raises ValueError."""
    if said.get("payeeProxyType", "BILLERID") != "BILLERID":
        raise ValueError("payeeProxyType is not BILLERID")
    if str(said.get("currencyCode", "")) != BAHT:
        raise ValueError("currencyCode is not 764")
    return Confirmation(
        channel=channel,
        transaction_id=_text(said, "transactionId", _TRANSACTION_ID),
        biller_id=_text(said, "payeeProxyId", _BILLER),
        ref1=_text(said, "billPaymentRef1", _REFERENCE).strip().upper(),
        ref2=_text(said, "billPaymentRef2", _REFERENCE, default="").strip().upper(),
        satang=satang(said.get("amount")),
        paid_at=_moment(said.get("transactionDateandTime")),
        raw=json.loads(json.dumps(said, default=str)),
    )


def satang(amount: object) -> int:
    """An amount in baht, a JSON number or text such as "1500.00", as satang. Raises ValueError: never rounds."""
    if isinstance(amount, str) and _TEXT_AMOUNT.fullmatch(amount):
        amount = Decimal(amount)
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise ValueError("amount is neither a number nor text like 1500.00")  # noqa: TRY004 - as in `load`
    if not 0 < amount <= Decimal(LARGEST_SATANG) / 100 or Decimal(amount).adjusted() < -2:
        raise ValueError("amount is out of range")
    numerator, denominator = amount.as_integer_ratio()
    if numerator * 100 % denominator:
        raise ValueError("amount has parts of a satang")
    return numerator * 100 // denominator


def _text(said: Mapping[str, Any], name: str, pattern: re.Pattern[str], default: str | None = None) -> str:
    value = said.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"{name} is missing or has another form")
    return value


def _moment(text: object) -> datetime:
    if not isinstance(text, str):
        raise ValueError("transactionDateandTime is missing")  # noqa: TRY004 - as in `load`
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 2000 <= moment.year <= 2400:
        raise ValueError("transactionDateandTime has no offset, or its year is not a Common Era year of our time")
    return moment


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice in one JSON object")
    return found


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")
