"""The agencies' seals: from a file or a hardware module, taken up anew without a restart, refused when they must not sign."""

import io
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.reader import PdfFileReader

from app.core.errors import Unavailable
from app.pdf.certificates import UnfitCertificate
from app.pdf.checking import check
from app.pdf.revocation import Revocation
from app.pdf.seals import Seals
from app.pdf.signing import Signer, sign
from app.pdf.standing import BELIEVED, Standing
from app.pdf.timestamping import Timestamper
from app.pdf.validating import examine
from tests.pdf import samples
from tests.pdf.pki import PASSPHRASE, SINCE, UNTIL, Authority, Key, TimeAuthority, usage

NOW = samples.NOW
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "246810"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    (tmp_path / "seals").mkdir()
    return tmp_path / "seals"


@pytest.fixture
def seals(folder: Path) -> Seals:
    return Seals(folder, folder.parent / "passphrase")


def put(folder: Path, name: str, data: bytes) -> None:
    """A new file in the place of the old one, as an operator moves it there."""
    (folder / f".{name}").write_bytes(data)
    (folder / f".{name}").rename(folder / name)


# — From files


def test_a_key_is_parsed_once_and_a_new_one_is_taken_up_without_a_restart(
    folder: Path, seals: Seals, authority: Authority
) -> None:
    put(folder, "town.p12", authority.issue("ตราประทับปีนี้"))
    first = seals["town"]
    assert seals["town"] is first
    put(folder, "town.p12", authority.issue("ตราประทับปีหน้า"))
    assert seals["town"].certificate.common_name == "ตราประทับปีหน้า"
    assert (list(seals), len(seals)) == (["town"], 1)


def test_a_new_file_that_cannot_be_used_leaves_the_old_key_at_work(
    folder: Path, seals: Seals, authority: Authority
) -> None:
    put(folder, "town.p12", authority.issue())
    first = seals["town"]
    for bad in (b"torn", authority.issue(key_usage=usage(encipherment=True)), authority.issue(authority=True)):
        put(folder, "town.p12", bad)
        assert seals["town"] is first
    put(folder, "town.p12", authority.issue("อันใหม่"))
    assert seals["town"].certificate.common_name == "อันใหม่"


def test_what_cannot_be_used_from_the_beginning_is_told_and_waits_for_a_better_one(
    folder: Path, seals: Seals, authority: Authority
) -> None:
    put(folder, "town.p12", authority.issue(key_usage=usage(encipherment=True)))
    put(folder, "land.p12", authority.issue())
    (wrong,) = seals.look()
    assert "town" in wrong
    assert "does not allow signatures" in wrong
    with pytest.raises(UnfitCertificate, match="does not allow signatures"):
        seals["town"]
    assert seals["land"].certificate.not_after == UNTIL
    put(folder, "town.p12", authority.issue())
    assert seals.look() == []


def test_an_agency_without_a_file_has_no_seal_and_no_name_leaves_the_folder(folder: Path, seals: Seals) -> None:
    for code in ("town", "../passphrase", ""):
        assert seals.get(code) is None
    put(folder, "town.toml", b"module = 1")
    with pytest.raises(UnfitCertificate, match="cannot be understood"):
        seals["town"]


# — From a hardware module


@pytest.fixture
def hsm(tmp_path: Path) -> Iterator[Callable[[str, Key], None]]:
    """A SoftHSM token; gives what brings a key into it."""
    store = tmp_path / "tokens"
    store.mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {store}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    command = ["softhsm2-util", "--init-token", "--free", "--label", "judiao", "--pin", PIN, "--so-pin", "12345678"]
    subprocess.run(command, check=True, capture_output=True)

    def bring(label: str, key: Key) -> None:
        file = tmp_path / f"{label}.key"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        imported = [
            "--import",
            str(file),
            "--token",
            "judiao",
            "--label",
            label,
            "--id",
            label.encode().hex(),
            "--pin",
            PIN,
        ]
        subprocess.run(["softhsm2-util", *imported], check=True, capture_output=True)
        file.unlink()

    yield bring
    del os.environ["SOFTHSM2_CONF"]


def described(folder: Path, authority: Authority, key: Key, label: str) -> None:
    certificate = authority.certify(label, key, SINCE, UNTIL, usage(digital_signature=True))
    both = [one.public_bytes(serialization.Encoding.PEM) for one in (certificate, authority.certificate)]
    (folder / f"{label}.pem").write_bytes(b"".join(both))
    (folder.parent / "pin").write_text(f"{PIN}\n")
    said = {"module": MODULE, "token": "judiao", "key": label, "pin_file": folder.parent / "pin"}
    said["certificate"] = Path(f"{label}.pem")
    put(folder, f"{label}.toml", "\n".join(f'{name} = "{value}"' for name, value in said.items()).encode())


@pytest.mark.skipif(not MODULE.exists(), reason="softhsm2 is not installed")
def test_keys_that_never_leave_their_module_sign_the_same(
    hsm: Callable[[str, Key], None],
    folder: Path,
    seals: Seals,
    authority: Authority,
    tsa: TimeAuthority,
    timestamper: Timestamper,
    licence: bytes,
) -> None:
    keys: dict[str, Key] = {
        "rsa2048": rsa.generate_private_key(65537, 2048),
        "rsa4096": rsa.generate_private_key(65537, 4096),
        "p256": ec.generate_private_key(ec.SECP256R1()),
    }
    for label, key in keys.items():
        hsm(label, key)
        described(folder, authority, key, label)
    assert seals.look() == []
    for label in keys:
        pdf = sign(licence, seals[label], timestamper, now=NOW, reason="ออกเอกสาร", location="นครราชสีมา")
        found = examine(pdf, [authority.pem, tsa.root], now=NOW)
        assert found.genuine
        assert found.signer == seals[label].certificate
        assert check(pdf) == []

    described(folder, authority, ec.generate_private_key(ec.SECP256R1()), "p256")
    (folder / "other.toml").write_text((folder / "p256.toml").read_text())
    with pytest.raises(UnfitCertificate, match="does not belong"):
        seals["other"]
    put(folder, "gone.toml", (folder / "rsa2048.toml").read_bytes().replace(b'key = "rsa2048"', b'key = "nobody"'))
    with pytest.raises(Unavailable):
        seals["gone"]


@pytest.mark.parametrize("bits", [2048, 4096])
def test_rsa_keys_of_both_usual_lengths_sign_from_a_file(
    bits: int, authority: Authority, tsa: TimeAuthority, timestamper: Timestamper, licence: bytes
) -> None:
    signer = Signer.from_pkcs12(authority.issue(key=rsa.generate_private_key(65537, bits)), PASSPHRASE)
    pdf = sign(licence, signer, timestamper, now=NOW, reason="ออกเอกสาร", location="นครราชสีมา")
    assert examine(pdf, [authority.pem, tsa.root], now=NOW).genuine
    assert len(PdfFileReader(io.BytesIO(pdf)).embedded_signatures) == 1


# — Does the certificate still stand


class _Lists(BaseHTTPRequestHandler):
    """Publishes one revocation list, or nothing."""

    data: bytes

    def do_GET(self) -> None:
        self.send_response(200 if self.data else 503)
        self.end_headers()
        self.wfile.write(self.data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """A test's server does not write into the test's output."""


@pytest.fixture
def lists() -> Iterator[tuple[Authority, type[_Lists]]]:
    """An authority whose list is really published; what is published may be changed."""
    shelf = type("Shelf", (_Lists,), {"data": b""})
    server = HTTPServer(("127.0.0.1", 0), shelf)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Authority(lists=f"http://127.0.0.1:{server.server_port}/list.crl"), shelf
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_revoked_certificate_signs_no_more_and_without_an_answer_everything_waits(
    lists: tuple[Authority, type[_Lists]],
) -> None:
    authority, shelf = lists
    signer = Signer.from_pkcs12(authority.issue(), PASSPHRASE)
    standing = Standing(Revocation(timeout=2), [authority.pem])
    with pytest.raises(Unavailable) as nobody:
        standing.require(signer, NOW)
    assert not isinstance(nobody.value, UnfitCertificate)

    shelf.data = authority.revocation_list(1, NOW - timedelta(days=1))
    standing.require(signer, NOW)
    shelf.data = b""
    standing.require(signer, NOW + BELIEVED * 3)  # nobody answers, and the last list says it holds for years

    shelf.data = authority.revocation_list(int(signer.certificate.serial, 16), NOW)
    with pytest.raises(UnfitCertificate, match="revoked"):
        standing.require(signer, NOW + BELIEVED * 6)
    with pytest.raises(UnfitCertificate, match="expired"):
        standing.require(signer, UNTIL + timedelta(days=1))


def test_a_certificate_that_leads_to_no_root_of_ours_does_not_sign(authority: Authority) -> None:
    stranger = Signer.from_pkcs12(Authority("ผู้อื่น").issue(), PASSPHRASE)
    with pytest.raises(Unavailable):
        Standing(Revocation(timeout=0.5), [authority.pem]).require(stranger, NOW)
