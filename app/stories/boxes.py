"""Boxes of a page, each sent beside what it held when the page was drawn: what somebody else changed stays theirs.

Pure. A question the person left alone keeps what another screen wrote meanwhile; one that both changed is asked about.
"""

from collections.abc import Iterable, Mapping, Sequence

Typed = Mapping[str, Sequence[str]]
WAS = "was."
"""Before the name of a box: what it held when its page was drawn."""


def merged(
    before: Mapping[str, str], questions: Iterable[Sequence[str]], sent: Typed
) -> tuple[dict[str, str], dict[str, str]]:
    """What all boxes hold once what was sent is kept, and what was typed into the disputed ones.

    The boxes of one question stand or fall together: a day from here and a month from there is a date nobody meant.
    """
    after, clashes = dict(before), dict[str, str]()
    for boxes in questions:
        names = [name for name in boxes if was_sent(name, sent)]
        said = {name: plain(" ".join(sent.get(name, ()))) for name in names}
        theirs = {name: plain(before.get(name, "")) for name in names}
        was = {name: plain(sent[WAS + name][0]) if WAS + name in sent else theirs[name] for name in names}
        if said in (was, theirs):
            continue
        if theirs != was:
            clashes |= {name: text for name, text in said.items() if text != theirs[name]}
        else:
            after |= said
    return after, clashes


def was_sent(name: str, sent: Typed) -> bool:
    """Whether a page had this box; one that was left empty (a box to tick) sends only what it held."""
    return name in sent or WAS + name in sent


def plain(text: str) -> str:
    """Typed text with the line ends we keep."""
    return text.replace("\r\n", "\n")
