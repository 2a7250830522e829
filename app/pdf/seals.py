"""The agencies' seals: a folder with one signer for each, looked at again whenever its files change.

`{agency}.p12` holds key and certificates, opened with the common passphrase. `{agency}.toml` says where a hardware
module keeps the key; it wins over a PKCS#12 file of the same name:

    module = "/usr/lib/softhsm/libsofthsm2.so"
    token = "judiao"                 # the token's label
    key = "muang-tuayang"            # the private key's label
    pin_file = "/run/secrets/pin"
    certificate = "muang-tuayang.pem"  # its certificate and the chain above it, beside this file

A new file is taken up at the next signature, without a restart. One that cannot be used is told in the log, and the
old one signs on as long as there is one.
"""

import threading
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography import x509

from app.core.errors import Unavailable
from app.pdf.certificates import UnfitCertificate
from app.pdf.keys import Place, TokenKey
from app.pdf.signing import Signer

log = structlog.get_logger(__name__)

_Stamp = tuple[tuple[str, int, int, int], ...]


@dataclass
class _Kept:
    """What was read of one agency: the signer, or why there is none, and of which files."""

    stamp: _Stamp
    signer: Signer | None
    problem: str = ""


class Seals(Mapping[str, Signer]):
    """Signers by the agency's code. `seals[code]` raises KeyError without a file, UnfitCertificate for an unfit one."""

    def __init__(self, folder: Path, passphrase_file: Path) -> None:
        self._folder = folder
        self._passphrase_file = passphrase_file
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def __getitem__(self, code: str) -> Signer:
        """The signer as its files say now."""
        stamp = self._stamp(code)
        if not stamp:
            raise KeyError(code)
        with self._lock:
            kept = self._kept.get(code)
            if kept is None or kept.stamp != stamp:
                kept = self._kept[code] = self._read(code, stamp, kept)
        if kept.signer is None:
            raise UnfitCertificate(kept.problem)
        return kept.signer

    def __iter__(self) -> Iterator[str]:
        """The codes of every agency that has a file, in order."""
        return iter(sorted({path.stem for ending in ("p12", "toml") for path in self._folder.glob(f"*.{ending}")}))

    def __len__(self) -> int:
        """How many agencies have one."""
        return len(list(iter(self)))

    def look(self) -> list[str]:
        """Read all of them now; what is wrong, in words."""
        wrong = []
        for code in self:
            try:
                self[code]
            except Unavailable as problem:
                wrong.append(f"{code}: {problem}")
        return wrong

    def _stamp(self, code: str) -> _Stamp:
        found = []
        for ending in ("toml", "pem", "p12"):
            path = self._folder / f"{code}.{ending}"
            if path.parent == self._folder and path.is_file():
                about = path.stat()
                found.append((ending, about.st_mtime_ns, about.st_size, about.st_ino))
        return tuple(found) if any(ending != "pem" for ending, *_ in found) else ()

    def _read(self, code: str, stamp: _Stamp, before: _Kept | None) -> _Kept:
        try:
            return _Kept(stamp, self._signer(code))
        except (UnfitCertificate, OSError) as problem:
            log.error("a seal cannot be used", agency=code, problem=str(problem))  # noqa: TRY400 - an operator's matter
            return _Kept(stamp, before.signer if before else None, str(problem))
        except Unavailable:  # the module that keeps the key: it is asked again, nothing is remembered
            if before is None or before.signer is None:
                raise
            return before

    def _signer(self, code: str) -> Signer:
        described = self._folder / f"{code}.toml"
        if not described.is_file():
            passphrase = self._passphrase_file.read_text(encoding="utf-8").strip()
            return Signer.from_pkcs12(self._folder / f"{code}.p12", passphrase)
        try:
            said = tomllib.loads(described.read_text(encoding="utf-8"))
            pin = Path(said["pin_file"]).read_text(encoding="utf-8").strip()
            place = Place(Path(said["module"]), str(said["token"]), str(said["key"]), pin)
            certificate, *chain = x509.load_pem_x509_certificates((self._folder / said["certificate"]).read_bytes())
        except (KeyError, TypeError, ValueError) as problem:
            message = f"{described.name} cannot be understood: {problem!r}"
            raise UnfitCertificate(message) from problem
        return Signer(TokenKey(place), certificate, chain)
