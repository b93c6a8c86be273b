"""Results as files: tidy tables, NIST report, workbook, the check sheet of a district. Never for the police."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from ronda.agencies.access import post_required
from ronda.agencies.stepup import step_up_required
from ronda.kernel import clock
from ronda.kernel.areas import Level, is_code, level
from ronda.kernel.journal import audit
from ronda.kernel.scope import current_scope
from ronda.results import selectors
from ronda.results.adapters.files import FORMS, Wanted


@require_GET
@post_required
@step_up_required
def results_file(
    request: HttpRequest, election: str, contest: str, form: str, area: str = ""
) -> HttpResponseBase:
    """The results of an area in one of the forms. Leaves a line in the audit before it leaves."""
    kind, scope = FORMS.get(form), current_scope()
    if kind is None or not is_code(area) or scope is None or not selectors.may_see(scope):
        raise Http404
    district = request.GET.get("dapil", "")[:60]
    wanted = Wanted(election, contest, area or scope.area, clock.now(), district=district)
    if not scope.covers(wanted.area) or selectors.summary_for(election, contest, wanted.area) is None:
        raise Http404
    if kind.for_district and level(wanted.area) != Level.DISTRICT:
        raise Http404
    detail = {"election": election, "contest": contest, "form": form}
    audit("results.exported", record="sheet", area=wanted.area, at=wanted.at, detail=detail)
    content = kind.make(wanted)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=kind.content_type)
    response["Content-Disposition"] = f'attachment; filename="{kind.file_name(wanted)}"'
    return response
