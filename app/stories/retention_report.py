"""What a run of retention leaves behind: lines for the operator, and a file that auditors can read years later."""

import os
from collections.abc import Iterator
from pathlib import Path

from app.core.events import canonical
from app.stories.house import House
from app.stories.retention import Run


def lines(run: Run) -> Iterator[str]:
    """What happened, how many, since when, by which law; then what stays and why."""
    yield "deleted" if run.applied else "dry run: nothing was deleted"
    for kind, told in run.summary().items():
        confirm = f", {told['to_confirm']} by a period to be confirmed" if told["to_confirm"] else ""
        yield f"{kind}: {told['cases']} cases, oldest of {told['oldest']:%Y-%m-%d}{confirm}"
        yield from (f"  {law}" for law in told["laws"])
    for case in run.held:
        yield f"{case.reference} stays: {', '.join(case.stays)}"
    if not run.cases:
        yield "nothing is past its period"
    if run.applied:
        yield f"{run.erased} cases, {run.rows} rows; {run.files} files go within two hours if nothing else needs them"


def kept(house: House, run: Run) -> Path:
    """Write the whole report to DATA_DIR/retention, durably; the path."""
    folder = house.settings.data_dir / "retention"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = "applied" if run.applied else "dry-run"
    path = folder / f"{run.at:%Y%m%dT%H%M%S%f}-{mode}.json"
    with path.open("x", encoding="utf-8") as target:
        target.write(canonical(run.report()) + "\n")
        target.flush()
        os.fsync(target.fileno())
    return path
