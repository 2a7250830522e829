"""A certification authority, kept by certomancer: root, intermediate, a seal for each agency, OCSP, CRLs, time-stamps.

Keys are made once per data folder. Certificates are derived from keys and configuration (RSA signatures repeat
exactly), so the same folder gives the same ones; only their OCSP and CRL addresses follow the port.
The portal gets what a real authority would hand over: `{agency}.p12` with a passphrase, and the root certificate.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as WsgiRequest

from app.core.clock import Clock
from app.demo import keeping
from app.demo.roles import Agency
from app.demo.stamping import Stamping

PKI = Path(__file__).with_name("pki.yml")
ARCHITECTURE = "demo"
TSA_PATH = f"/{ARCHITECTURE}/tsa/tsa"
TIME_HEADER = "X-Certomancer-Fake-Time"
LONGEST_NAME = 64
"""Characters of a name in a certificate (RFC 5280, upper bounds)."""
KEY_BITS = 2048
"""What a Thai e-seal certificate usually holds; the whole demonstration is ready in a second."""
LARGEST_REQUEST = 16 * 1024


class Authority:
    """The authority of one data folder, answering under `url`."""

    def __init__(self, folder: Path, url: str, agencies: Sequence[Agency]) -> None:
        self.folder = folder
        self.url = url
        self.agencies = tuple(agencies)
        self.signers = folder / "signers"
        self.passphrase_file = folder / "passphrase"
        self.root_file = folder / "root.pem"

    def prepare(self) -> None:
        """Make keys that are missing and hand out what was not handed out yet, for this url and these agencies."""
        issued = self.folder / "issued_for"
        wanted = hashlib.sha256(repr((PKI.read_bytes(), self.url, self.agencies)).encode()).hexdigest().encode()
        if issued.exists() and issued.read_bytes() == wanted:
            return
        for label in ("root", "intermediate", "ocsp", "tsa", *(agency.code for agency in self.agencies)):
            keeping.once(self.folder / "keys" / f"{label}.pem", _new_key)
        passphrase = keeping.word(self.passphrase_file).encode()
        keeping.write(self.root_file, self._pem("root"))
        for code in (agency.code for agency in self.agencies):
            keeping.write(
                self.signers / f"{code}.p12", self._records.package_pkcs12(CertLabel(code), password=passphrase)
            )
            keeping.write(self.signers / f"{code}.pem", self._pem(code))
        keeping.write(issued, wanted)

    def _pem(self, label: str) -> bytes:
        certificate = x509.load_der_x509_certificate(self._records.get_cert(CertLabel(label)).dump())
        return certificate.public_bytes(serialization.Encoding.PEM)

    @cached_property
    def _records(self) -> PKIArchitecture:
        made = (self.folder / "keys" / "root.pem").stat()
        return _architecture(self.folder.resolve(), self.url, self.agencies, (made.st_ino, made.st_mtime_ns))

    @cached_property
    def _animator(self) -> Animator:
        return Stamping(AnimatorArchStore({self._records.arch_label: self._records}), with_web_ui=False)

    def router(self, clock: Clock) -> APIRouter:
        """Certomancer's own web API (time-stamps, OCSP, CRLs, certificates), with our clock as its time."""

        async def answer(request: Request, path: str) -> Response:
            body = await request.body()
            if len(body) > LARGEST_REQUEST:
                return Response(status_code=413)
            moment = clock.now().replace(microsecond=0)  # a GeneralizedTime of RFC 5280 and 6960 has no fractions
            return await run_in_threadpool(self._animate, request.method, path, body, moment.isoformat())

        router = APIRouter()
        router.add_api_route("/{path:path}", answer, methods=["GET", "POST"])
        return router

    def _animate(self, method: str, path: str, body: bytes, moment: str) -> Response:
        builder = EnvironBuilder(path=f"/{path}", method=method, data=body, headers=[(TIME_HEADER, moment)])
        try:
            answer = self._animator.dispatch(WsgiRequest(builder.get_environ()))
        except ValueError:  # what was posted is not ASN.1 of the kind this address reads
            return Response(status_code=400)
        finally:
            builder.close()
        found = answer.get_response() if hasattr(answer, "get_response") else answer
        return Response(found.get_data(), status_code=found.status_code, media_type=found.mimetype)


@lru_cache(maxsize=8)
def _architecture(folder: Path, url: str, agencies: tuple[Agency, ...], made: tuple[int, int]) -> PKIArchitecture:
    """What is certified with the keys in a folder, `made` so; kept, because loading each key takes 30 ms of checks."""
    del made
    config = CertomancerConfig(
        _configuration(agencies), key_search_dir=str(folder), lazy_load_keys=True, external_url_prefix=url
    )
    return config.get_pki_arch(ArchLabel(ARCHITECTURE))


def _new_key() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _configuration(agencies: Sequence[Agency]) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load(PKI.read_text(encoding="utf-8"))
    keys, demo = config["keysets"]["keys"]["keys"], config["pki-architectures"][ARCHITECTURE]
    for agency in agencies:
        keys[agency.code] = {"path": f"{agency.code}.pem"}
        demo["entities"][agency.code] = {
            "common-name": agency.name.en[:LONGEST_NAME],
            "organization-name": agency.name.th[:LONGEST_NAME],
            "organization-identifier": f"NTRTH-{agency.biller_id[:13]}",
        }
        serial = int.from_bytes(hashlib.sha256(agency.code.encode()).digest()[:15], "big")
        demo["certs"][agency.code] = {"template": "seal", "issuer": "intermediate", "serial": serial}
    return config
