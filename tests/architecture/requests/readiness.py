"""Requests about the watch of polling stations."""

from django.urls import reverse

from ronda.agencies.services import post_open
from ronda.agencies.tests.factories import AT
from ronda.kernel.scope import Scope, scoped
from tests.architecture.regency import Regency
from tests.architecture.requests.written import STRANGERS, Asked, Written


def _sent(regency: Regency) -> Asked:
    regency.lists()
    with scoped(Scope.system()):
        unit = regency.posts["ayu"].unit
        who = post_open(unit=unit, role="officer", name="Ketut", at=AT, starts_on=AT.date())
    return reverse("readiness:watch-send"), {"station": regency.station, "post": str(who.pk)}


PAGES = {"readiness:watch-send": Written("citra", _sent, STRANGERS, frozenset({302, 403, 404}))}
