"""What it costs to make licences last, and to sign with a key that stays in its hardware module (here SoftHSM)."""

import os
import shutil
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import psutil
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import func, select

from app.core import jobs
from app.demo import load, presswork
from app.demo.instance import Instance
from app.licences.models import Licence, LicenceDocument
from app.pdf.keys import Place, TokenKey
from app.pdf.press import Press
from app.pdf.signing import Signer
from app.stories import lasting

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN, VALUES = "1234", 200
BURST_SECONDS = 300.0
"""How long a burst may take, on a machine that has other things to do as well."""


def proofs(on: Instance, worker: psutil.Process) -> dict[str, float]:
    """Every licence there is gets its proof: OCSP, revocation list, document time-stamp, validated and kept."""

    def proved() -> int:
        with on.portal.house.database.transaction() as db:
            done = select(func.count()).where(LicenceDocument.proved_until.is_not(None))
            return int(db.execute(done).scalar_one())

    before = proved()
    with load.spending(worker=worker, database=on.postgres) as spent:
        lasting.order(on.portal.house, timedelta(0))
        on.idle()
    with on.portal.house.database.transaction() as db:
        size = select(func.avg(LicenceDocument.size)).where(LicenceDocument.proved_until.is_not(None))
        bytes_each = float(db.execute(size).scalar_one())
    return {
        "proofs_per_core_second": (proved() - before) / sum(spent.values()),
        "licence_lasting_kb": bytes_each / 1000,
    }


def burst(on: Instance, paid: list[str]) -> dict[str, float]:
    """Everybody has paid at the same moment: how long until half of them, and 95 of 100, have their licence."""
    ids = [UUID(application_id) for application_id in paid]
    in_hand = select(func.count()).where(Licence.application_id.in_(ids), Licence.issued_at.is_not(None))
    start = time.perf_counter()
    with on.portal.house.database.transaction() as db:
        for application_id in paid:
            jobs.enqueue(db, "issue_licence", application_id=application_id)
    told: dict[str, float] = {}
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        while time.perf_counter() - start < BURST_SECONDS:
            with on.portal.house.database.transaction() as db:
                if int(db.execute(in_hand).scalar_one()) >= share * len(paid):
                    break
            time.sleep(0.1)
        told[f"licence_after_payment_{name}_seconds_{len(paid)}"] = time.perf_counter() - start
    on.idle()
    return told


def module(folder: Path, now: datetime) -> dict[str, float]:
    """Licences of the press, and bare signatures, with an RSA key of 2048 bits in SoftHSM; nothing where it is not."""
    if not MODULE.exists() or shutil.which("softhsm2-util") is None:
        return {}
    key = rsa.generate_private_key(65537, 2048)
    _brought(folder, key)
    token = TokenKey(Place(MODULE, "bench", "bench", PIN))
    press = Press(Signer(token, presswork.certified(key, now), []))
    start = time.process_time()
    for _ in range(VALUES):
        token.sign(b"x" * 200)
    bare = (time.process_time() - start) / VALUES
    return {
        "licences_compiled_pkcs11_per_core_second": 1000
        / presswork.cpu_ms(lambda document: press.signed(document, presswork.SAYS, now=now)),
        "pkcs11_sign_per_core_second": 1 / bare,
    }


def _brought(folder: Path, key: rsa.RSAPrivateKey) -> None:
    """A fresh token with this key in it."""
    store, file, configuration = folder / "tokens", folder / "bench.key", folder / "softhsm2.conf"
    store.mkdir()
    configuration.write_text(f"directories.tokendir = {store}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    tool, named = ["softhsm2-util"], ["--label", "bench", "--pin", PIN]
    subprocess.run([*tool, "--init-token", "--free", *named, "--so-pin", PIN], check=True, capture_output=True)
    imported = ["--import", str(file), "--token", "bench", "--id", "01", *named]
    subprocess.run([*tool, *imported], check=True, capture_output=True)
    file.unlink()
