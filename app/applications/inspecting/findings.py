"""What a look inside can end in: a file that is refused, or one that was seen whole."""

from dataclasses import dataclass, field


class Refused(Exception):
    """The file cannot be taken: a code that `inspection` turns into words, and the numbers they mention."""

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass
class Seen:
    """A file that can be taken: its pages, its re-encoded form (images only), pictures of its first pages (PNG)."""

    pages: int
    clean: bytes | None = None
    previews: list[bytes] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    """What its QR codes say."""
