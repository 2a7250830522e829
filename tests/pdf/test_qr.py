"""The QR code on a document is the one that segno draws, however it was come by."""

import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pdf import qr

ADDRESS = "https://judiao.example/verify/"


def as_segno_draws(data: str) -> list[str]:
    message: str | bytes = data.encode() if any(letter.islower() for letter in data) else data
    mode = "byte" if isinstance(message, bytes) else None
    code = segno.make(message, error="m", mode=mode, micro=False, mask=3, boost_error=False)
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix]


@settings(max_examples=25, deadline=None)
@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ-", min_size=1, max_size=40))
def test_a_code_that_follows_from_another_is_the_one_drawn_anew(number: str) -> None:
    assert qr.modules(ADDRESS + number) == as_segno_draws(ADDRESS + number)


@settings(max_examples=10, deadline=None)
@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", min_size=1, max_size=120))
def test_a_bill_in_capitals_and_digits_is_drawn_by_segno_in_its_smaller_mode(slip: str) -> None:
    assert qr.modules(slip) == as_segno_draws(slip)
