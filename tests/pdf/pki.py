"""A little certification authority of our own, and a time-stamping authority (certomancer) that speaks RFC 3161."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from fastapi import FastAPI
from werkzeug.serving import WSGIRequestHandler, make_server

from app.core.clock import MovedClock
from app.demo.ca import TSA_PATH
from app.demo.ca import Authority as Authorities
from app.demo.people import agencies
from app.pdf.revocation import Revocation
from app.pdf.signing import Signer, sign
from app.pdf.timestamping import Timestamper
from tests.demo.world import served

PASSPHRASE = "ทดสอบ"
SINCE, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TH"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "เทศบาลตำบลตัวอย่าง"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def usage(*, digital_signature: bool = False, authority: bool = False, encipherment: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=digital_signature,
        key_encipherment=encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass
class Authority:
    """A root that issues whatever a test needs."""

    common_name: str = "CA ทดสอบ"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    lists: str = "http://ca.example.go.th/list.crl"
    """Where it says which certificates it revoked."""

    def __post_init__(self) -> None:
        self.certificate = self.certify(self.common_name, self.key, SINCE, UNTIL, usage(authority=True), authority=True)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self,
        common: str = "ผู้ลงนามตัวอย่าง",
        key: Key | None = None,
        *,
        since: datetime = SINCE,
        until: datetime = UNTIL,
        key_usage: x509.KeyUsage | None = None,
        purpose: x509.ObjectIdentifier | None = None,
        authority: bool = False,
    ) -> bytes:
        """A PKCS#12 file with a key, its certificate and this root."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        key_usage = key_usage or usage(digital_signature=True)
        certificate = self.certify(common, key, since, until, key_usage, purpose, authority=authority)
        return self.bundle(key, certificate)

    def bundle(self, key: Key, certificate: x509.Certificate) -> bytes:
        encryption = serialization.BestAvailableEncryption(PASSPHRASE.encode())
        return pkcs12.serialize_key_and_certificates(b"signer", key, certificate, [self.certificate], encryption)

    def revocation_list(self, serial: int, at: datetime) -> bytes:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(at).next_update(UNTIL).add_revoked_certificate(revoked)
        builder = builder.add_extension(x509.CRLNumber(1), critical=False)
        builder = builder.add_extension(self._identifier(), critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _identifier(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())

    def certify(
        self,
        common: str,
        key: Key,
        since: datetime,
        until: datetime,
        key_usage: x509.KeyUsage,
        purpose: x509.ObjectIdentifier | None = None,
        *,
        authority: bool = False,
    ) -> x509.Certificate:
        builder = x509.CertificateBuilder().subject_name(name(common)).issuer_name(name(self.common_name))
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(since).not_valid_after(until)
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        builder = builder.add_extension(key_usage, critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        builder = builder.add_extension(self._identifier(), critical=False)
        if not authority:
            place = x509.UniformResourceIdentifier(self.lists)
            point = x509.DistributionPoint([place], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        if purpose:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        return builder.sign(self.key, hashes.SHA256())


@dataclass
class Country:
    """The demonstration's authorities, running: seals of two agencies, OCSP, revocation lists, time-stamps."""

    authority: Authorities
    clock: MovedClock
    root: bytes
    timestamper: Timestamper
    revocation: Revocation
    signers: list[Signer]

    def now(self) -> datetime:
        return self.clock.now()

    def sign(self, pdf: bytes, agency: int = 0) -> bytes:
        return sign(
            pdf, self.signers[agency], self.timestamper, now=self.now(), reason="ออกเอกสาร", location="นครราชสีมา"
        )


@contextmanager
def a_country(folder: Path) -> Iterator[Country]:
    """Its keys are those of every portal of this run; its clock may be moved forward."""
    home, door = folder / uuid4().hex, socket.create_server(("127.0.0.1", 0))
    (folder / "keys").mkdir(exist_ok=True)
    home.mkdir()
    (home / "keys").symlink_to(folder / "keys")
    authority = Authorities(home, f"http://127.0.0.1:{door.getsockname()[1]}/ca", agencies()[:2])
    authority.prepare()
    clock, app, passphrase = MovedClock(), FastAPI(), authority.passphrase_file.read_text().strip()
    app.include_router(authority.router(clock), prefix="/ca")
    with served(app, door):
        country = Country(
            authority,
            clock,
            authority.root_file.read_bytes(),
            Timestamper(f"{authority.url}{TSA_PATH}"),
            Revocation(),
            [Signer.from_pkcs12(authority.signers / f"{agency.code}.p12", passphrase) for agency in agencies()[:2]],
        )
        yield country
        country.timestamper.close()
        country.revocation.close()


SERVER_ONLY = ExtendedKeyUsageOID.SERVER_AUTH

_VALIDITY = {"valid-from": "2020-01-01T00:00:00+0000", "valid-to": "2040-01-01T00:00:00+0000"}


def _tsa_architecture() -> dict[str, Any]:
    def usage_of(*kinds: str) -> dict[str, Any]:
        return {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": list(kinds)}}

    root = {
        "subject": "root",
        "issuer": "root",
        "subject-key": "root",
        "authority-key": "root",
        "validity": _VALIDITY,
        "extensions": [
            {"id": "basic_constraints", "critical": True, "value": {"ca": True}},
            usage_of("key_cert_sign", "crl_sign"),
        ],
    }
    tsa = {
        "subject": "tsa",
        "issuer": "root",
        "subject-key": "tsa",
        "authority-key": "root",
        "validity": _VALIDITY,
        "extensions": [
            usage_of("digital_signature"),
            {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
        ],
    }
    return {
        "keyset": "keys",
        "entity-defaults": {"country-name": "TH", "organization-name": "Test Time"},
        "entities": {"root": {"common-name": "Test Time Root"}, "tsa": {"common-name": "Test Time-Stamping Authority"}},
        "certs": {"root": root, "tsa": tsa},
        "services": {"time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}}},
    }


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """A test's server does not write into the test's output."""


@dataclass(frozen=True)
class TimeAuthority:
    """A running time-stamping authority: where it listens, and the root it is trusted by."""

    url: str
    root: bytes


@contextmanager
def time_authority(folder: Path, at: datetime) -> Iterator[TimeAuthority]:
    """A certomancer TSA over HTTP on a free loopback port, whose clock stands at `at`."""
    for label in ("root", "tsa"):
        key = rsa.generate_private_key(65537, 2048)
        (folder / f"{label}.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    keys = {label: {"path": f"{label}.pem"} for label in ("root", "tsa")}
    config = CertomancerConfig(
        {"keysets": {"keys": {"keys": keys}}, "pki-architectures": {"time": _tsa_architecture()}},
        key_search_dir=str(folder),
    )
    architecture = config.pki_archs[ArchLabel("time")]
    animator = Animator(AnimatorArchStore({ArchLabel("time"): architecture}), at_time=at, with_web_ui=False)
    server = make_server("127.0.0.1", 0, animator, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield TimeAuthority(
            f"http://127.0.0.1:{server.server_port}/time/tsa/tsa", architecture.get_cert(CertLabel("root")).dump()
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
