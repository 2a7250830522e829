"""What the operator reads: one JSON object a line on standard error, and never a person's data.

An error is told by its kinds (cause last) and the places it went through. Its message is left out unless it can only
be about the program, and so are local variables: both may hold what somebody typed. JSON escapes line breaks, so nobody
writes a line of their own into it.
"""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

ROOT = Path(__file__).parents[2]
OURS, PLACES = ("app/", "templates/", "migrations/"), 12
"""Which places of an error are told (a library's only when there are none of ours), and how many, innermost last."""
ABOUT_THE_PROGRAM = frozenset({"AttributeError", "ImportError", "NameError", "TypeError", "UndefinedError"})
"""Kinds of error whose message names parts of the program, never what somebody typed."""


def configure() -> None:
    """Let every structlog logger speak through the standard library, with errors already made harmless."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def install(level: int = logging.WARNING) -> None:
    """Send our own and the libraries' messages from `level` on to standard error."""
    configure()
    handler = logging.StreamHandler()
    handler.setFormatter(lines())
    logging.basicConfig(level=level, handlers=[handler])


def lines() -> logging.Formatter:
    """Writes one record, ours or a library's, as one line of JSON."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    )


def told(error: BaseException) -> dict[str, object]:
    """An error without what was in it: kinds from outermost to cause, places, and a constraint's name if it has one."""
    chain = _chain(error)
    places = [place for link in reversed(chain) for place in _places(link.__traceback__)]
    ours = [place for place in places if place.startswith(OURS)]
    named = [getattr(getattr(link, "diag", None), "constraint_name", None) for link in chain]
    constraint = next((name for name in named if name), "")
    kinds = [_kind(link) for link in chain]
    return {"kinds": kinds, "places": ours[-PLACES:] or places[-PLACES:]} | (
        {"constraint": constraint} if constraint else {}
    )


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return chain


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    return f"{name}: {error}" if name in ABOUT_THE_PROGRAM else name


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


def _harmless(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    if isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["error"] = told(given)
    return event


_SHARED: list[Processor] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _harmless,
]
