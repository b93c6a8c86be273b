"""The gate's batches of kind `checkin` become check-ins; gaps are told as a round of the worker."""

from collections.abc import Sequence

from ronda.gate import consumers
from ronda.gate.domain import Message
from ronda.kernel import clock
from ronda.readiness.services import checkins_record, checkins_unplaced
from ronda.readiness.tasks import gaps_tell

GAPS_EVERY_S = 5.0


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register("checkin", take_checkins, unplaced=checkins_unplaced)
    consumers.register_round("readiness gaps", gaps_tell, every_s=GAPS_EVERY_S)


def take_checkins(messages: Sequence[Message]) -> None:
    """One batch of accepted messages; those taken in already change nothing."""
    checkins_record(messages=messages, at=clock.now())
