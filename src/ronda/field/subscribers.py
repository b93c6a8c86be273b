"""The gate's messages of kind `attendance` become words of who came to an event."""

from collections.abc import Sequence

from ronda.field.services import attendances_record
from ronda.gate import consumers
from ronda.gate.domain import Message
from ronda.kernel import clock


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register("attendance", take_attendances)


def take_attendances(messages: Sequence[Message]) -> None:
    """One batch of accepted messages; those taken in already change nothing."""
    attendances_record(messages=messages, at=clock.now())
