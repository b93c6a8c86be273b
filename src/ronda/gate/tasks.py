"""What the worker does for the gate between batches."""

import time

from django.conf import settings

from ronda.gate.files import FileStore

DAY_S = 86_400


def parts_clean() -> int:
    """Throw away halves of files whose sender has been silent for days; returns how many.

    Files carry the time of the machine, so it is asked here, not the clock of a drill.
    """
    before_s = time.time() - settings.FILE_PARTS_DAYS * DAY_S
    return FileStore(settings.VAR / "files").parts_clean(before_s=before_s)
