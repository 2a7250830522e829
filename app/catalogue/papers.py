"""Papers that the portal prepares: which answers they quote, in which words, and who signs them.

Pure. A paper belongs to a document that a service asks for. It quotes answers in its sentences and in a list, may leave
room to draw, and names the roles that sign. What it says in Thai is the paper; the English is there to be understood.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from app.catalogue.conditions import Answers, Condition, facts, holds
from app.catalogue.kinds import Question
from app.catalogue.texts import Data, Key, Text, Words, placeholders

MOST_SIGNERS: Final = 10
"""How many people may sign in one role."""


class Sentence(Data):
    """A paragraph that may quote answers by {question}; with a condition, only when that holds."""

    th: Words
    en: Words
    when: Condition | None = None

    @property
    def words(self) -> Text:
        """What it says."""
        return Text(th=self.th, en=self.en)


class Drawing(Data):
    """Room to draw by hand: what belongs there, and how high it is (points)."""

    title: Text
    height: Annotated[int, Field(ge=80, le=640)]


class Role(Data):
    """Who signs in one capacity: how many, and the question that names the person, when there is one."""

    key: Key
    title: Text
    least: Annotated[int, Field(ge=1, le=MOST_SIGNERS)] = 1
    most: Annotated[int, Field(ge=1, le=MOST_SIGNERS)] = 1
    named_by: Key | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError("least is at most as many as most")
        if self.named_by and self.most > 1:
            raise ValueError("one answer names one person: named_by belongs to a role of one")
        return self


class Prepared(Data):
    """A paper that the portal fills in for a document. `signing`: by hand only, or online as well."""

    title: Text
    paragraphs: tuple[Sentence, ...] = ()
    quotes: tuple[Key, ...] = ()
    """Answers listed with their names, where every service that gets the paper asks them."""
    drawings: tuple[Drawing, ...] = ()
    roles: tuple[Role, ...] = ()
    witnesses: Annotated[int, Field(ge=0, le=2)] = 0
    """Lines for witnesses on the printed paper; who signs online is known without one."""
    signing: Literal["online", "hand"] = "online"
    note: Text | None = None
    """What must be done with it besides, such as a stamp duty."""
    confirm: bool = False
    """The wording is from memory and must be checked with the agency before launch."""

    @model_validator(mode="after")
    def _somebody_signs(self) -> Self:
        if self.signing == "online" and not self.roles:
            raise ValueError("a paper that is signed online names who signs it (roles), else signing is hand")
        if self.signing == "online" and self.drawings:
            raise ValueError("what is drawn by hand is signed by hand: signing is hand")
        if len({role.key for role in self.roles}) != len(self.roles):
            raise ValueError("a role stands twice")
        return self

    @property
    def named(self) -> frozenset[str]:
        """The questions that its sentences quote, decide by, or name signers by: every service with it asks them."""
        words = {key for one in self.paragraphs for key in (*placeholders(one.th), *placeholders(one.en))}
        decide = {key for one in self.paragraphs for fact in facts(one.when) for key in fact.questions}
        return frozenset(words | decide | {role.named_by for role in self.roles if role.named_by})


@dataclass(frozen=True)
class Quoted:
    """One answer that the paper quotes: its question, its name and how it reads."""

    key: str
    label: Text
    text: Text


@dataclass(frozen=True)
class Filled:
    """A paper with these answers in it. `lacking`: what it quotes and nobody has answered."""

    prepared: Prepared
    document: str
    paragraphs: tuple[Text, ...]
    listed: tuple[Quoted, ...]
    quoted: tuple[Quoted, ...]
    lacking: tuple[Question, ...]

    def body(self) -> dict[str, Any]:
        """What is hashed and signed: the Thai words, and each answer that went into them."""
        return {
            "document": self.document,
            "title": self.prepared.title.th,
            "paragraphs": [one.th for one in self.paragraphs],
            "listed": [one.key for one in self.listed],
            "quoted": [{"key": one.key, "label": one.label.th, "text": one.text.th} for one in self.quoted],
            "roles": [{"key": role.key, "title": role.title.th} for role in self.prepared.roles],
        }


def fill(
    prepared: Prepared, document: str, asked: Mapping[str, Question], shared: Mapping[str, Question], said: Answers
) -> Filled:
    """The paper of a form: `asked` are the form's questions, `shared` those that every service with the paper asks.

    `said` are the answers that count. An unanswered question leaves a gap in the words and is named in `lacking`.
    """
    spoken = [one for one in prepared.paragraphs if holds(one.when, said)]
    inside = {key for one in spoken for key in placeholders(one.th)}
    inside |= {role.named_by for role in prepared.roles if role.named_by}
    listed = [key for key in prepared.quotes if key in shared and key in said]
    lacking = [question for key, question in asked.items() if key in inside and said.get(key) is None]
    words = {key: _shown(asked[key], said) for key in (*inside, *listed) if key in asked and said.get(key) is not None}
    gap = Text.model_construct(th="……………………", en="……………………")
    quoted = {key: Quoted(key, asked[key].name, words[key]) for key in asked if key in words}
    return Filled(
        prepared=prepared,
        document=document,
        paragraphs=tuple(one.words.filled(**{key: words.get(key, gap) for key in inside}) for one in spoken),
        listed=tuple(quoted[key] for key in listed),
        quoted=tuple(quoted.values()),
        lacking=tuple(lacking),
    )


def _shown(question: Question, said: Answers) -> Text:
    return Text.model_construct(th=question.show(said[question.key], "th"), en=question.show(said[question.key], "en"))


def changed(before: Mapping[str, Any], now: Filled) -> tuple[Text, ...]:
    """The names of the answers that read differently than in the body of an earlier paper, in reading order.

    A body whose time was over says nothing any more.
    """
    quoted = before.get("quoted", ())
    then = {one["key"]: one["text"] for one in quoted}
    today = {one.key: one.text.th for one in now.quoted}
    gone = [Text.model_construct(th=one["label"], en=one["label"]) for one in quoted if one["key"] not in today]
    return (*(one.label for one in now.quoted if then.get(one.key) != one.text.th), *gone)
