"""Thai QR bill payment: the text inside the QR code and the counter barcode. Pure: text in, text out.

Standard: EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode; Bank of Thailand's Thai QR uses
tag 30 (bill payment) and tag 29 (credit transfer). The counter barcode is the Bank of Thailand's cross-bank format.
Banks write the tags in different orders, so reading never depends on the order; the checksum is read first.
Money is integer satang.
"""

import re
from dataclasses import dataclass

BILL_PAYMENT_AID = "A000000677010112"
CREDIT_TRANSFER_AID = "A000000677010111"
LARGEST_SATANG = 999_999_999_999
"""9,999,999,999.99 baht: the 13 characters tag 54 has room for."""

_BILLER = re.compile(r"[0-9]{13}|[0-9]{15}")
_REFERENCE = re.compile(r"[A-Z0-9]{1,20}")
_AMOUNT = re.compile(r"([0-9]{1,10})(?:\.([0-9]{0,2}))?")
_TAG_AND_LENGTH = re.compile(r"[0-9]{4}")
_CHECKSUM = re.compile(r"[0-9A-F]{4}")
_INITIATION = {"11": False, "12": True}
_BAHT, _THAILAND = "764", "TH"
_CREDIT_PROXIES = {"01": ("mobile", 13), "02": ("tax_id", 13), "03": ("e_wallet", 15)}


@dataclass(frozen=True)
class BillPayment:
    """What a tag-30 QR says: pay this biller, with these references, this amount.

    `biller` is 15 digits (13-digit tax id and 2-digit suffix; a few issuers use 13), the references are 1–20 of
    `[A-Z0-9]`, `satang` is None when the payer types the amount, `dynamic` means the code is for one payment.
    Raises ValueError, naming the part, when anything does not fit.
    """

    biller: str
    ref1: str
    ref2: str | None = None
    satang: int | None = None
    ref3: str | None = None
    dynamic: bool = True

    def __post_init__(self) -> None:
        if not _BILLER.fullmatch(self.biller):
            raise ValueError(f"biller id must be 15 (or 13) digits: {self.biller!r}")
        for name, value in (("ref1", self.ref1), ("ref2", self.ref2), ("ref3", self.ref3)):
            if value is not None and not _REFERENCE.fullmatch(value):
                raise ValueError(f"{name} must be 1-20 characters of A-Z and 0-9: {value!r}")
        if self.satang is not None and not 0 < self.satang <= LARGEST_SATANG:
            raise ValueError(f"amount must be 1 to {LARGEST_SATANG} satang: {self.satang!r}")


@dataclass(frozen=True)
class CreditTransfer:
    """What a tag-29 (PromptPay) QR says. We never issue one; a scanned one is understood, not mistaken for a bill."""

    proxy_kind: str
    proxy: str
    satang: int | None = None
    dynamic: bool = False


def build(payment: BillPayment) -> str:
    """The QR text of a bill payment, tags in the order 00 01 30 53 54 58 62 63."""
    merchant = _tag("00", BILL_PAYMENT_AID) + _tag("01", payment.biller) + _tag("02", payment.ref1)
    if payment.ref2 is not None:
        merchant += _tag("03", payment.ref2)
    text = _tag("00", "01") + _tag("01", "12" if payment.dynamic else "11") + _tag("30", merchant) + _tag("53", _BAHT)
    if payment.satang is not None:
        text += _tag("54", f"{payment.satang // 100}.{payment.satang % 100:02d}")
    text += _tag("58", _THAILAND)
    if payment.ref3 is not None:
        text += _tag("62", _tag("07", payment.ref3))
    text += "6304"
    return text + crc16(text)


def parse(text: str) -> BillPayment | CreditTransfer:
    """What a Thai QR asks for. Raises ValueError when it is damaged, not Thai QR, or not in baht.

    The checksum is verified before anything else is believed; unknown tags (31, 52, 59, 60 …) are passed over.
    """
    if not text.isascii() or text[-8:-4] != "6304" or not _CHECKSUM.fullmatch(text[-4:]):
        raise ValueError("not a Thai QR text: no checksum at its end")
    if crc16(text[:-4]) != text[-4:]:
        raise ValueError("the checksum does not fit: the text was changed or misread")
    tags = _tags(text)
    if "63" not in tags:
        raise ValueError("not a Thai QR text: the checksum is inside another tag")
    if tags.get("00") != "01" or tags.get("53") != _BAHT or tags.get("58") != _THAILAND:
        raise ValueError("not a Thai QR in baht: tags 00, 53 and 58 must be 01, 764 and TH")
    initiation = tags.get("01", "11")
    if initiation not in _INITIATION:
        raise ValueError(f"tag 01 must be 11 or 12: {initiation!r}")
    dynamic = _INITIATION[initiation]
    satang = _satang(tags["54"]) if "54" in tags else None
    if "30" in tags:
        merchant = _tags(tags["30"])
        if merchant.get("00") != BILL_PAYMENT_AID or "01" not in merchant or "02" not in merchant:
            raise ValueError("tag 30 is not a bill payment with a biller and a first reference")
        ref3 = _tags(tags.get("62", "")).get("07")
        return BillPayment(merchant["01"], merchant["02"], merchant.get("03"), satang, ref3, dynamic)
    if "29" in tags:
        return _credit_transfer(_tags(tags["29"]), satang, dynamic=dynamic)
    raise ValueError("neither tag 30 (bill payment) nor tag 29 (credit transfer) is there")


def barcode(payment: BillPayment) -> str:
    """The text of the counter barcode (Code 128): `|biller`, ref1, ref2 and satang, parted by carriage returns.

    An open amount is `0`. Raises ValueError for a 13-digit biller, which the cross-bank barcode has no form for.
    """
    if len(payment.biller) != 15:
        raise ValueError(f"the counter barcode needs a 15-digit biller id: {payment.biller!r}")
    return "\r".join((f"|{payment.biller}", payment.ref1, payment.ref2 or "", str(payment.satang or 0)))


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF, not reflected) of ASCII text, 4 upper-case hex digits."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return f"{crc:04X}"


def _tag(number: str, value: str) -> str:
    return f"{number}{len(value):02d}{value}"


def _tags(text: str) -> dict[str, str]:
    """Tag number to value. Raises ValueError when a length overruns or a tag comes twice."""
    tags: dict[str, str] = {}
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if not _TAG_AND_LENGTH.fullmatch(head):
            raise ValueError(f"expected a tag and a length at character {at}: {head!r}")
        number, end = head[:2], at + 4 + int(head[2:])
        if end > len(text):
            raise ValueError(f"tag {number} is longer than the text that holds it")
        if number in tags:
            raise ValueError(f"tag {number} comes twice")
        tags[number] = text[at + 4 : end]
        at = end
    return tags


def _satang(text: str) -> int:
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise ValueError(f"tag 54 is not an amount in baht: {text!r}")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _credit_transfer(merchant: dict[str, str], satang: int | None, *, dynamic: bool) -> CreditTransfer:
    if merchant.get("00") != CREDIT_TRANSFER_AID:
        raise ValueError("tag 29 is not a credit transfer")
    for number, (kind, length) in _CREDIT_PROXIES.items():
        proxy = merchant.get(number, "")
        if len(proxy) == length and proxy.isdigit():
            return CreditTransfer(kind, proxy, satang, dynamic)
    raise ValueError("tag 29 names no mobile number, tax id or e-wallet")
