"""What the worker does for files: working copies before anybody waits for them."""

from __future__ import annotations

from ronda.evidence.models import WorkingCopy
from ronda.evidence.services import copy_make
from ronda.gate import selectors as gate
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped

AT_ONCE = 20


def copies_make() -> int:
    """Decode the photos and documents that came since; returns how many. Call outside `scoped`: no transaction is open
    while a file is decoded."""
    with scoped(Scope.system()):
        waiting = gate.files_to_show(WorkingCopy.objects.all(), limit=AT_ONCE)
    for file in waiting:
        copy_make(sha256=file.sha256, agency=file.agency, area=file.area, at=clock.now())
    return len(waiting)
