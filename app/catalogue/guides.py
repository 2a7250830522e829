"""Guides: a film or a recording that shows how a service goes, with captions and everything it says to read.

A service names its own (`guide`); like `life` and `quiz` it is no part of a published version, for it helps and rules
nothing. Either an agency recorded it, and the files lie in `guides/` beside the catalogue, or the portal draws it: the
words of the manual as slides, so that no guide ever says anything else than the manual.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from app.catalogue.sheets import Sheet
from app.catalogue.texts import Data, Text

FOLDER: Final = "guides"
LARGEST: Final = 200 * 1024 * 1024
"""Bytes of a recording: what a phone plays over a mobile network without costing a month's data."""
TYPES: Final[Mapping[str, tuple[str, bytes, int]]] = {
    ".webm": ("video/webm", b"\x1a\x45\xdf\xa3", 0),
    ".mp4": ("video/mp4", b"ftyp", 4),
    ".m4a": ("audio/mp4", b"ftyp", 4),
    ".ogg": ("audio/ogg", b"OggS", 0),
    ".mp3": ("audio/mpeg", b"", 0),
}
"""By the end of a file's name: its media type, and what stands in it at which place."""

File: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
"""The name of a file in `guides/`."""


class Captions(Data):
    """WebVTT, in both languages."""

    th: File
    en: File


class Slides(Data):
    """Drawn by the portal from the manual: its captions and what it says to read come from the same words."""

    kind: Literal["slides"]


class Recorded(Data):
    """Recorded by the agency. `duration` in seconds; the size is told from the file itself."""

    kind: Literal["video", "audio"]
    file: File
    poster: File | None = None
    duration: Annotated[int, Field(ge=1, le=3600)]
    captions: Captions
    transcript: Text
    """Everything that is said and shown, to read instead."""

    @model_validator(mode="after")
    def _plays(self) -> Self:
        if Path(self.file).suffix not in TYPES:
            raise ValueError(f"a guide is one of {', '.join(TYPES)}, not {self.file}")
        return self

    @property
    def media_type(self) -> str:
        """As it is served."""
        return TYPES[Path(self.file).suffix][0]


Guide: TypeAlias = Annotated[Slides | Recorded, Field(discriminator="kind")]


def of(root: Path, named: Mapping[str, tuple["Slides | Recorded | None", Sheet]]) -> Mapping[str, Slides | Recorded]:
    """The guide of each service that has one; files that are not there or not what they seem are blamed."""
    found = {slug: guide for slug, (guide, _) in named.items() if guide is not None}
    for slug, guide in found.items():
        if isinstance(guide, Recorded):
            for field, said in _faults(root / FOLDER, guide):
                named[slug][1].blame(("guide", *field), said)
    return found


def _faults(folder: Path, guide: Recorded) -> Iterator[tuple[tuple[str, ...], str]]:
    wanted = ("file", guide.file), ("poster", guide.poster), ("th", guide.captions.th), ("en", guide.captions.en)
    for field, name in wanted:
        where = ("captions", field) if field in {"th", "en"} else (field,)
        if name is None:
            continue
        if not (folder / name).is_file():
            yield where, f"there is no file {FOLDER}/{name}"
        elif field in {"th", "en"} and not _captions(folder / name):
            yield (
                where,
                f"{FOLDER}/{name} is no WebVTT: WEBVTT, then times like 00:01.000 --> 00:04.000 and words",
            )
        elif field == "file" and (said := _unplayable(folder / name)):
            yield where, said


def _captions(path: Path) -> bool:
    words = path.read_bytes().decode("utf-8", "replace")
    return words.removeprefix("\ufeff").startswith("WEBVTT") and "-->" in words


def _unplayable(path: Path) -> str:
    _, mark, at = TYPES[path.suffix]
    with path.open("rb") as opened:
        head = opened.read(16)
    if not head[at:].startswith(mark):
        return f"{FOLDER}/{path.name} is not what its name says: no {path.suffix.removeprefix('.')} begins like that"
    if path.stat().st_size > LARGEST:
        return f"{FOLDER}/{path.name} is larger than {LARGEST // 1024 // 1024} MB"
    return ""
