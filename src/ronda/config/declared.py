"""Every setting, read once: what cannot be used is refused, and names that nobody reads are told."""

from __future__ import annotations

import os
from difflib import get_close_matches

from ronda.config import env

PREFIX = "RONDA_"


def declare_all() -> None:
    """Settings that are read when they are needed, beside those that Django's settings read at once."""
    import ronda.config.settings  # noqa: F401
    from ronda.config.installation import database_name, external_database
    from ronda.config.metrics import metrics_port
    from ronda.config.postgres.identity import asked_way

    external_database()
    database_name()
    metrics_port()
    asked_way()


def unknown_settings() -> list[str]:
    """A sentence for every RONDA_ name in the environment that is no setting."""
    declare_all()
    return [
        _told(name) for name in sorted(os.environ) if name.startswith(PREFIX) and name not in env.SETTINGS
    ]


def _told(name: str) -> str:
    near = get_close_matches(name, env.SETTINGS, n=1)
    known = f"did you mean {near[0]}?" if near else "docs/reference/settings.md names all there are."
    return f"{name} is no setting of Ronda and is ignored; {known}"
