"""The logical structure of a document (Document > H1, P, Table …) while it is being drawn: who holds which content."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.pdf.words import mostly_thai


@dataclass(frozen=True, slots=True)
class Content:
    """A piece of marked content: the page it is on (counted from 0) and its number there (MCID)."""

    page: int
    number: int


@dataclass(slots=True, eq=False)
class Element:
    """One element of the structure tree, in reading order.

    `scope` is a header cell's ("Row", "Column"), `span` the columns a cell covers, `box` a figure's place on its page,
    `around` the language of everything around it.
    """

    tag: str
    kids: list["Element | Content"] = field(default_factory=list)
    alt: str = ""
    language: str = ""
    scope: str = ""
    span: int = 1
    box: tuple[float, float, float, float] | None = None
    around: str = ""

    def add(self, tag: str, *, alt: str = "", language: str = "", scope: str = "", span: int = 1) -> "Element":
        """A new last child."""
        child = Element(tag, alt=alt, language=language, scope=scope, span=span, around=language or self.around)
        self.kids.append(child)
        return child

    def says(self, text: str) -> None:
        """Its text: most of it Thai where everything around is not, it is to be read aloud as Thai (PDF/UA-1, 7.2).

        The other way round nothing can be told: Latin letters may be of any language, or of none.
        """
        if self.around and not self.around.startswith("th") and not self.language and mostly_thai(text):
            self.language = "th"

    def walk(self) -> Iterator["Element"]:
        """The element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()
