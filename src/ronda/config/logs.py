"""Structured logs that hold no personal data, whoever writes them.

Three rules make it so: only known keys are kept; a line of somebody else's library is kept as its template,
without the values put into it; an exception is kept as its type and places, without its message (a database
error quotes the row). Addresses of clients, paths and form values have no key, so they are never written.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

from ronda.config import env

LINE_KEYS = ("event", "level", "logger", "timestamp", "service", "request")
REQUEST_KEYS = ("route", "method", "status", "duration_ms")
ERROR_KEYS = ("error", "places", "sqlstate")
FACT_KEYS = ("count", "kind", "election", "area", "agency", "version", "seconds", "node", "size", "root")
WORK_KEYS = ("task", "job", "waiting", "oldest_s", "port", "workers")
KNOWN = frozenset((*LINE_KEYS, *REQUEST_KEYS, *ERROR_KEYS, *FACT_KEYS, *WORK_KEYS))
LONGEST = 200
PLACES = 8
EventDict = MutableMapping[str, Any]


def logging_config() -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, one line of JSON each (or plain text for a person)."""
    form = env.choice("RONDA_LOG", "json", ("json", "text"), about="form of the log lines on standard error")
    level = env.choice(
        "RONDA_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"), about="least level that is logged"
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        outline_error,
    ]
    _configure_structlog(shared)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ronda": {"()": _formatter, "form": form, "shared": shared}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ronda"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Each request has its own line with the route; of these only the outline of an error is wanted.
        "loggers": {"django.request": {"level": "ERROR"}, "httpx": {"level": "WARNING"}},
    }


def _configure_structlog(shared: list[Any]) -> None:
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _formatter(form: str, shared: list[Any]) -> logging.Formatter:
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    return structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, only_known, renderer],
        foreign_pre_chain=[*shared, first_line],
        use_get_message=False,
    )


def first_line(logger: Any, method: str, line: EventDict) -> EventDict:
    """Of a foreign message only the first line: what follows quotes objects."""
    line["event"] = str(line.get("event", "")).split("\n", 1)[0][:LONGEST]
    return line


def only_known(logger: Any, method: str, line: EventDict) -> EventDict:
    """Drop every key that is not on the list; its value might name somebody."""
    return {key: value for key, value in line.items() if key in KNOWN}


def outline_error(logger: Any, method: str, line: EventDict) -> EventDict:
    """The error's type and where it happened, never its words."""
    found = line.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        line["error"] = " < ".join(_chain(error))
        line["places"] = _places(error.__traceback__)
        if sqlstate := next(filter(None, (getattr(e, "sqlstate", None) for e in _causes(error))), None):
            line["sqlstate"] = sqlstate
    line.pop("stack_info", None)
    return line


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _chain(error: BaseException) -> list[str]:
    return [f"{type(e).__module__}.{type(e).__qualname__}".removeprefix("builtins.") for e in _causes(error)]


def _places(found: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(found)[-PLACES:]
    return [f"{'/'.join(frame.filename.rsplit('/', 3)[1:])}:{frame.lineno} {frame.name}" for frame in frames]
