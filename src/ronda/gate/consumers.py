"""Who takes which kind of message, and what else the worker does: contexts register when they start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ronda.gate.domain import Message

Handler = Callable[[Sequence[Message]], None]
"""Turns a batch into rows, in the transaction that also notes them as done. An exception undoes all of it; then
the messages come one by one, and one that still fails is set aside."""

PlaceCheck = Callable[[Sequence[Message]], set[UUID]]
"""Ids of those messages whose place no register knows: they wait for a person. The others go to the handler."""

_handlers: dict[str, Handler] = {}
_place_checks: dict[str, PlaceCheck] = {}


@dataclass(frozen=True, slots=True)
class Round:
    """Work that comes again and again: opens its own scope, returns how much it did. What takes long is done apart, in
    a thread of its own, so that no message waits for it."""

    task: Callable[[], int]
    every_s: float
    is_apart: bool = False


_rounds: dict[str, Round] = {}


def register(kind: str, handler: Handler, *, unplaced: PlaceCheck | None = None) -> None:
    """From now on messages of `kind` go to `handler`, but for those that `unplaced` names; one kind has one handler."""
    known = _handlers.setdefault(kind, handler)
    if known is not handler:
        raise ValueError(f"messages of kind {kind!r} already go to {known.__module__}")
    if unplaced is not None:
        _place_checks[kind] = unplaced


def handler_for(kind: str) -> Handler | None:
    return _handlers.get(kind)


def unplaced_in(kind: str, messages: Sequence[Message]) -> set[UUID]:
    """Those of one kind that a person must place."""
    check = _place_checks.get(kind)
    return check(messages) if check else set()


def known_kinds() -> tuple[str, ...]:
    return tuple(sorted(_handlers))


def register_round(name: str, task: Callable[[], int], *, every_s: float, is_apart: bool = False) -> None:
    """From now on the worker does `task` every so many seconds; repeating it must be safe."""
    known = _rounds.setdefault(name, Round(task, every_s, is_apart))
    if known.task is not task:
        raise ValueError(f"another round is called {name!r} already")


def rounds() -> dict[str, Round]:
    return dict(_rounds)
