"""What happened to messages that did not simply pass."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class MessageHeld(Event):
    """A message waits for a person."""

    name = "message.held"
    record = "message_outcome"
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """A message could not be turned into records and was set aside."""

    name = "message.failed"
    record = "message_outcome"
    kind: str


@dataclass(frozen=True, kw_only=True)
class MessageReleased(Event):
    """A person let a held or failed message go on."""

    name = "message.released"
    record = "message_outcome"
    kind: str


@dataclass(frozen=True, kw_only=True)
class MessagePlaced(Event):
    """A person said where a message belongs; it goes on with that place."""

    name = "message.placed"
    record = "message_outcome"
    kind: str
    place: str


@dataclass(frozen=True, kw_only=True)
class MessageSetAside(Event):
    """A person found that a message cannot be placed; it stays readable."""

    name = "message.set_aside"
    record = "message_outcome"
    kind: str
