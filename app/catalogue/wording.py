"""What a licence says, drawn from the service's data and the answers: rows, statement, conditions in one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.catalogue.answers import for_service
from app.catalogue.conditions import Answers
from app.catalogue.kinds import ChoiceQuestion, MultiChoiceQuestion, Question
from app.catalogue.manual import LicenceWording
from app.catalogue.schema import Service
from app.catalogue.texts import Text, placeholders


@dataclass(frozen=True)
class Row:
    """One fact of a licence: its label, its value, and the name of its element in the XML."""

    label: str
    value: str
    xml: str


@dataclass(frozen=True)
class Wording:
    """Everything a licence document says, ready to be laid out."""

    title: str
    subtitle: str
    rows: tuple[Row, ...]
    statement: tuple[str, ...]
    conditions: tuple[str, ...]
    xml_root: str


def shown_answers(service: Service, answers: Answers, lang: str) -> dict[str, str]:
    """The service's visible answers as a person reads them, by key, in reading order."""
    seen = for_service(service, answers)
    return {q.key: q.show(seen[q.key], lang) for q in service.questions if q.key in seen}


def licence_wording(service: Service, answers: Answers, issuing: Mapping[str, str], lang: str) -> Wording:
    """The words of the licence in `lang`. `issuing` holds number, dates, agency … (`manual.ISSUING_WORDS`).

    A row whose answer was not asked or not given is left out; a statement paragraph never lacks one (checked at load).
    Raises ValueError for a service that ends without a document, KeyError when an issuing word is missing.
    """
    words = {q.key: "" for q in service.questions} | dict(issuing) | shown_answers(service, answers, lang)
    return _worded(service, words, lang)


def specimen_wording(service: Service, issuing: Mapping[str, str], lang: str) -> Wording:
    """The same with the examples of the questions where answers will be: what an editor of the service looks at."""
    return _worded(service, {q.key: _example(q, lang) for q in service.questions} | dict(issuing), lang)


def _example(question: Question, lang: str) -> str:
    if isinstance(question, ChoiceQuestion | MultiChoiceQuestion):
        return question.choices[0].label.to(lang)
    return question.example.to(lang) if question.example else "…"


def _worded(service: Service, words: Mapping[str, str], lang: str) -> Wording:
    block = service.licence
    if block is None:
        raise ValueError(f"{service.slug} ends in {service.result}, not in a document")

    def say(text: Text | str) -> str:
        return (text if isinstance(text, str) else text.to(lang)).format_map(words)

    return Wording(
        title=say(block.title),
        subtitle=say(block.subtitle) if block.subtitle else "",
        rows=tuple(
            Row(row.label.to(lang), say(row.value).strip(), row.xml)
            for row in block.facts
            if all(words[name] for name in placeholders(row.value))
        ),
        statement=tuple(say(paragraph) for paragraph in block.statement),
        conditions=tuple(say(condition) for condition in block.conditions),
        xml_root=block.xml_root,
    )


def words_used(block: LicenceWording) -> set[str]:
    """Every placeholder of a licence, in either language."""
    texts = [block.title, *block.statement, *block.conditions, *filter(None, [block.subtitle])]
    both = [part for text in texts for part in (text.th, text.en)] + [row.value for row in block.facts]
    return {name for text in both for name in placeholders(text)}
