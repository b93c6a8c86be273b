"""What the pages here ask of a request: an area inside the scope of a post that may see readiness."""

from django.http import Http404, HttpRequest

from ronda.kernel.areas import is_code
from ronda.kernel.scope import Scope
from ronda.law.mandates import mandates


def area_in(request: HttpRequest, scope: Scope, area: str) -> str:
    """The wanted area; what lies outside the scope looks like what does not exist."""
    if scope.kind not in mandates().reach("readiness_state", "read"):
        raise Http404
    if not is_code(area) or (area and not scope.covers(area)):
        raise Http404
    wanted = area or scope.area
    request.desk_area = wanted  # type: ignore[attr-defined]  # the frame's breadcrumb follows it
    return wanted
