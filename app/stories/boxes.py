"""Boxes of a page, each sent beside what it held when the page was drawn: what somebody else changed stays theirs.

Pure. A box the person left alone keeps what another screen wrote meanwhile; a box that both changed is asked about.
"""

from collections.abc import Iterable, Mapping, Sequence

Typed = Mapping[str, Sequence[str]]
WAS = "was."
"""Before the name of a box: what it held when its page was drawn."""


def merged(before: Mapping[str, str], names: Iterable[str], sent: Typed) -> tuple[dict[str, str], dict[str, str]]:
    """What all boxes hold once those of `names` that were sent are kept, and what was typed into the disputed ones."""
    after, clashes = dict(before), {}
    for name in names:
        if not was_sent(name, sent):
            continue
        said, theirs = plain(" ".join(sent.get(name, ()))), plain(before.get(name, ""))
        was = plain(sent[WAS + name][0]) if WAS + name in sent else theirs
        if said not in (was, theirs) and theirs != was:
            clashes[name] = said
        elif said != was:
            after[name] = said
    return after, clashes


def was_sent(name: str, sent: Typed) -> bool:
    """Whether a page had this box; one that was left empty (a box to tick) sends only what it held."""
    return name in sent or WAS + name in sent


def plain(text: str) -> str:
    """Typed text with the line ends we keep."""
    return text.replace("\r\n", "\n")
