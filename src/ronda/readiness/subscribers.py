"""The gate's batches of kind `checkin` become check-ins."""

from collections.abc import Sequence

from ronda.gate import consumers
from ronda.gate.domain import Message
from ronda.kernel import clock
from ronda.readiness.services import checkins_record


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register("checkin", take_checkins)


def take_checkins(messages: Sequence[Message]) -> None:
    """One batch of accepted messages; those taken in already change nothing."""
    checkins_record(messages=messages, at=clock.now())
