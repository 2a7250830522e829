"""Static files on their shelf: those of words leave compressed, once made for each process."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from typing_extensions import override

from app.core.compressing import SMALLEST, gzipped, takes_gzip

TEXT = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@lru_cache(maxsize=256)
def _smallest(path: Path, _changed: float) -> bytes:
    return gzipped(path.read_bytes(), SMALLEST, padding=0)


class Shelf(StaticFiles):
    """Static files; those of words compressed, once for each process."""

    @override
    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200) -> Response:
        path = Path(full_path)
        plain = super().file_response(full_path, stat_result, scope, status_code)
        if path.suffix not in TEXT:
            return plain
        plain.headers["Vary"] = "Accept-Encoding"
        if plain.status_code != status_code or not takes_gzip(Headers(scope=scope).get("accept-encoding", "")):
            return plain
        known = {"ETag": f"W/{plain.headers['etag']}", "Last-Modified": plain.headers["last-modified"]}
        headers = {**known, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(_smallest(path, stat_result.st_mtime), status_code, headers, TEXT[path.suffix])
