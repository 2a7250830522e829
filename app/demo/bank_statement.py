"""The daily reconciliation file: 256 columns per line, cp874, CRLF (Bank of Thailand's cross-bank bill payment layout).

Column numbers below are the standard's, counted from 1. Every Thai character is one byte in cp874, so a text cut to
its column never breaks a character.
"""

from collections.abc import Sequence
from datetime import date

from app.core.clock import BANGKOK
from app.demo.bank_book import Transaction
from app.demo.roles import Agency

WIDTH = 256
SERVICE = "JUDIAO"


def statement(bank: str, payee: Agency, day: date, transactions: Sequence[Transaction]) -> bytes:
    """Header, one detail line per transaction (all credits), and the totals."""
    lines = [
        _line(
            (1, 1, "H"), *_head(1, bank, payee), (21, 60, payee.name.th), (61, 68, f"{day:%d%m%Y}"), (69, 76, SERVICE)
        )
    ]
    lines += [_detail(bank, payee, number, one) for number, one in enumerate(transactions, 2)]
    total = sum(one.satang for one in transactions)
    lines.append(
        _line(
            (1, 1, "T"),
            *_head(len(lines) + 1, bank, payee),
            (21, 33, f"{0:013d}"),
            (34, 39, f"{0:06d}"),
            (40, 52, f"{total:013d}"),
            (53, 58, f"{len(transactions):06d}"),
        )
    )
    return b"".join(line + b"\r\n" for line in lines)


def _detail(bank: str, payee: Agency, number: int, one: Transaction) -> bytes:
    paid_at = one.paid_at.astimezone(BANGKOK)
    return _line(
        (1, 1, "D"),
        *_head(number, bank, payee),
        (21, 28, f"{paid_at:%d%m%Y}"),
        (29, 34, f"{paid_at:%H%M%S}"),
        (35, 84, one.payer),
        (85, 104, one.reference1),
        (105, 124, one.reference2),
        (145, 148, "0001"),
        (149, 152, "0000"),
        (153, 153, "C"),
        (154, 156, "CSH"),
        (157, 163, f"{0:07d}"),
        (164, 176, f"{one.satang:013d}"),
        (197, 211, one.biller_id),
        (244, 246, "014"),
    )


def _head(number: int, bank: str, payee: Agency) -> tuple[tuple[int, int, str], ...]:
    return (2, 7, f"{number:06d}"), (8, 10, bank), (11, 20, payee.account)


def _line(*fields: tuple[int, int, str]) -> bytes:
    line = bytearray(b" " * WIDTH)
    for first, last, text in fields:
        width = last - first + 1
        line[first - 1 : last] = text.encode("cp874", "replace")[:width].ljust(width)
    return bytes(line)
