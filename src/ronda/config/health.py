"""Is this process alive, and can it do its work? For supervisors and load balancers."""

from __future__ import annotations

import structlog
from django.apps import apps
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ronda.config.installation import var_folder
from ronda.config.postgres.nodekeys import keys_foreign
from ronda.kernel.scope import Scope, scoped

log = structlog.get_logger("ronda.health")
NOT_ALLOWED = "42501"


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has every table of this version; 503 otherwise."""
    try:
        missing = missing_tables()
        found = {"database": "ok", "tables": "ok" if not missing else "migrate"}
    except (DatabaseError, OSError) as problem:
        log.warning("not ready", exc_info=problem)
        found = {"database": "unreachable", "tables": "unknown"}
    ready = set(found.values()) == {"ok"}
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


def keys_refused() -> str:
    """A token as every request carries it, tried against the database; why its guard refuses it, or nothing."""
    try:
        with scoped(Scope.public()), connection.cursor() as cursor:
            cursor.execute("SELECT guard.claims()")
    except DatabaseError as problem:
        if getattr(problem.__cause__, "sqlstate", "") != NOT_ALLOWED:
            raise
        return keys_foreign(var_folder() / "keys")
    return ""


def missing_tables() -> list[str]:
    """Tables of this version that the database does not have."""
    wanted = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    with scoped(Scope.public()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT t FROM unnest(%s::text[]) t WHERE to_regclass(quote_ident(t)) IS NULL", [wanted]
        )
        return [row[0] for row in cursor.fetchall()]
