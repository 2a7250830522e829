"""QR codes of addresses that differ in a few characters: the first is made by segno, the others follow from it.

Error correction, interleaving and a fixed mask are linear over GF(2): flipping one bit of the data always flips the
same modules. So a code is another code of its length, exclusive-or what its differing bits flip: a tenth of the work.
"""

from functools import lru_cache

import segno

_ERROR, _MASK = "m", 3
"""The mask is fixed: looking for the nicest of eight costs six times as much and readers do not care."""


def modules(data: str) -> list[str]:
    """The rows of the QR code of `data`, dark modules as "1", light ones as "0", without quiet zone."""
    message = data.encode()
    if message.isascii() and any(97 <= byte <= 122 for byte in message):
        return _family(len(message)).rows(message)
    return _rows(*_drawn(data))


class _Family:
    """All codes of messages of one length, in byte mode: a lower-case letter in them leaves no other."""

    def __init__(self, length: int) -> None:
        self._first = b"a" * length
        self._base, self._side = _drawn(self._first)
        self._flips: dict[int, int] = {}

    def rows(self, message: bytes) -> list[str]:
        found = self._base
        differing = int.from_bytes(message, "big") ^ int.from_bytes(self._first, "big")
        while differing:
            bit = differing & -differing
            differing ^= bit
            found ^= self._flip(bit)
        return _rows(found, self._side)

    def _flip(self, bit: int) -> int:
        known = self._flips.get(bit)
        if known is None:
            message = (int.from_bytes(self._first, "big") ^ bit).to_bytes(len(self._first), "big")
            known = self._flips[bit] = _drawn(message)[0] ^ self._base
        return known


_family = lru_cache(16)(_Family)


def _drawn(data: str | bytes) -> tuple[int, int]:
    """A code as segno makes it: its modules as the bits of one number, row by row, and its side."""
    mode = "byte" if isinstance(data, bytes) else None
    made = segno.make(data, error=_ERROR, mode=mode, micro=False, mask=_MASK, boost_error=False).matrix
    return int("".join("1" if dark else "0" for row in made for dark in row), 2), len(made)


def _rows(code: int, side: int) -> list[str]:
    bits = f"{code:0{side * side}b}"
    return [bits[start : start + side] for start in range(0, side * side, side)]
