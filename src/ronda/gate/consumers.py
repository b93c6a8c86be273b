"""Who takes which kind of message, and what else the worker does: contexts register when they start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ronda.gate.domain import Message

Handler = Callable[[Sequence[Message]], None]
"""Turns a batch into rows, in the transaction that also notes them as done. An exception undoes all of it; then
the messages come one by one, and one that still fails is set aside."""

_handlers: dict[str, Handler] = {}


@dataclass(frozen=True, slots=True)
class Round:
    """Work that comes again and again: opens its own scope, returns how much it did."""

    task: Callable[[], int]
    every_s: float


_rounds: dict[str, Round] = {}


def register(kind: str, handler: Handler) -> None:
    """From now on messages of `kind` go to `handler`; one kind has one handler."""
    known = _handlers.setdefault(kind, handler)
    if known is not handler:
        raise ValueError(f"messages of kind {kind!r} already go to {known.__module__}")


def handler_for(kind: str) -> Handler | None:
    return _handlers.get(kind)


def known_kinds() -> tuple[str, ...]:
    return tuple(sorted(_handlers))


def register_round(name: str, task: Callable[[], int], *, every_s: float) -> None:
    """From now on the worker does `task` every so many seconds; repeating it must be safe."""
    known = _rounds.setdefault(name, Round(task, every_s))
    if known.task is not task:
        raise ValueError(f"another round is called {name!r} already")


def rounds() -> dict[str, Round]:
    return dict(_rounds)
