"""`python -m app.pdf.judging`, as `examining` starts it: the validator of signatures, for a caged process.

The file comes after one line of JSON: the roots to trust (PEM) and the moment to judge at (ISO 8601). The report is the
`Examination`.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from importlib import import_module

from app.core.caged import Report, serve
from app.pdf import validating


def judge() -> Callable[[bytes], Report]:
    """A look at one file. Its event loop needs descriptors, so it is opened while there are any."""
    loop = asyncio.new_event_loop()

    def judged(data: bytes) -> Report:
        told, _, pdf = data.partition(b"\n")
        order = json.loads(told)
        roots, now = [root.encode() for root in order["roots"]], datetime.fromisoformat(order["now"])
        found = loop.run_until_complete(validating.look(pdf, roots, now=now))
        return json.loads(json.dumps(asdict(found), default=str)), ()

    return judged


if __name__ == "__main__":
    # pyHanko loads these when it first meets a file that needs them; by then this process can open nothing.
    for late in ("pyhanko.pdf_utils.filters", "pyhanko.pdf_utils.metadata.xmp_xml", "lxml.etree", "gzip"):
        import_module(late)
    serve({"application/pdf": judge})
