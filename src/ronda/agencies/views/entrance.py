"""Accepting an invitation, proving oneself again, and the demo's one-click sign-in."""

from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ronda.agencies import selectors, services
from ronda.agencies.access import ScopedRequest, to_sign_in
from ronda.agencies.domain import GUARDED_ROLES, POST_KEY, VIEW_AS_KEY, InvitationRefused, InvitationState
from ronda.agencies.forms import AcceptanceForm
from ronda.agencies.hardware import hardware_keys, rests_on_hardware_key
from ronda.agencies.models import Account, Invitation
from ronda.agencies.services.invitations import Acceptance
from ronda.agencies.stepup import DEMO_METHOD, step_up_required
from ronda.kernel import clock

_LIMITS = {"invitation": "20/m/ip"}


class SignInView(LoginView):  # type: ignore[misc]  # allauth has no types
    """Passkey first, then password; the agency's own sign-in when it is set; the cast in the demo."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["outside"] = settings.OIDC_NAME if settings.OIDC_URL else ""
        context["people"] = list(selectors.demo_posts()) if settings.DEMO else []
        context["next"] = _safe_next(self.request)
        return context


class EnrolCodeView(ActivateTOTPView):  # type: ignore[misc]
    """Setting up one-time codes ends with a right code: that is a proof, and counts as one."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(
            self.request, self.request.user, method="mfa", type="totp", reauthenticated=True
        )
        return response


class EnrolKeyView(AddWebAuthnView):  # type: ignore[misc]
    """Setting up a passkey is done with the passkey: that is a proof, and counts as one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who has a key that opens a guarded post shows it first: else a stolen code would bring its own key."""
        if (
            _holds_guarded_post(request)
            and hardware_keys(request.user.pk)
            and not rests_on_hardware_key(request)
        ):
            return redirect(f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({'next': request.path})}")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        key = Authenticator.objects.filter(user_id=self.request.user.pk, type="webauthn").latest("pk")
        record_authentication(
            self.request, self.request.user, method="mfa", id=key.pk, type="webauthn", reauthenticated=True
        )
        return response


def _holds_guarded_post(request: HttpRequest) -> bool:
    return any(post.role in GUARDED_ROLES for post in cast(ScopedRequest, request).posts)


@never_cache
def invitation_accept(request: HttpRequest, token: str) -> HttpResponseBase:
    """Read an invitation, take it up, and be signed in."""
    if not ratelimit.consume(request, app="ronda", action="invitation", config=_LIMITS):
        return cast(HttpResponse, ratelimit.respond_429(request))
    invitation = selectors.invitation_by_token(token)
    state = invitation.state_at(clock.now()) if invitation else None
    if invitation is None or state != InvitationState.OPEN:
        return render(request, "agencies/invitation_closed.html", {"state": state}, status=410)
    account = cast(ScopedRequest, request).account
    if account is not None and selectors.email_digest(account.email) == invitation.email_hash:
        return _accept_as(request, token, invitation, account)
    form = AcceptanceForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        given = Acceptance(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            phone=form.cleaned_data["phone"],
            password=form.cleaned_data["password"],
        )
        try:
            post = services.invitation_accept(token=token, given=given, at=clock.now())
        except InvitationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            known = selectors.account_by_email(given.email)
            assert known is not None  # made or found in the same transaction
            _sign_in(request, known, "password")
            request.session[POST_KEY] = str(post.pk)
            return redirect("agencies:account-secure")
    return render(request, "agencies/invitation.html", {"form": form, "invitation": invitation})


@step_up_required
def _accept_as(request: HttpRequest, token: str, invitation: Invitation, account: Account) -> HttpResponse:
    """A further post for somebody who is signed in already."""
    if request.method != "POST":
        return render(request, "agencies/invitation_further.html", {"invitation": invitation})
    given = Acceptance(email=account.email, name=invitation.name, account=account)
    try:
        post = services.invitation_accept(token=token, given=given, at=clock.now())
    except InvitationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("agencies:account")
    request.session[POST_KEY] = str(post.pk)
    messages.success(request, _("Jabatan baru diterima: %(post)s.") % {"post": post})
    return redirect("agencies:account")


def _sign_in(request: HttpRequest, account: Account, method: str) -> None:
    get_adapter(request).login(request, account)
    request.session.pop(VIEW_AS_KEY, None)
    record_authentication(request, account, method=method)


@never_cache
def step_up(request: HttpRequest) -> HttpResponse:
    """Choose the strongest means the account has; in the demo a press of a button."""
    account = cast(ScopedRequest, request).account
    if account is None:
        return to_sign_in(request)
    target = _safe_next(request)
    methods = get_adapter(request).get_reauthentication_methods(account)
    if methods:
        return redirect(f"{methods[0]['url']}?{urlencode({'next': target})}")
    if settings.DEMO and account.is_demo:
        if request.method == "POST":
            record_authentication(request, account, method=DEMO_METHOD)
            return redirect(target)
        return render(request, "agencies/step_up_demo.html", {"next": target})
    if settings.OIDC_URL:
        query = urlencode({"next": target, "process": "login"})
        return redirect(f"{reverse('openid_connect_login', args=['instansi'])}?{query}")
    return redirect("agencies:account-secure")


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people. Outside demo mode this page does not exist."""
    if not settings.DEMO:
        raise Http404
    wanted = request.POST.get("post", "")
    post = next((post for post in selectors.demo_posts() if str(post.pk) == wanted), None)
    account = selectors.account_of(post) if post else None
    if post is None or account is None:
        raise Http404
    _sign_in(request, account, DEMO_METHOD)
    request.session[POST_KEY] = wanted
    return redirect(_safe_next(request))
