"""What of a form counts under its answers, how a page of it is read, and what is still missing.

Pure. Answers map a question key to its stored value; what is unanswered is absent (or None). A question whose condition
does not hold is hidden: whatever was once said under it decides nothing and leaves the form for nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

from pydantic import JsonValue

from app.catalogue.asking import Fields, Reading
from app.catalogue.conditions import Answers, facts, holds
from app.catalogue.kinds import Question
from app.catalogue.manual import Limit
from app.catalogue.merging import Form
from app.catalogue.needed import documents_needed
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Service, Topic
from app.catalogue.seeing import answered, seen, value_of, walk
from app.catalogue.texts import Text

DOCUMENTS: Final = "documents"
"""The topic under which missing documents are listed."""


def visible(form: Form, answers: Answers, topic: str | None = None) -> list[Question]:
    """The questions that count now, in reading order, with those the portal answers; of one topic when it is given."""
    shown, _ = seen(form.questions.values(), answers)
    return [question for question in shown if topic is None or form.topic_of[question.key] == topic]


def visible_topics(form: Form, answers: Answers) -> list[Topic]:
    """The topics that have a question to ask now, each with its visible questions only (and what is computed there)."""
    pages: dict[str, list[Question]] = {topic.key: [] for topic in form.topics}
    for question in visible(form, answers):
        if question.given is None:
            pages[form.topic_of[question.key]].append(question)
    return [
        topic.model_copy(update={"questions": tuple(pages[topic.key])})
        for topic in form.topics
        if any(question.asked for question in pages[topic.key])
    ]


def visible_answers(questions: Iterable[Question], answers: Answers) -> dict[str, JsonValue]:
    """The answers that count: to visible questions, in reading order."""
    return seen(questions, answers)[1]


def asked_by(service: Service, answers: Answers) -> list[Question]:
    """What the service asks a person under these answers, in reading order."""
    return [question for question in seen(service.questions, answers)[0] if question.asked]


def for_service(service: Service, answers: Answers) -> dict[str, JsonValue]:
    """What this service may read: the visible answers to its own questions (PDPA s.22, field by field)."""
    return visible_answers(service.questions, answers)


def read(question: Question, fields: Fields) -> Reading:
    """Make an answer of the form fields of one question."""
    return question.read(fields)


def read_topic(
    form: Form, topic: str, fields: Fields, answers: Answers, fixed: Collection[str] = ()
) -> dict[str, Reading]:
    """Read one page: every question of the topic that is visible once the page's own answers count.

    `fixed` are questions shown read-only (fetched values): they are not read, their stored answers stand. A reading
    that breaks a service's limit, with no other service to take its place, gets the limit's message and no value.
    """
    current = dict(answers)
    readings: dict[str, Reading] = {}
    said: dict[str, JsonValue] = {}
    for question in _as_far_as(form, topic):
        if not holds(question.when, said):
            continue
        if form.topic_of[question.key] == topic and question.asked and question.key not in fixed:
            readings[question.key] = question.read(fields)
            current[question.key] = readings[question.key].value
        value = value_of(question, current, said)
        if answered(value):
            said[question.key] = value
    for limit in _broken_limits(form, said):
        if limit.at in readings and readings[limit.at].value is not None:
            readings[limit.at] = replace(readings[limit.at], value=None, problem=limit.message)
    return readings


def _as_far_as(form: Form, topic: str) -> Iterable[Question]:
    """The questions that decide what a page asks: those up to its end, and all of them when it may break a limit."""
    page = form.topic(topic)
    if page is None:
        return
    everything = any(form.topic_of.get(limit.at) == topic for service in form.services for limit in service.limits)
    last = page.questions[-1].key
    for key, question in form.questions.items():
        yield question
        if key == last and not everything:
            return


def topic_after(form: Form, topic: str, answers: Answers) -> str:
    """The page that follows under these answers; "" after the last, and when this one has nothing to ask."""
    here = False
    for question in walk(form.questions.values(), answers, {}):
        of = form.topic_of[question.key]
        if question.asked:
            if here and of != topic:
                return of
            here = here or of == topic
    return ""


def sees(form: Form, key: str, answers: Answers) -> Question | None:
    """The question if it counts under these answers, else None."""
    return next((one for one in walk(form.questions.values(), answers, {}) if one.key == key), None)


def broken(limit: Limit, said: Answers) -> bool:
    """Whether everything the limit looks at is answered, and its condition does not hold."""
    return all(key in said for fact in facts(limit.must) for key in fact.questions) and not holds(limit.must, said)


def _broken_limits(form: Form, said: Answers) -> list[Limit]:
    """The limits that stop this form: broken, and no other service fits instead."""
    return [
        limit
        for service in form.services
        for limit in service.limits
        if broken(limit, said) and not _fits(form.instead.get(limit.instead or ""), said)
    ]


def _fits(service: Service | None, said: Answers) -> bool:
    return service is not None and not any(broken(limit, said) for limit in service.limits)


def show(question: Question, value: JsonValue, lang: str) -> str:
    """The value as a person reads it; empty when there is none."""
    return question.show(value, lang)


@dataclass(frozen=True)
class Missing:
    """One thing to do before the form can be sent: which question or document, on which page, and what to do."""

    kind: Literal["answer", "limit", "document"]
    key: str
    topic: str
    message: Text
    services: tuple[str, ...]


_ADD_FILE: Final = Text(th="เพิ่มไฟล์{name}", en="Add the file: {name}")


def missing(
    form: Form,
    answers: Answers,
    held_documents: Collection[str],
    unfetched: Collection[str] = (),
    typed: Collection[str] = (),
    wrong: Mapping[str, Text] = MappingProxyType({}),
) -> list[Missing]:
    """Everything that stands in the way of sending, in reading order; empty when the form is complete.

    `wrong`: what the pages said of answers that do not fit; these are in the way although no value is there.
    """
    shown, said = seen(form.questions.values(), answers)
    problems = {
        q.key: problem for q in shown if q.asked or q.given if (problem := _problem(q, answers.get(q.key), wrong))
    }
    limits = {limit.at: limit.message for limit in _broken_limits(form, said) if limit.at not in problems}
    found = [
        Missing("limit" if key in limits else "answer", key, form.topic_of[key], message, form.used_by[key])
        for key in form.questions
        if (message := problems.get(key) or limits.get(key))
    ]
    return found + [
        Missing("document", asked.key, DOCUMENTS, _ADD_FILE.filled(name=asked.name), asked.services)
        for asked in documents_needed(form, answers, unfetched, typed)
        if asked.key not in held_documents
    ]


def _problem(question: Question, value: JsonValue, wrong: Mapping[str, Text]) -> Text | None:
    if not answered(value):
        return wrong.get(question.key) or (None if _may_be_empty(question) else question.nothing_said())
    reading = question.review(value)
    if reading.value is not None:
        return None
    return reading.problem or question.nothing_said()


def _may_be_empty(question: Question) -> bool:
    return question.optional or (isinstance(question, GroupQuestion) and not question.lowest)
