"""Every page and interface of the site; each context brings its own list."""

from django.urls import URLPattern, URLResolver, path

from ronda.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
]
