"""The gate's batches of kinds `sheet` and `recap` become copies."""

from collections.abc import Sequence

from ronda.gate import consumers
from ronda.gate.domain import Message
from ronda.results.services import recaps_receive, sheets_receive


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register("sheet", take_sheets)
    consumers.register("recap", take_recaps)


def take_sheets(messages: Sequence[Message]) -> None:
    """One batch of sheets; those taken in already change nothing."""
    sheets_receive(messages)


def take_recaps(messages: Sequence[Message]) -> None:
    """One batch of recapitulations; those taken in already change nothing."""
    recaps_receive(messages)
