"""What may be wrong between registries and those who use them: questions, documents, identifying answers."""

from collections.abc import Collection, Iterator

from app.catalogue.addresses import AddressQuestion
from app.catalogue.asking import Prefill
from app.catalogue.kinds import Question
from app.catalogue.registries import PARTY, PERSON, Registry
from app.catalogue.schema import Catalogue, Service

Blame = tuple[str, tuple[str | int, ...], str]
"""The name of the thing ("registry:dol"), the place inside it, and what is wrong."""


def mistakes(catalogue: Catalogue, known: Collection[str]) -> Iterator[Blame]:
    """Everything that registries and their users say of each other and is not so."""
    for registry in catalogue.registries.values():
        yield from ((f"registry:{registry.key}", (at,), said) for at, said in registry.mistakes())
        yield from _identified(catalogue, registry, known)
    for question in catalogue.questions.values():
        if question.prefill is not None:
            said_of = _filled(catalogue, question, question.prefill, known)
            yield from ((f"question:{question.key}", ("prefill", at), said) for at, said in said_of)
        follows = _derived(catalogue, question, known)
        yield from ((f"question:{question.key}", ("derive", at), said) for at, said in follows)
    for document in catalogue.documents.values():
        if document.waived_by and f"registry:{document.waived_by}" not in known:
            yield f"document:{document.key}", ("waived_by",), _NONE.format(document.waived_by)
        for place, slug in enumerate(document.produced_by):
            service = catalogue.services.get(slug)
            if f"service:{slug}" not in known:
                yield f"document:{document.key}", ("produced_by", place), f"there is no service {slug!r}"
            elif service and any(use.key == document.key for use in service.documents):
                said = f"{slug!r} asks for it itself: it cannot be what issues it"
                yield f"document:{document.key}", ("produced_by", place), said
    for service in catalogue.services.values():
        yield from ((f"service:{service.slug}", at, said) for at, said in _of_service(catalogue, service))


def _derived(catalogue: Catalogue, question: Question, known: Collection[str]) -> Iterator[tuple[int, str]]:
    """What an answer follows from is asked before it."""
    order = catalogue.order
    for place, rule in enumerate(question.derive):
        for key in rule.looks_at:
            if f"question:{key}" not in known:
                yield place, f"there is no question {key!r}"
            elif key in catalogue.questions and order[f"question:{key}"] >= order[f"question:{question.key}"]:
                yield place, f"follows from {key!r}, asked later: only earlier answers count"


_NONE = "there is no registry {!r} in registries.yaml"


def _filled(
    catalogue: Catalogue, question: Question, prefill: Prefill, known: Collection[str]
) -> Iterator[tuple[str, str]]:
    """A question is filled with what a registry really says, in words that are an answer to it."""
    registry = catalogue.registries.get(prefill.registry)
    if registry is None:
        if f"registry:{prefill.registry}" not in known:
            yield "registry", _NONE.format(prefill.registry)
        return
    if prefill.path not in registry.provides:
        says = ", ".join(sorted(registry.provides))
        yield "path", f"{registry.key!r} does not say {prefill.path!r}, only {says}"
    for word in registry.said_under(prefill.path):
        if question.accept(word) is None:
            yield "path", f"{word!r} of {registry.key!r} is no answer to it"


def _identified(catalogue: Catalogue, registry: Registry, known: Collection[str]) -> Iterator[Blame]:
    for name, source in registry.asks.items():
        if source in (PERSON, PARTY):
            continue
        key, _, part = source.partition(".")
        question = catalogue.questions.get(key)
        said = ""
        if question is None:
            said = "" if f"question:{key}" in known else f"there is no question {key!r}"
        elif part and not (isinstance(question, AddressQuestion) and part in question.parts):
            said = f"{key!r} has no part {part!r}"
        elif not part and question.parts:
            said = f"{key!r} has parts: say which, such as {key}.{question.parts[0]}"
        if said:
            yield f"registry:{registry.key}", ("asks", name), said


def _of_service(catalogue: Catalogue, service: Service) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A document that a registry replaces needs what identifies the record, or data that came from there."""
    asked = {question.key for question in service.questions}
    for use in service.documents:
        registry = catalogue.registries.get(use.document.waived_by or "")
        if registry is None:
            continue
        if registry.linked:
            for key in sorted(registry.questions - asked):
                said = f"{use.key} is waived by {registry.key!r}, which needs {key!r}: this service does not ask it"
                yield ("documents",), said
        elif not any(q.prefill and q.prefill.registry == registry.key for q in service.questions):
            yield ("documents",), f"{use.key} is waived by {registry.key!r}, but no question is filled from there"
