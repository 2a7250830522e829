"""`python -m app.applications.inspecting`, as `inspection` starts it: the parsers of uploads, for a caged process."""

from collections.abc import Callable
from functools import partial

from app.applications.inspecting import images, leaves, pdfs
from app.applications.inspecting.findings import Refused, Seen
from app.core.caged import Report, serve


def reporting(looker: Callable[[bytes], Seen]) -> Callable[[], Callable[[bytes], Report]]:
    """A look whose findings are told as a report."""

    def told(data: bytes) -> Report:
        try:
            seen = looker(data)
        except Refused as refused:
            return {"problem": refused.code, "values": refused.values}, ()
        blobs = [*([seen.clean] if seen.clean else []), *seen.previews]
        return {"pages": seen.pages, "clean": seen.clean is not None, "codes": seen.codes}, blobs

    return lambda: told


if __name__ == "__main__":
    serve(
        {
            "application/pdf": reporting(pdfs.look),
            "image/jpeg": reporting(partial(images.look, kind="JPEG")),
            "image/png": reporting(partial(images.look, kind="PNG")),
            "application/x-leaves": reporting(leaves.look),
        }
    )
