"""The caged process: bounded, without environment, files or connections, it looks at one file and reports.

`python -m app.applications.inspecting MEDIA_TYPE CPU_SECONDS MEMORY_BYTES`, the file on standard input, the report on
standard output: the line "ready" once everything is loaded and every door is shut, then one line of JSON, then the
blobs whose lengths that line states. A parser that is taken over finds no key, no database and no network.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from functools import partial

from app.applications.inspecting import images
from app.applications.inspecting.findings import Refused, Seen

MAX_REPORT = 128 * 1024 * 1024

PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG"}


def looker(media_type: str) -> Callable[[bytes], Seen]:
    """What looks at files of this type. A picture does without the PDF libraries: they are half of the start."""
    if media_type in PICTURES:
        return partial(images.look, kind=PICTURES[media_type])
    from app.applications.inspecting import pdfs  # noqa: PLC0415 - see above

    return {"application/pdf": pdfs.look}[media_type]


def bound(cpu_seconds: int, memory_bytes: int) -> None:
    """Bound what this process may use before it has seen a byte of the file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_REPORT, MAX_REPORT))
    os.nice(5)


def close_doors() -> None:
    """From here on no file can be opened and no connection made: there is no descriptor left to be had."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def main(media_type: str, cpu_seconds: str, memory_bytes: str) -> None:
    """Look at standard input and write the report."""
    bound(int(cpu_seconds), int(memory_bytes))
    look, data, out = looker(media_type), sys.stdin.buffer.read(), sys.stdout.buffer
    close_doors()
    out.write(b"ready\n")
    out.flush()
    report: dict[str, object]
    blobs: list[bytes] = []
    try:
        seen = look(data)
        blobs = [*([seen.clean] if seen.clean else []), *seen.previews]
        report = {"pages": seen.pages, "clean": seen.clean is not None}
    except Refused as refused:
        report = {"problem": refused.code, "values": refused.values}
    out.write(json.dumps(report | {"blobs": [len(blob) for blob in blobs]}).encode() + b"\n")
    out.writelines(blobs)
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
