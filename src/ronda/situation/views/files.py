"""Incidents and gaps as files for other programs. Each leaves a line in the audit before it leaves."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ronda.agencies.access import post_required
from ronda.agencies.stepup import step_up_required
from ronda.kernel import clock
from ronda.kernel.journal import audit
from ronda.situation.adapters.exports import FORMS
from ronda.situation.adapters.features import COLLECTIONS, Asked
from ronda.situation.selectors import may_read
from ronda.situation.views.asking import scope_of
from ronda.situation.views.moment import wanted_of
from ronda.web.localtime import local


@require_GET
@post_required
@step_up_required
def situation_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """A collection as CSV or GeoJSON, with HXL tags if wished; of incidents, those that were asked for."""
    scope, now = scope_of(request), clock.now()
    collection, kind = COLLECTIONS.get(name), FORMS.get(form)
    if collection is None or kind is None or not may_read(scope, collection.record):
        raise Http404
    wanted, hxl = wanted_of(request), request.GET.get("hxl") == "1"
    detail = {"what": name, "form": form, "at": wanted.at.isoformat()}
    audit("situation.exported", record=collection.record, area=wanted.area, at=now, detail=detail)
    features = collection.read(Asked(scope, wanted.area, wanted.at, wanted))
    response = HttpResponse(kind.make(collection, features, hxl=hxl), content_type=kind.content_type)
    stamp = local(wanted.at, wanted.area).strftime("%Y%m%d-%H%M")
    response["Content-Disposition"] = (
        f'attachment; filename="{name}-{wanted.area or "nasional"}-{stamp}.{form}"'
    )
    return response
