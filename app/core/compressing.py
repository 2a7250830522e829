"""Text leaves compressed where the browser takes it: on a slow phone a page of words is a fifth of its bytes.

Pages are compressed as they are drawn, quickly; static files once for each process, as small as they get. A page holds
a secret of its reader (a form token) beside words that a link may have chosen, so its compressed length must tell
nothing (BREACH, breachattack.com): a name of random length stands in its header, as Django does it.
"""

import secrets
import zlib
from struct import pack

SMALL = 1400
"""Bytes that fit into one packet anyway."""
QUICK, SMALLEST = 1, 9
"""How hard zlib tries: a page of questions (13 kB) costs 0.1 ms so, 0.2 ms at its usual 6, for 15 % fewer bytes."""
PADDING = 100


def takes_gzip(accepted: str) -> bool:
    """Whether a browser that sends this Accept-Encoding understands gzip."""
    for offer in accepted.split(","):
        name, _, quality = offer.partition(";")
        if name.strip().lower() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def gzipped(data: bytes, level: int = QUICK, *, padding: int = PADDING) -> bytes:
    """`data` as a gzip file (RFC 1952), up to `padding` bytes longer than it need be."""
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = b"a" * secrets.randbelow(padding + 1)
    header = b"\x1f\x8b\x08" + (b"\x08" if name else b"\x00") + b"\x00\x00\x00\x00\x00\xff"
    body = squeeze.compress(data) + squeeze.flush()
    return header + (name + b"\x00" if name else b"") + body + pack("<LL", zlib.crc32(data), len(data) & 0xFFFFFFFF)
