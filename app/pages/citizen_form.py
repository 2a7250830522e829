"""The single form, page by page: notice, task list, one topic a page. Every POST keeps what was typed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.form_models import FormState, Prefill, SingleForm
from app.applications.forms import Held
from app.applications.links import Link
from app.catalogue import choosing, courtesy
from app.catalogue.answers import DOCUMENTS
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Catalogue, Question, Service, Text, Topic
from app.core import i18n
from app.core.clock import bangkok_date
from app.core.web import Db, Fields, Now, form_token, render, see, texts
from app.pages.contexts.citizen import FetchedPanel, FormHead, SwapView, TasksPage, TopicPage, TopicTask
from app.pages.questions import field_of, problems_of
from app.pages.who import Citizen
from app.stories import apply, saving, sources, unasked
from app.stories.apply import Draft
from app.stories.house import House
from app.stories.saving import Saved

router = APIRouter()


def house_of(request: Request) -> House:
    """The rooms' shared things."""
    return request.app.state.house  # type: ignore[no-any-return]


def head(form: SingleForm, services: Sequence[Service], swaps: Sequence[SwapView] = ()) -> FormHead:
    """What every page of a form says about it."""
    return FormHead(
        id=form.id,
        reference=form.reference,
        slugs=tuple(s.slug for s in services),
        services=tuple(s.short_name for s in services),
        saved_at=form.updated_at,
        expires_on=bangkok_date(form.expires_at),
        swaps=tuple(swaps),
        corrects=form.corrects,
        renews=form.renews is not None and form.corrects is None,
    )


def head_of(request: Request, current: Draft) -> FormHead:
    """The same of a form that is being filled, with what its answers swapped."""
    catalogue = house_of(request).catalogue
    swaps = [
        SwapView(
            chosen=swap.chosen.short_name,
            became=swap.service.short_name,
            because=choosing.in_words(catalogue, choosing.when_called_for(catalogue, swap)),
            question=current.shape.questions[swap.decides].name,
            topic=current.shape.topic_of[swap.decides],
            href=f"/forms/{current.form.id}/topics/{current.shape.topic_of[swap.decides]}#{swap.decides}",
        )
        for swap in current.swaps
    ]
    names = tuple(service.short_name for service in current.outdated)
    return replace(head(current.form, current.services, swaps), outdated=names)


# — Task list ———————————————————————————————————————————————————————————————————————————————————————————————————————


@router.get("/forms/{form_id}")
def tasks(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """Everything there is to do, and how far I am."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    if current.form.state is FormState.SUBMITTED:
        return see(f"/forms/{form_id}/track")
    if current.form.acknowledged_at is None:
        return see(f"/forms/{form_id}/notice")
    left = sum(1 for one_ in current.missing if one_.topic == DOCUMENTS)
    page = TasksPage(
        form=head_of(request, current),
        prefill=current.form.prefill.value,
        topics=tuple(_task(current, topic) for topic in current.topics),
        documents="done" if not left else "doing" if current.files else "not_started",
        documents_missing=left,
        check="locked" if current.missing else "not_started",
        unasked=bool(current.form.unasked) or unasked.FILE.key in current.files,
        reused=_reused_count(current),
    )
    return render(request, "citizen/tasks.html", page)


def _reused_count(current: Draft) -> tuple[str, int] | None:
    taken = [held.reused_from for held in current.held.values() if held.reused_from]
    return (taken[0], len(taken)) if taken else None


def _task(current: Draft, topic: Topic) -> TopicTask:
    problems = sum(1 for m in current.missing if m.topic == topic.key and _typed(current.held.get(m.key)))
    left = sum(1 for m in current.missing if m.topic == topic.key)
    answered = sum(1 for q in topic.questions if q.asked and q.key in current.values)
    asked = sum(1 for q in topic.questions if q.asked)
    optional = bool(asked) and not left and not answered
    fetching = current.form.prefill is Prefill.QUEUED and any(q.prefill for q in topic.questions) and not answered
    state = (
        "fetching"
        if fetching
        else "problem"
        if problems
        else "done"
        if not left and not optional
        else "doing"
        if answered
        else "not_started"
    )
    return TopicTask(
        key=topic.key,
        title=topic.title,
        state=state,  # type: ignore[arg-type]
        answered=answered,
        asked=asked,
        optional=optional,
        problems=problems,
    )


def _typed(held: Held | None) -> bool:
    """Whether something was said that is wrong; a question that was left blank is only not answered yet."""
    return held is not None and (held.value is not None or any(text.strip() for text in (held.raw or {}).values()))


# — One topic, one page —————————————————————————————————————————————————————————————————————————————————————————————


@router.get("/forms/{form_id}/topics/{key}")
def topic(request: Request, form_id: UUID, key: str, db: Db, citizen: Citizen) -> Response:
    """One page of questions with what I answered so far."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    if current.form.state is FormState.SUBMITTED:
        return see(f"/forms/{form_id}/track")
    return render(request, "citizen/topic.html", topic_page(request, current, citizen, key, None))


@router.post("/forms/{form_id}/topics/{key}/correct")
def correct(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Fetched data is wrong: open these answers for typing; both values will be shown to the officer."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    asked = {q.key for q in current.topic(key).questions}
    saving.dispute(db, citizen, form_id, asked & set(texts(fields).get("key", asked)), now)
    return see(f"/forms/{form_id}/topics/{key}")


def topic_page(request: Request, current: Draft, citizen: Citizen, key: str, saved: Saved | None) -> TopicPage:
    """One page of questions; `saved` when it is shown again because of what was just sent."""
    page = current.topic(key)
    shown = [t.key for t in current.topics]
    everywhere = _used_alike(current, page)
    drawn, rules = _drawn(current, page)
    views = tuple(
        replace(
            view,
            used_by=() if everywhere else _users(current, question),
            shown=question in page.questions,
            because=tuple(current.shape.questions[key].name for key in view.follows if key in current.shape.questions),
            helped=_helped(house_of(request).catalogue, current.held.get(question.key)),
        )
        for question in drawn
        for view in (field_of(question, current.held.get(question.key), saved, current.values),)
    )
    asked_now = names_waiting(current, page)
    back = "?back=check" if request.query_params.get("back") == "check" else ""
    return TopicPage(
        problems=tuple(problem for view in views if saved and view.shown for problem in problems_of(view)),
        form=head_of(request, current),
        key=key,
        title=page.title,
        lead=page.lead,
        number=shown.index(key) + 1,
        total=len(shown),
        prefill="queued" if asked_now else current.form.prefill.value,
        panels=tuple(_panels(house_of(request).catalogue, current, page)),
        fields=views,
        rules=rules,
        used_by=everywhere,
        action=f"/forms/{current.form.id}/topics/{key}{back}",
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "topic"),
        reused=_reused(current, page),
    )


def _drawn(current: Draft, page: Topic) -> tuple[list[Question], str]:
    """What the page draws: its questions, those that its own answers may bring, and the rules by which they come."""
    asked = [q for q in page.questions if not _read_only(q, current.held.get(q.key))]
    everything = current.shape.topic(page.key)
    if everything is None or all(q.when is None and q.asked for q in everything.questions):
        return asked, ""
    typed = [q.key for q in asked if q.asked and not isinstance(q, GroupQuestion)]
    known = current.shape.questions
    moved = courtesy.moving(everything.questions, known, typed)
    hidden = {q.key for q in everything.questions if q not in page.questions}
    drawn = [q for q in everything.questions if q in asked or (q.key in moved and q.key in hidden)]
    boxes = {*typed, *(q.key for q in drawn if q.asked and q.key in hidden)}
    return drawn, courtesy.rules(
        everything.questions, known, moved, boxes, current.values, i18n.lang(), wrong=current.wrong
    )


def _users(current: Draft, question: Question) -> tuple[Text, ...]:
    """The services of the form that ask a question."""
    users = current.shape.used_by[question.key]
    return tuple(service.short_name for service in current.services if service.slug in users)


def _used_alike(current: Draft, page: Topic) -> tuple[Text, ...]:
    users = {_users(current, question) for question in page.questions}
    return users.pop() if len(users) == 1 else ()


def _reused(current: Draft, page: Topic) -> tuple[str, tuple[Text, ...]] | None:
    taken = [(q.name, held.reused_from) for q in page.questions if (held := current.held.get(q.key))]
    names = tuple(name for name, former in taken if former)
    return (next(former for _name, former in taken if former), names) if names else None


def names_waiting(current: Draft, page: Topic) -> bool:
    """Whether a registry is being asked now that could answer something on this page."""
    mine = {q.prefill.registry for q in page.questions if q.prefill}
    return bool(mine) and any(one.registry in mine and one.state is Link.QUEUED for one in current.records.values())


def _read_only(question: Question, held: Held | None) -> bool:
    return held is not None and held.from_registry and not (question.prefill and question.prefill.editable)


def _helped(catalogue: Catalogue, held: Held | None) -> tuple[Text | str, datetime] | None:
    """The registry whose word stands in the boxes, and when it said it."""
    if held is None or not held.from_registry:
        return None
    return sources.said_by(catalogue, held.source), held.source_at or held.at


def _panels(catalogue: Catalogue, current: Draft, page: Topic) -> list[FetchedPanel]:
    by_source: dict[str, list[tuple[Question, Held]]] = {}
    for question in page.questions:
        held = current.held.get(question.key)
        if held is not None and _read_only(question, held):
            by_source.setdefault(held.source, []).append((question, held))
    return [
        FetchedPanel(
            source=sources.said_by(catalogue, source),
            at=fetched[0][1].source_at or fetched[0][1].at,
            rows=tuple((question.name, question.show(held.value, i18n.lang())) for question, held in fetched),
            correct_href=f"/forms/{current.form.id}/topics/{page.key}/correct",
        )
        for source, fetched in by_source.items()
    ]
