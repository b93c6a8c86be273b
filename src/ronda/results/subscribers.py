"""The gate's batches of kinds `sheet` and `recap` become copies; those of no known place wait at the gate.

What differs is told as a round of the worker; the screens are made in a round apart, for they take seconds.
"""

from collections.abc import Sequence

from ronda.gate import consumers
from ronda.gate.domain import Message
from ronda.results.services import recaps_receive, recaps_unplaced, sheets_receive, sheets_unplaced
from ronda.results.tasks import findings_tell, screens_make

FINDINGS_EVERY_S = 10.0
SCREENS_EVERY_S = 5.0


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register("sheet", take_sheets, unplaced=sheets_unplaced)
    consumers.register("recap", take_recaps, unplaced=recaps_unplaced)
    consumers.register("import", take_imports)
    consumers.register_round("results findings", findings_tell, every_s=FINDINGS_EVERY_S)
    consumers.register_round("results screens", screens_make, every_s=SCREENS_EVERY_S, is_apart=True)


def take_sheets(messages: Sequence[Message]) -> None:
    """One batch of sheets; those taken in already change nothing."""
    sheets_receive(messages)


def take_imports(messages: Sequence[Message]) -> None:
    """The rows of a file went in with its message; there is nothing left to do."""


def take_recaps(messages: Sequence[Message]) -> None:
    """One batch of recapitulations; those taken in already change nothing."""
    recaps_receive(messages)
