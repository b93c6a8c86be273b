"""What the worker does for the public site."""

from ronda.gate import consumers
from ronda.publishing.tasks import site_refresh

SITE_EVERY_S = 15.0


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register_round("public results site", site_refresh, every_s=SITE_EVERY_S)
