"""A whole document: its blocks, its foot, what it carries for machines, and what it says of itself.

Wrong documents are refused here, before anything is made.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.pdf.blocks import Block, Columns, Heading, Panel

_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")

_MEDIA_TYPE = re.compile(r"[-\w+.]+/[-\w+.]+", re.ASCII)


class Frame(StrEnum):
    """The border of every page."""

    NONE = "none"
    DOUBLE_RULE = "double rule"


class Relationship(StrEnum):
    """What an attached file is to the document (AFRelationship, ISO 19005-3, Annex E)."""

    SOURCE = "Source"
    DATA = "Data"
    ALTERNATIVE = "Alternative"
    SUPPLEMENT = "Supplement"
    UNSPECIFIED = "Unspecified"


@dataclass(frozen=True)
class Footer:
    """What stands at the foot of every page: a text at the left and, at the right, the page in `page`'s words.

    `page` is a format with `{page}` and `{pages}`, for example "หน้า {page} / {pages}".
    """

    text: str
    page: str = "{page} / {pages}"


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the document, for machines."""

    name: str
    data: bytes
    mime: str
    relationship: Relationship
    description: str

    def __post_init__(self) -> None:
        """Refuse what is no media type (ISO 19005-3, 6.8)."""
        if not _MEDIA_TYPE.fullmatch(self.mime):
            message = f"{self.mime!r} is no media type"
            raise ValueError(message)


@dataclass(frozen=True)
class Property:
    """One property of a metadata schema: its value, and what it means (PDF/A wants that said in the file)."""

    name: str
    value: str
    description: str


@dataclass(frozen=True)
class Schema:
    """A metadata schema beyond the standard ones, declared in the file as PDF/A asks (ISO 19005-3, 6.6.2.3)."""

    title: str
    namespace: str
    prefix: str
    properties: Sequence[Property]


@dataclass(frozen=True)
class SignatureField:
    """An empty, invisible signature field for the signer to fill; `description` is read aloud."""

    description: str
    name: str = "Signature1"


@dataclass(frozen=True)
class Document:
    """A whole document. `id` is its UUID: it names the file for ever and makes the same input give the same bytes."""

    id: str
    title: str
    language: str
    blocks: Sequence[Block]
    subject: str = ""
    author: str = ""
    attachments: Sequence[Attachment] = ()
    schemas: Sequence[Schema] = ()
    frame: Frame = Frame.NONE
    footer: Footer | None = None
    signature: SignatureField | None = None
    across: str = ""
    """Large pale words over every page, such as that it is a draft: decoration, what they say stands elsewhere too."""

    def __post_init__(self) -> None:
        """Refuse what PDF/UA or PDF/A would: no title, headings that skip a level, attachments named alike."""
        if not self.title.strip() or not _LANGUAGE.fullmatch(self.language):
            message = f"a document needs a title and a language (BCP 47), not {self.title!r} and {self.language!r}"
            raise ValueError(message)
        level = 0
        for heading in _headings(self.blocks):
            if not 1 <= heading.level <= level + 1:
                message = f"heading {heading.text!r} of level {heading.level} follows one of level {level}"
                raise ValueError(message)
            level = heading.level
        names = [attachment.name for attachment in self.attachments]
        if len(names) != len(set(names)):
            message = f"attachments named alike: {names}"
            raise ValueError(message)


def _headings(blocks: Sequence[Block]) -> list[Heading]:
    found: list[Heading] = []
    for block in blocks:
        match block:
            case Heading():
                found.append(block)
            case Columns():
                for part in block.parts:
                    found += _headings(part)
            case Panel():
                found += _headings(block.blocks)
    return found
