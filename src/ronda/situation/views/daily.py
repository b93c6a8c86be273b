"""The daily report: page, PDF, text for a chat."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from ronda.agencies.access import post_required
from ronda.agencies.stepup import step_up_required
from ronda.kernel import clock
from ronda.kernel.journal import audit
from ronda.situation.adapters.chat import chat_text
from ronda.situation.adapters.daily_pdf import daily_pdf
from ronda.situation.adapters.words import daily_of
from ronda.situation.domain import Daily
from ronda.situation.selectors import Facts, facts_of
from ronda.situation.views.asking import area_in, day_in, scope_of
from ronda.web.localtime import local


@require_safe
@never_cache
@post_required
def daily_show(request: HttpRequest, area: str | None = None) -> HttpResponse:
    """How an area stands on a legal day, with what changed since the day before."""
    facts, daily = _daily(request, area)
    on, today = facts.moments.on, local(clock.now(), facts.area).date()
    context = {
        "section": "situation",
        "daily": daily,
        "area": facts.area,
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1) if on < today else None,
        "today": today,
        "is_running": facts.moments.is_running,
        "text": chat_text(daily),
    }
    return render(request, "situation/daily.html", context)


@require_GET
@post_required
@step_up_required
def daily_file(request: HttpRequest, area: str | None = None) -> HttpResponse:
    """The same for paper. Leaves a line in the audit before it leaves."""
    facts, daily = _daily(request, area)
    detail = {"day": facts.moments.on.isoformat(), "form": "pdf"}
    audit("situation.exported", record="incident", area=facts.area, at=clock.now(), detail=detail)
    content = daily_pdf(daily, warning=_(settings.DRILL.upper()) if settings.DRILL else "")
    response = HttpResponse(content, content_type="application/pdf")
    name = f"lapor-cepat-{facts.area or 'nasional'}-{facts.moments.on.isoformat()}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _daily(request: HttpRequest, area: str | None) -> tuple[Facts, Daily]:
    scope, now = scope_of(request), clock.now()
    here = area_in(request, scope, area)
    on = day_in(request.GET.get("hari", ""), area=here, now=now)
    facts = facts_of(scope, area=here, on=on, now=now)
    post = request.post  # type: ignore[attr-defined]  # a post is required
    return facts, daily_of(facts, reader=post.unit.name)
