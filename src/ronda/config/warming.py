"""Does once, before a node listens, what its first page would wait for; the processes of the server share it."""

from __future__ import annotations

import gc
import logging
from pathlib import Path

log = logging.getLogger("ronda.config")
DRAWN = 3


def warm() -> None:
    """Addresses, law files, templates, and the first page of the regencies that have units here."""
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    _laws()
    _templates()
    try:
        _pages()
    except Exception:  # a node whose first page is slow is better than one that does not start
        log.exception("the first pages could not be prepared")


def _laws() -> None:
    """Read every law file; each reader keeps what it read."""
    from ronda.law import calendars, election_laws, incident_kinds
    from ronda.law.checkins import checkin_rules
    from ronda.law.forms import form_rules
    from ronda.law.result_findings import result_finding_rules

    for read in (calendars, election_laws, incident_kinds, checkin_rules, form_rules, result_finding_rules):
        read()


def _templates() -> None:
    """Compile every template of ours; the loaders keep them."""
    from django.apps import apps
    from django.template.loader import get_template

    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates"
        if app.name.startswith("ronda."):
            for path in sorted(folder.rglob("*.html")):
                get_template(str(path.relative_to(folder)))


def _pages() -> None:
    from ronda.agencies.selectors import regencies_served
    from ronda.desk.siaga import page_prepare
    from ronda.kernel import clock
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        for area in regencies_served()[:DRAWN]:
            page_prepare(area, at=clock.now())


def settle() -> None:
    """What is loaded now stays: the collector of cycles need not walk it again, and may come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
