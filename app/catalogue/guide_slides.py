"""A manual as slides: what each shows, what is read with it, and for how long it stands. Pure.

One source for everything: the picture, the captions and the transcript say the same words, which are the manual's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from app.catalogue.schema import DocumentUse, Service
from app.catalogue.texts import Text

LINES: Final = 4
"""As many as stand large on one slide."""
SHORTEST, LONGEST, PER_LETTER = 4_000, 12_000, 65
"""Milliseconds: how long a slide stands at least and at most, and for each letter that is read."""


@dataclass(frozen=True)
class Slide:
    """A heading and a few lines under it."""

    title: Text
    lines: tuple[Text, ...]

    @property
    def stands(self) -> int:
        """For how many milliseconds: long enough for the longer of the two languages."""
        letters = max(sum(len(said.to(lang)) for said in (self.title, *self.lines)) for lang in ("th", "en"))
        return min(max(SHORTEST, letters * PER_LETTER), LONGEST)

    def says(self, lang: str) -> str:
        """What a caption says while it stands."""
        return "\n".join(said.to(lang) for said in (self.title, *self.lines))


def slides(service: Service) -> tuple[Slide, ...]:
    """What a person wants to know before they begin, in the order of the manual."""
    steps = tuple(
        Slide(
            Text(th=f"ขั้นที่ {n} จาก {len(service.steps)}", en=f"Step {n} of {len(service.steps)}"),
            (step.name, step.who, Text(th=f"ใช้เวลา {step.words.th}", en=f"Takes {step.words.en}")),
        )
        for n, step in enumerate(service.steps, 1)
    )
    return (
        Slide(service.name, (service.summary,)),
        *_listed(Text(th="ใครยื่นได้", en="Who can apply"), service.manual.who),
        *_listed(Text(th="เอกสาร", en="Documents"), [_named(use) for use in service.documents] or [NO_DOCUMENT]),
        *steps,
        Slide(
            Text(th="รวมแล้ว", en="In all"),
            (
                Text(th=f"ไม่เกิน {service.duration.words.th}", en=f"At most {service.duration.words.en}"),
                Text(th=f"คุณได้รับ{service.result_name.th}", en=f"You receive: {service.result_name.en}"),
            ),
        ),
    )


NO_DOCUMENT: Final = Text(th="ไม่ต้องใช้เอกสาร", en="No document is needed")


def _named(use: DocumentUse) -> Text:
    """A document, and what a person is glad to know of it: that it is fetched, or not always needed."""
    name = use.document.name
    if use.document.waived_by is not None:
        return Text(th=f"{name.th} (เราดึงให้)", en=f"{name.en} (we fetch it)")
    if use.when is not None:
        return Text(th=f"{name.th} (เฉพาะบางกรณี)", en=f"{name.en} (in some cases)")
    return name


def _listed(title: Text, lines: Sequence[Text]) -> Iterator[Slide]:
    for begins in range(0, len(lines), LINES):
        yield Slide(title, tuple(lines[begins : begins + LINES]))


def seconds(shown: Sequence[Slide]) -> int:
    """How long all of them take, rounded up."""
    return -(-sum(slide.stands for slide in shown) // 1000)


def captions(shown: Sequence[Slide], lang: str) -> str:
    """The captions as WebVTT: one for each slide, in time with the film."""
    ends = list(accumulate(slide.stands for slide in shown))
    begins = [0, *ends]
    cues = (
        f"{_at(start)} --> {_at(end)}\n{slide.says(lang)}\n"
        for slide, start, end in zip(shown, begins, ends, strict=False)
    )
    return "\n".join(("WEBVTT\n", *cues))


def _at(milliseconds: int) -> str:
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
