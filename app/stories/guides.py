"""The guide of a service: what can be played, how large and how long it is, and what it says; and the films we draw.

A film of slides is drawn once for each language from the words of the manual as they are now, and lies in
DATA_DIR/guides under the fingerprint of those words: other words, another film.
"""

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

from PIL import Image, ImageDraw

from app.catalogue import guide_slides
from app.catalogue.guide_slides import Slide
from app.catalogue.guides import FOLDER, Recorded, Slides
from app.catalogue.schema import Catalogue, Service
from app.core import webm
from app.core.errors import NotFound
from app.core.thai import clean
from app.core.webm import Still
from app.pdf import documents, pictures
from app.pdf.blocks import Block, Heading, Items, Paragraph, Spacer, Tone
from app.pdf.whole import Document
from app.settings import Settings

SIZE = (1280, 720)
DRAWN = 1
"""Goes up with every change of how slides look: all films are then drawn anew."""
_GREEN, _PALE = (0, 104, 71), (220, 232, 226)
_QUALITY = 82
LANGUAGES: Final = ("th", "en")
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""What stands in a drawing as its time: the same words give the same bytes."""
_SHOWN: WeakKeyDictionary[Catalogue, dict[str, tuple[Slide, ...]]] = WeakKeyDictionary()


class Shows(Protocol):
    """What a guide needs of the house: every page has it, with or without a database."""

    @property
    def catalogue(self) -> Catalogue:
        """Whose services have guides."""

    @property
    def settings(self) -> Settings:
        """Where films and recordings lie."""


@dataclass(frozen=True)
class Playable:
    """A guide as a page offers it, in one language. `size` 0: the film is not drawn (yet), only its words are there."""

    sound: bool
    """Whether there is anything to hear; slides are silent."""
    media_type: str
    seconds: int
    size: int
    poster: bool
    transcript: tuple[tuple[str, tuple[str, ...]], ...]
    """Headings ("" for none) and what is said under each."""


def of(house: Shows, slug: str, lang: str) -> Playable | None:
    """The guide of a service for a page in this language; None when it has none."""
    guide = house.catalogue.guides.get(slug)
    if guide is None:
        return None
    if isinstance(guide, Recorded):
        said = tuple(line for line in guide.transcript.to(lang).splitlines() if line.strip())
        file = _recordings(house) / guide.file
        return Playable(
            sound=True,
            media_type=guide.media_type,
            seconds=guide.duration,
            size=file.stat().st_size if file.is_file() else 0,
            poster=bool(guide.poster),
            transcript=(("", said),),
        )
    shown = _shown(house, slug)
    film = _film(house, slug, shown, lang)
    return Playable(
        sound=False,
        media_type=webm.MEDIA_TYPE,
        seconds=guide_slides.seconds(shown),
        size=film.stat().st_size if film.exists() else 0,
        poster=film.exists(),
        transcript=tuple((slide.title.to(lang), tuple(line.to(lang) for line in slide.lines)) for slide in shown),
    )


def media(house: Shows, slug: str, lang: str) -> tuple[Path, str]:
    """The file to play and its media type. Raises NotFound."""
    guide = _guide(house, slug)
    if isinstance(guide, Recorded):
        return _there(_recordings(house) / guide.file), guide.media_type
    return _there(_film(house, slug, _shown(house, slug), lang)), webm.MEDIA_TYPE


def poster(house: Shows, slug: str, lang: str) -> Path:
    """The picture that stands there before it is played. Raises NotFound."""
    guide = _guide(house, slug)
    if isinstance(guide, Recorded):
        if guide.poster is None:
            raise NotFound
        return _there(_recordings(house) / guide.poster)
    shown = _shown(house, slug)
    return _there(_film(house, slug, shown, lang).with_suffix(".webp"))


def captions(house: Shows, slug: str, lang: str) -> str:
    """The captions in a language, as WebVTT. Raises NotFound."""
    guide = _guide(house, slug)
    if isinstance(guide, Recorded):
        name = guide.captions.en if lang == "en" else guide.captions.th
        return _there(_recordings(house) / name).read_text(encoding="utf-8")
    return guide_slides.captions(_shown(house, slug), lang)


def _shown(house: Shows, slug: str) -> tuple[Slide, ...]:
    """The slides of a service: worked out once for a catalogue."""
    known = _SHOWN.setdefault(house.catalogue, {})
    if slug not in known:
        known[slug] = guide_slides.slides(house.catalogue.services[slug])
    return known[slug]


def _guide(house: Shows, slug: str) -> Recorded | Slides:
    guide = house.catalogue.guides.get(slug)
    if guide is None:
        raise NotFound
    return guide


def _there(path: Path) -> Path:
    if not path.is_file():
        raise NotFound
    return path


def _recordings(house: Shows) -> Path:
    return house.settings.catalogue_dir / FOLDER


def _film(house: Shows, slug: str, shown: Sequence[Slide], lang: str) -> Path:
    said = "\f".join((str(DRAWN), lang, *(slide.says(lang) for slide in shown)))
    return house.settings.data_dir / FOLDER / f"{slug}-{lang}-{sha256(said.encode()).hexdigest()[:16]}.webm"


def draw(house: Shows) -> list[Path]:
    """Draw every film that is not there; what was drawn. Safe to run twice at once: each file appears whole."""
    made = []
    for slug, guide in house.catalogue.guides.items():
        if not isinstance(guide, Slides):
            continue
        service = house.catalogue.services[slug]
        shown = _shown(house, slug)
        for lang in LANGUAGES:
            film = _film(house, slug, shown, lang)
            if not film.exists():
                _drawn(service, shown, lang, film)
                made.append(film)
    return made


def _drawn(service: Service, shown: Sequence[Slide], lang: str, film: Path) -> None:
    film.parent.mkdir(parents=True, exist_ok=True)
    looks = [_picture(service, slide, lang, n, len(shown)) for n, slide in enumerate(shown, 1)]
    stills = [Still(_webp(look), slide.stands) for look, slide in zip(looks, shown, strict=True)]
    first = looks[0].resize((SIZE[0] // 2, SIZE[1] // 2), Image.Resampling.LANCZOS)
    _whole(film.with_suffix(".webp"), _webp(first))
    _whole(film, webm.film(stills, *SIZE))


def _whole(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)


def _webp(look: Image.Image) -> bytes:
    target = io.BytesIO()
    look.save(target, "WEBP", quality=_QUALITY, method=4)
    return target.getvalue()


def _picture(service: Service, slide: Slide, lang: str, number: int, of_all: int) -> Image.Image:
    """One slide: set by the engine that sets our documents, which knows how Thai is written; then cut to 16:9."""
    blocks: list[Block] = [
        Paragraph(service.short_name.to(lang), size=13, tone=Tone.SOFT),
        Heading(slide.title.to(lang), 1, size=26 if number > 1 else 24),
        Spacer(10),
    ]
    lines = [clean(line.to(lang)) for line in slide.lines]
    if len(lines) == 1:
        blocks.append(Paragraph(lines[0], size=19))
    else:
        blocks.append(Items(lines, ["•"] * len(lines), size=17))
    says = Document(id=str(UUID(int=number)), title=slide.title.to(lang), language="th-TH", blocks=blocks)
    drawn = pictures.page(documents.render(says, _BEGAN), 1, dpi=SIZE[0] / pictures.A4_INCHES)
    if drawn is None:
        raise ValueError(slide.title.th)
    look = Image.open(io.BytesIO(drawn)).convert("RGB").resize((SIZE[0], round(SIZE[0] * 2**0.5))).crop((0, 0, *SIZE))
    pen = ImageDraw.Draw(look)
    pen.rectangle((0, 0, SIZE[0], 16), fill=_GREEN)
    pen.rectangle((0, SIZE[1] - 16, SIZE[0], SIZE[1]), fill=_PALE)
    pen.rectangle((0, SIZE[1] - 16, SIZE[0] * number // of_all, SIZE[1]), fill=_GREEN)
    return look
