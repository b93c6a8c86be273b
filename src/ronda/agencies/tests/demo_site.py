"""The site as it is in demo mode, with the pages that tell who asks."""

from django.urls import include, path

from ronda.agencies import demo_urls, urls
from ronda.agencies.tests.probe import urlpatterns as probes
from ronda.config.urls import urlpatterns as site

agencies = ([*urls.urlpatterns, *demo_urls.urlpatterns], "agencies")
urlpatterns = [path("", include(agencies)), *probes, *site]
