"""What the worker does for files."""

from ronda.evidence.tasks import copies_make
from ronda.gate import consumers

COPIES_EVERY_S = 3.0


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register_round("working copies", copies_make, every_s=COPIES_EVERY_S, is_apart=True)
