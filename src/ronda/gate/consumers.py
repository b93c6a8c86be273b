"""Who takes which kind of message: contexts above register here when they start (`AppConfig.ready`)."""

from collections.abc import Callable, Sequence

from ronda.gate.domain import Message

Handler = Callable[[Sequence[Message]], None]
"""Turns a batch into rows, in the transaction that also notes them as done. An exception undoes all of it; then
the messages come one by one, and one that still fails is set aside."""

_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """From now on messages of `kind` go to `handler`; one kind has one handler."""
    known = _handlers.setdefault(kind, handler)
    if known is not handler:
        raise ValueError(f"messages of kind {kind!r} already go to {known.__module__}")


def handler_for(kind: str) -> Handler | None:
    return _handlers.get(kind)


def known_kinds() -> tuple[str, ...]:
    return tuple(sorted(_handlers))
