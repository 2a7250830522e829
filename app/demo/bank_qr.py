"""How a banking app reads a Thai QR bill (EMVCo merchant-presented mode, tag 30). The bank's own reading, on purpose.

The portal writes the code with its own module; a mistake there must not be repeated here, so nothing is shared.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

BILL_PAYMENT = "A000000677010112"
BAHT = "764"


@dataclass(frozen=True)
class Slip:
    """What a payer would see: whom to pay, with which references, and how many satang (None: the payer decides)."""

    biller_id: str
    reference1: str
    reference2: str
    satang: int | None


def read(payload: str) -> Slip:
    """The bill in the text of a QR code; raises ValueError saying what does not fit."""
    payload = payload.strip()
    body, written = payload[:-4], payload[-4:]
    if not body.endswith("6304") or checksum(body) != written:
        raise ValueError("the checksum does not fit")
    tags = _tags(payload)
    if tags.get("00") != "01" or tags.get("53") != BAHT or tags.get("58") != "TH":
        raise ValueError("not a Thai QR code in baht")
    bill = _tags(tags.get("30", ""))
    if bill.get("00") != BILL_PAYMENT or not bill.get("01") or not bill.get("02"):
        raise ValueError("not a bill payment with biller and reference")
    amount = tags.get("54")
    return Slip(bill["01"], bill["02"], bill.get("03", ""), satang(amount) if amount else None)


def satang(amount: str) -> int:
    """A written amount in baht as satang; raises ValueError unless it is positive with at most two decimals."""
    try:
        value = Decimal(amount.replace(",", "").strip()) * 100
    except InvalidOperation as error:
        raise ValueError("the amount is not a number") from error
    if not value.is_finite() or value != value.to_integral_value() or not 0 < value < 10**13:
        raise ValueError("the amount must be positive, with at most two decimals")
    return int(value)


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE of the text, four upper-case hexadecimal digits."""
    register = 0xFFFF
    for byte in text.encode():
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
        register &= 0xFFFF
    return f"{register:04X}"


def _tags(text: str) -> dict[str, str]:
    """Tag, two-digit length, value, and so on to the end; in any order, none twice."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        value = text[at + 4 : at + 4 + int(length)] if length.isdecimal() else ""
        if not length.isdecimal() or len(value) != int(length) or tag in found:
            raise ValueError(f"tag {tag!r} is not well formed")
        found[tag] = value
        at += 4 + len(value)
    return found
