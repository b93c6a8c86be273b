"""Names and addresses as reports of the machine give them: of places, contests and pages, never of a choice."""

from django.urls import reverse

from ronda.places.selectors import area_for
from ronda.results.adapters.shown import heading
from ronda.results.domain import COPY_RULES


def area_words(code: str) -> str:
    """Kecamatan Mendoyo, Kabupaten Jembrana; an unknown area stays a code."""
    area = area_for(code)
    if area is None:
        return code
    kind = str(area.get_kind_display())
    return area.name if area.name.startswith(kind) else f"{kind} {area.name}"


def contest_words(election: str, contest: str, area: str) -> str:
    """The name of a contest; an unknown one stays a code."""
    return heading(election, contest, area).contest_name


def area_page(election: str, contest: str, area: str) -> str:
    """Where a recap stands beside the sum of its stations."""
    return reverse("results:area-show", args=[election, contest, area])


def copies_page(election: str, contest: str, area: str) -> str:
    """The stations of an area whose copies differ."""
    return f"{reverse('results:check-list', args=[election, contest, area])}?rule={','.join(COPY_RULES)}"
