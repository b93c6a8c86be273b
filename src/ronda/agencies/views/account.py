"""One's own account: posts, ways in, devices, browsers, seeing as another post."""

from typing import cast
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ronda.agencies import selectors, services
from ronda.agencies.access import ScopedRequest, signed_in_required
from ronda.agencies.domain import POST_KEY, VIEW_AS_KEY, NotAllowed, legal_date, session_limits
from ronda.agencies.hardware import hardware_keys
from ronda.agencies.models import Account
from ronda.agencies.sessions import digest
from ronda.kernel import clock


def _account(request: HttpRequest) -> Account:
    account = cast(ScopedRequest, request).account
    assert account is not None  # `signed_in_required` stands before
    return account


@require_GET
@never_cache
@signed_in_required
def account_detail(request: HttpRequest) -> HttpResponse:
    """Everything that lets this person in, and everything signed in for them now."""
    account, asked = _account(request), cast(ScopedRequest, request)
    factors = list(Authenticator.objects.filter(user_id=account.pk).order_by("created_at"))
    limits = session_limits(asked.real_post.role if asked.real_post else None)
    context = {
        "account": account,
        "bound": hardware_keys(account.pk),
        "keys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "app": next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
        "recovery": any(factor.type == Authenticator.Type.RECOVERY_CODES for factor in factors),
        "devices": selectors.device_list(account_id=account.pk),
        "sessions": selectors.session_list(account_id=account.pk),
        "this_session": digest(request.session.session_key or ""),
        "limits": limits,
        "area": asked.real_post.area if asked.real_post else "",
    }
    return render(request, "agencies/account.html", context)


@require_GET
@never_cache
@signed_in_required
def account_secure(request: HttpRequest) -> HttpResponse:
    """The step after the first password: a passkey, or one-time codes."""
    kinds = set(Authenticator.objects.filter(user_id=_account(request).pk).values_list("type", flat=True))
    is_safe = bool(kinds - {Authenticator.Type.RECOVERY_CODES.value})
    return render(request, "agencies/secure.html", {"is_safe": is_safe})


@require_GET
@never_cache
@signed_in_required
def account_key(request: HttpRequest) -> HttpResponse:
    """What opens a post of an administrator or a custodian, and what is still missing."""
    asked = cast(ScopedRequest, request)
    if asked.locked_post is None:
        return redirect("/")
    context = {
        "locked": asked.locked_post,
        "bound": hardware_keys(_account(request).pk),
        "has_others": len(asked.posts) > 1,
    }
    return render(request, "agencies/hardware_key.html", context)


@require_POST
@signed_in_required
def post_choose(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own posts."""
    wanted = request.POST.get("post", "")
    if wanted not in {str(post.pk) for post in cast(ScopedRequest, request).posts}:
        raise Http404
    request.session[POST_KEY] = wanted
    request.session.pop(VIEW_AS_KEY, None)
    return redirect("/")


@require_POST
@signed_in_required
def device_revoke(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Refuse a lost phone from now on."""
    device = selectors.device_for(device_id, account_id=_account(request).pk)
    if device is None:
        raise Http404
    services.device_revoke(device=device, at=clock.now())
    messages.success(request, _("%(device)s tidak dapat mengirim lagi.") % {"device": device.label})
    return redirect("agencies:account")


@require_POST
@signed_in_required
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign out one other browser, or all others."""
    this = digest(request.session.session_key or "")
    ended = services.sessions_end(account=_account(request), keep=this, only=request.POST.get("session", ""))
    messages.success(request, _("%(count)s peramban lain dikeluarkan.") % {"count": ended})
    return redirect("agencies:account")


@require_POST
@signed_in_required
def view_as_begin(request: HttpRequest) -> HttpResponse:
    """See exactly what another post of one's own agency and area sees; nothing can be changed meanwhile."""
    own = cast(ScopedRequest, request).real_post
    try:
        wanted = UUID(request.POST.get("post", ""))
    except ValueError:
        raise Http404 from None
    target = selectors.post_held(wanted, today=legal_date(clock.now()))
    if own is None or target is None:
        raise Http404
    try:
        services.view_as_start(by=own, target=target, at=clock.now())
    except NotAllowed:
        raise Http404 from None
    request.session[VIEW_AS_KEY] = str(target.pk)
    return redirect("/")


@require_POST
@signed_in_required
def view_as_end(request: HttpRequest) -> HttpResponse:
    """Back to one's own post."""
    asked = cast(ScopedRequest, request)
    if asked.is_viewing_as and asked.real_post and asked.post:
        services.view_as_stop(by=asked.real_post, target=asked.post, at=clock.now())
    request.session.pop(VIEW_AS_KEY, None)
    return redirect("/")
