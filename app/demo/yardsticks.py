"""What the benchmark's figures stand beside: FastAPI's own hello, and signatures as openssl measures itself."""

import itertools
import re
import shutil
import subprocess
from pathlib import Path

from app.demo import load

CONNECTIONS, WARM_SECONDS, LOAD_SECONDS = 16, 1.5, 3.0


def hello(port: int, folder: Path) -> dict[str, float]:
    """FastAPI's own hello."""
    log = folder / "hello.log"
    server = ["-m", "uvicorn", "--factory", "app.demo.load:hello", "--port", str(port), "--no-access-log"]
    with load.started([*server, "--log-level", "error"], {"WEB_CONCURRENCY": "1"}, log) as process:
        load.until_it_answers(process, f"http://127.0.0.1:{port}/", log)
        requests = [itertools.repeat(load.get(port, "/", {}))] * CONNECTIONS
        load.press(port, requests, WARM_SECONDS)
        with load.spending(web=process) as spent:
            done = load.press(port, requests, LOAD_SECONDS)
    return {"hello_cpu_us": spent["web"] / done.count * 1e6, "hello_per_second": done.per_second}


SIGNATURES = {"rsa2048": "rsa2048", "rsa4096": "rsa4096", "p256": "ecdsap256"}
"""What `openssl speed` calls the keys whose signatures are counted."""


def signatures() -> dict[str, float]:
    """Signatures per second as openssl measures itself; nothing when the machine has no openssl."""
    program = shutil.which("openssl")
    if program is None:
        print("openssl is not on this machine: openssl_…_sign_per_second and licences_…vs_rsa are left out")
        return {}
    return {f"openssl_{name}_sign_per_second": _speed(program, called) for name, called in SIGNATURES.items()}


def _speed(program: str, called: str) -> float:
    speed = [program, "speed", "-mr", "-seconds", "2", called]
    said = subprocess.run(speed, capture_output=True, text=True, check=True)
    found = re.search(r"^\+F[24]:\d+:\d+:([\d.]+):", said.stdout, re.MULTILINE)
    if found is None:
        raise ValueError(f"openssl speed said something else: {said.stdout}")
    value = float(found[1])  # OpenSSL 3 tells signatures per second, 1.1 the seconds of one
    return 1 / value if value < 1 else value
