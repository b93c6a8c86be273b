"""What the worker does between requests: confirmed versions become files."""

from django.conf import settings

from ronda.kernel.scope import Scope, scoped
from ronda.publishing.services import site_write


def site_refresh() -> int:
    """Write every confirmed version that has no folder yet; returns how many. Call outside `scoped`."""
    with scoped(Scope.system()):
        return len(site_write(settings.VAR / "situs"))
