"""Every page and interface of the site; each context brings its own list."""

from django.urls import URLPattern, URLResolver, include, path

from ronda.config.api import api
from ronda.config.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("gate/v1/", include("ronda.gate.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("ronda.gate.page_urls")),
    path("", include("ronda.gate.device_urls")),
    path("", include("ronda.evidence.urls")),
    path("", include("ronda.channels.urls")),
    path("", include("ronda.web.urls")),
    path("", include("ronda.desk.urls")),
    path("", include("ronda.situation.urls")),
    path("", include("ronda.agencies.urls")),
    path("", include("ronda.elections.urls")),
    path("masuk/", include("ronda.agencies.signin_urls")),
    path("", include("ronda.reports.urls")),
    path("", include("ronda.incidents.urls")),
    path("", include("ronda.readiness.urls")),
    path("", include("ronda.portal.urls")),
    path("", include("ronda.entry.urls")),
    path("", include("ronda.plenum.urls")),
    path("", include("ronda.results.urls")),
    path("", include("ronda.publishing.urls")),
    path("", include("ronda.field.urls")),
]

handler400 = "ronda.web.errors.bad_request"
handler403 = "ronda.web.errors.permission_denied"
handler404 = "ronda.web.errors.not_found"
handler500 = "ronda.web.errors.server_error"
