"""What the worker does for channels."""

from ronda.channels.services import bundles_flush
from ronda.gate import consumers

EVERY_S = 60


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register_round("openrosa parts", bundles_flush, every_s=EVERY_S, is_apart=True)
