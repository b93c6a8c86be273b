"""Pages of publishing: what stands published, what waits for a second person, corrections. Never for the police."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ronda.agencies.access import ScopedRequest, post_required, role_required
from ronda.agencies.stepup import step_up_required
from ronda.kernel import clock
from ronda.kernel.scope import Scope
from ronda.publishing import selectors, services
from ronda.publishing.domain import ROLES, PublishingRefused, State
from ronda.publishing.forms import ConfirmForm, CorrectionForm, ProposeForm, RefuseForm
from ronda.publishing.models import Publication

LISTED = 50


@require_GET
@never_cache
@role_required(*ROLES)
def publication_list(request: HttpRequest) -> HttpResponseBase:
    """All versions of the area, and the way to propose the next one."""
    scope = _scope(request)
    counted = selectors.contests_of(scope.area)
    context = {
        "section": "results",
        "publications": selectors.publication_list(scope.area)[:LISTED],
        "counted": [(election, contests, " ".join(contests)) for election, contests in counted.items()],
        "corrections": [
            one for election in counted for one in selectors.corrections_in(election, scope.area)[:LISTED]
        ],
        "form": CorrectionForm(),
    }
    return render(request, "publishing/list.html", context)


@require_GET
@never_cache
@role_required(*ROLES)
def publication_show(request: HttpRequest, publication_id: UUID) -> HttpResponseBase:
    """What a version lets out and what it holds, and for the second person the two buttons."""
    scope = _scope(request)
    publication = _publication(publication_id)
    changes = [
        (contest, count, publication.sheets.filter(contest=contest).count())
        for contest, count in selectors.version_counts(publication).items()
    ]
    context = {
        "section": "results",
        "publication": publication,
        "changes": changes,
        "reasons": selectors.reasons_counted(publication),
        "totals": selectors.totals_beside(publication),
        "may_decide": publication.state == State.PROPOSED and str(publication.proposed_by) != scope.person,
        "is_own": str(publication.proposed_by) == scope.person,
        "form": RefuseForm(),
    }
    return render(request, "publishing/show.html", context)


@require_POST
@post_required
@step_up_required
@role_required(*ROLES)
def publication_propose(request: HttpRequest) -> HttpResponseBase:
    """Freeze the next version."""
    scope, form = _scope(request), ProposeForm(request.POST)
    if not form.is_valid():
        raise Http404
    election, contests = form.cleaned_data["election"], form.cleaned_data["contests"].split()
    try:
        made = services.publication_propose(election=election, contests=contests, by=scope, at=clock.now())
    except PublishingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("publishing:publication-list")
    messages.success(request, _("Versi diusulkan. Sekarang perlu persetujuan petugas lain."))
    return redirect("publishing:publication-show", made.pk)


@require_POST
@post_required
@step_up_required
@role_required(*ROLES)
def publication_confirm(request: HttpRequest, publication_id: UUID) -> HttpResponseBase:
    """The second person lets it out."""
    scope, form = _scope(request), ConfirmForm(request.POST)
    if not form.is_valid():
        raise Http404
    digest = form.cleaned_data["digest"]
    return _decided(
        request,
        publication_id,
        lambda: services.publication_confirm(
            publication=publication_id, digest=digest, by=scope, at=clock.now()
        ),
        _("Versi ini terbit. Berkasnya ditulis dalam satu menit."),
    )


@require_POST
@role_required(*ROLES)
def publication_refuse(request: HttpRequest, publication_id: UUID) -> HttpResponseBase:
    """The second person does not."""
    scope, reason = _scope(request), request.POST.get("reason", "")[:500]
    return _decided(
        request,
        publication_id,
        lambda: services.publication_refuse(
            publication=publication_id, reason=reason, by=scope, at=clock.now()
        ),
        _("Versi ini ditolak dan tetap tercatat."),
    )


@require_POST
@role_required(*ROLES)
def correction_enter(request: HttpRequest) -> HttpResponseBase:
    """Note why a published figure may change."""
    scope, form = _scope(request), CorrectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Isi kode TPS, dasar, dan alasannya."))
        return redirect("publishing:publication-list")
    try:
        services.correction_enter(**form.cleaned_data, by=scope, at=clock.now())
        messages.success(request, _("Koreksi dicatat. Angka barunya ikut dalam usulan versi berikutnya."))
    except PublishingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("publishing:publication-list")


def _decided(
    request: HttpRequest, publication_id: UUID, act: Callable[[], Publication], done: str
) -> HttpResponseBase:
    _publication(publication_id)
    try:
        act()
        messages.success(request, done)
    except PublishingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("publishing:publication-show", publication_id)


def _scope(request: HttpRequest) -> Scope:
    """The scope in force; a page that does not exist for an agency without the mandate."""
    scope = cast(ScopedRequest, request).reach
    if not selectors.may_publish(scope):
        raise Http404
    return scope


def _publication(id_: UUID) -> Publication:
    found = selectors.publication_for(id_)
    if found is None:
        raise Http404
    return found
