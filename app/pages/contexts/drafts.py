"""Contexts of the pages on which officers read a service before citizens do."""

from dataclasses import dataclass

from app.catalogue.conditions import Condition, explain
from app.catalogue.differences import Change
from app.catalogue.schema import Service, Text
from app.pages.contexts.frame import FieldView, Page


@dataclass(frozen=True)
class DraftRow:
    """One draft: its address, its name when it makes a service, its mistakes, and whether it rewrites a live one."""

    slug: str
    name: Text | None
    mistakes: int
    rewrites: bool


@dataclass(frozen=True, kw_only=True)
class DraftsPage(Page):
    """`officer/drafts.html`."""

    drafts: tuple[DraftRow, ...]


@dataclass(frozen=True)
class DraftTopic:
    """One page of the form as it would be asked, nothing answered."""

    title: Text
    lead: Text | None
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, kw_only=True)
class DraftPage(Page):
    """`officer/draft.html`. `service` is None when the file does not make one; `live` when there is none to compare."""

    slug: str
    service: Service | None
    live: Service | None
    changes: tuple[Change, ...]
    mistakes: tuple[str, ...]
    topics: tuple[DraftTopic, ...]

    def in_words(self, condition: Condition) -> Text:
        """When a question is asked, as a person reads it."""
        asked = {question.key: question for question in self.service.questions} if self.service else {}
        return Text(th=explain(condition, asked, "th"), en=explain(condition, asked, "en"))
