"""What helps people find a service and is no part of any: names of life events, and words that mean the same. Pure."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from app.catalogue.texts import Data, Key, Text, Words


class Finding(Data):
    """`finding.yaml`. Nothing here is part of a published version: it may change any day."""

    life_events: Mapping[Key, Text] = Field(default_factory=dict)
    """What people call the events that services name in `life_events`."""
    same_words: tuple[Annotated[tuple[Words, ...], Field(min_length=2)], ...] = ()
    """Groups of words that people use for the same thing: whoever types one is also asked to have typed the others."""
