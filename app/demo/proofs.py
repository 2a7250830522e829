"""What a journey left behind, as its holders download it some minutes later: with all proof inside."""

import hashlib
import time
from datetime import timedelta
from pathlib import Path

from app.core import jobs
from app.licences import service as licences
from app.pdf import issued
from app.stories import lasting
from app.stories.house import House

PATIENCE_SECONDS = 120.0


def awaited(house: House, out: Path) -> dict[str, str]:
    """Have every sealed file proved now, and put its newest form in the place of the first; old hashes to new ones."""
    lasting.order(house, timedelta(0))
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and _busy(house):
        time.sleep(0.1)
    replaced = {}
    for file in sorted([*out.glob("licence-*.pdf"), *out.glob("receipt-*.pdf")]):
        before = hashlib.sha256(file.read_bytes()).hexdigest()
        with house.database.transaction() as db:
            licence = licences.by_digest(db, before)
            newest = licences.document(db, licence[0].id).digest if licence is not None else issued.newest(db, before)
        file.write_bytes(house.files.read(newest))
        replaced[before] = newest
    return replaced


def _busy(house: House) -> bool:
    with house.database.transaction() as db:
        return jobs.waiting(db) > 0
