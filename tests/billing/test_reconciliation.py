"""The bank's daily file: read by its columns, and believed only when its counts and totals add up."""

from datetime import UTC, date, datetime

import pytest

from app.billing.reconciliation import WIDTH, read
from app.demo.bank_book import Transaction
from app.demo.bank_statement import statement
from app.demo.roles import Agency, Both

DAY = date(2026, 11, 20)
PAYEE = Agency("muang-tuayang", Both("เทศบาลเมืองตัวอย่าง", "Example"), "099456900001201")


def paid(satang: int, ref1: str = "25690000001") -> Transaction:
    moment = datetime(2026, 11, 20, 2, 30, 15, tzinfo=UTC)
    return Transaction("T1", PAYEE.biller_id, ref1, "26120510", satang, moment, "นางสาวมะลิ ตัวอย่าง")


def file_of(*payments: Transaction) -> bytes:
    return statement("006", PAYEE, DAY, payments)


def changed(file: bytes, line: int, first: int, text: str) -> bytes:
    """The file with other bytes from column `first` of a line (both from 1)."""
    at = (line - 1) * (WIDTH + 2) + first - 1
    return file[:at] + text.encode("cp874") + file[at + len(text) :]


def test_a_file_says_who_paid_what_and_when() -> None:
    day, (first, second) = read(file_of(paid(70_000), paid(5_050, "25690000002")))
    assert day == DAY
    assert (first.payer, first.ref1, first.ref2) == ("นางสาวมะลิ ตัวอย่าง", "25690000001", "26120510")
    assert (first.satang, second.satang, first.biller_id) == (70_000, 5_050, PAYEE.biller_id)
    assert first.paid_at == datetime(2026, 11, 20, 2, 30, 15, tzinfo=UTC)
    assert not first.reversal


def test_a_day_without_payments_is_a_file_too() -> None:
    assert read(file_of()) == (DAY, [])


def test_a_reversal_is_told_apart_and_added_up_for_itself() -> None:
    file = changed(file_of(paid(70_000)), 2, 153, "D")
    with pytest.raises(ValueError, match="totals"):
        read(file)
    back = changed(changed(file, 3, 21, f"{70_000:013d}{1:06d}"), 3, 40, f"{0:013d}{0:06d}")
    assert [entry.reversal for entry in read(back)[1]] == [True]


@pytest.mark.parametrize(
    ("line", "column", "text", "trouble"),
    [
        (3, 40, f"{70_001:013d}", "totals"),
        (3, 53, f"{2:06d}", "totals"),
        (2, 164, "00000000x0000", "not a number"),
        (2, 153, "X", "neither"),
        (2, 2, "000009", "number 000009"),
        (1, 1, "X", "header"),
    ],
)
def test_what_does_not_add_up_is_not_believed(line: int, column: int, text: str, trouble: str) -> None:
    with pytest.raises(ValueError, match=trouble):
        read(changed(file_of(paid(70_000)), line, column, text))


def test_a_file_that_was_cut_off_is_not_believed() -> None:
    for cut in (
        file_of(paid(70_000))[:-1],
        file_of(paid(70_000))[: -(WIDTH + 2)],
        file_of(paid(1))[:-300] + b"\r\n",
        b"",
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - each is cut at another place
            read(cut)
