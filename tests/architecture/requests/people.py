"""Requests about people, posts, devices and sessions, and the stages that posts mark."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ronda.agencies.domain import legal_date
from ronda.agencies.models import Cover, Session
from ronda.agencies.services import post_open
from ronda.agencies.sessions import digest
from ronda.agencies.tests.factories import AT, add_key, sign_in
from ronda.elections.models import Stage
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.web.localtime import local
from tests.architecture.regency import AREA, INVITED, Regency
from tests.architecture.requests.written import (
    ADMINISTRATORS,
    STRANGERS,
    UNKNOWN,
    Asked,
    Written,
)

PHONE = {"label": "HP dinas", "days": "30"}


def _on_post(route: str, whose: str, **body: Any) -> Callable[[Regency], Asked]:
    return lambda regency: (reverse(route, args=[regency.posts[whose].pk]), body)


def _on_device(name: str) -> Callable[[Regency], Asked]:
    return lambda regency: (reverse(name, args=[regency.device().pk]), {})


def _renew(regency: Regency) -> Asked:
    body = {"email": regency.account("ayu").email}
    return reverse("agencies:post-renew", args=[regency.posts["ayu"].pk]), body


def _invite(regency: Regency) -> Asked:
    body = {
        "name": "Santi",
        "email": INVITED,
        "unit": str(regency.posts["nyoman"].unit_id),
        "role": "officer",
    }
    return reverse("agencies:person-invite"), body


def _import(regency: Regency) -> Asked:
    table = f"nama,surel,peran,wilayah\nSanti,{INVITED},officer,{AREA}\n".encode()
    return reverse("agencies:people-import"), {"file": SimpleUploadedFile("orang.csv", table, "text/csv")}


def _revoke_invitation(regency: Regency) -> Asked:
    return reverse("agencies:invitation-revoke", args=[regency.invitation()[0].pk]), {}


def _accept_invitation(regency: Regency) -> Asked:
    body = {"email": INVITED, "name": "Santi", "phone": "", "password": "bambu-kuning-pagi-17"}
    return reverse("agencies:invitation-accept", args=[regency.invitation()[1]]), body


def _choose_post(regency: Regency) -> Asked:
    return reverse("agencies:post-choose"), {"post": str(regency.further_post("citra").pk)}


def _end_session(regency: Regency) -> Asked:
    other = Client()
    sign_in(other, regency.posts["citra"])
    with scoped(Scope.signin()):
        return reverse("agencies:sessions-end"), {"session": digest(str(other.session.session_key))}


def _acts_in(regency: Regency) -> object:
    with scoped(Scope.signin()):
        return regency.browser("citra").session["post"]


def _sessions(regency: Regency) -> object:
    with scoped(Scope.signin()):
        return Session.objects.filter(account=regency.account("citra")).count()


def _view_as(regency: Regency) -> Asked:
    return reverse("agencies:view-as-begin"), {"post": str(regency.posts["ayu"].pk)}


def _view_as_no_more(regency: Regency) -> Asked:
    regency.browser("nyoman").post(*_view_as(regency))
    return reverse("agencies:view-as-end"), {}


def _on_key(route: str, **body: Any) -> Callable[[Regency], Asked]:
    def made(regency: Regency) -> Asked:
        with scoped(Scope.signin()):
            key = add_key(regency.account("citra"))
        return reverse(route, args=[key.pk]), body

    return made


def _duty_number(regency: Regency) -> Asked:
    body = {"unit": str(regency.posts["nyoman"].unit_id), "number": "0365 41234"}
    return reverse("agencies:duty-numbers"), body


def _mark_stage(regency: Regency) -> Asked:
    with scoped(Scope.system()):
        stage = Stage.objects.filter(election="pilkada-2024").earliest("position")
    return reverse("elections:stage-mark", args=[stage.election_id, stage.code]), {"mark": "done"}


def _mark_past(regency: Regency) -> Asked:
    """While the first stage still runs: then the others, long past and not marked, are late."""
    today = local(clock.now(), AREA).date()
    with scoped(Scope.system()):
        first = Stage.objects.filter(election="pilkada-2024").earliest("position")
        Stage.objects.filter(pk=first.pk).update(ends_on=today)
    return reverse("elections:stage-mark-past", args=["pilkada-2024"]), {}


def _cover(regency: Regency) -> dict[str, str]:
    start = local(clock.now(), AREA)
    with scoped(Scope.system()):
        unit = regency.posts["citra"].unit
        who = post_open(unit=unit, role="duty", name="Wayan", at=AT, starts_on=AT.date())
    return {
        "post": str(regency.posts["citra"].pk),
        "by_post": str(who.pk),
        "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (start + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"),
        "reason": "Cuti",
    }


def _cover_set(regency: Regency) -> Asked:
    return reverse("agencies:cover-list"), _cover(regency)


def _cover_ended(regency: Regency) -> Asked:
    regency.browser("nyoman").post(*_cover_set(regency))
    with scoped(Scope.system()):
        cover = Cover.objects.latest("created_at")
    return reverse("agencies:cover-end", args=[cover.pk]), {}


def _hand(regency: Regency) -> Asked:
    """Of a post that ended by itself, with a report still in hand."""
    regency.claimed()
    with scoped(Scope.system()):
        regency.posts["citra"].ends_on = legal_date(clock.now())
        regency.posts["citra"].save(update_fields=["ends_on"])
    body = {"to": str(regency.posts["putri"].pk)}
    return reverse("agencies:post-hand", args=[regency.posts["citra"].pk]), body


PAGES = {
    "agencies:cover-list": Written("nyoman", _cover_set, ADMINISTRATORS, UNKNOWN | {422}),
    "agencies:cover-end": Written("nyoman", _cover_ended, ADMINISTRATORS),
    "agencies:duty-numbers": Written("nyoman", _duty_number, ADMINISTRATORS, UNKNOWN | {422}),
    "agencies:post-hand": Written("nyoman", _hand, ADMINISTRATORS),
    "devices:device-register": Written(
        "nyoman", _on_post("devices:device-register", "ayu", **PHONE), ADMINISTRATORS
    ),
    "devices:device-register-own": Written(
        "ayu", lambda regency: (reverse("devices:device-register-own"), PHONE), ()
    ),
    "devices:device-revoke": Written("nyoman", _on_device("devices:device-revoke"), ADMINISTRATORS),
    "agencies:device-revoke": Written("ayu", _on_device("agencies:device-revoke"), (*STRANGERS, "citra")),
    "agencies:person-invite": Written("nyoman", _invite, ADMINISTRATORS, UNKNOWN | {200}),
    "agencies:people-import": Written("nyoman", _import, ("dewi", "gita"), UNKNOWN | {422}),
    "agencies:invitation-revoke": Written("nyoman", _revoke_invitation, ADMINISTRATORS),
    "agencies:invitation-accept": Written("fajar", _accept_invitation, ()),  # the link is the right
    "agencies:post-end": Written("nyoman", _on_post("agencies:post-end", "ayu"), ADMINISTRATORS),
    "agencies:post-renew": Written("nyoman", _renew, ADMINISTRATORS),
    "agencies:post-choose": Written("citra", _choose_post, seen=_acts_in),
    "agencies:sessions-end": Written("citra", _end_session, answers=frozenset({302}), seen=_sessions),
    "agencies:view-as-begin": Written("nyoman", _view_as, ADMINISTRATORS),
    "agencies:view-as-end": Written("nyoman", _view_as_no_more, ()),
    "elections:stage-mark": Written("citra", _mark_stage, ("eka", "bagas")),
    "elections:stage-mark-past": Written("citra", _mark_past, ("eka", "bagas")),
    "mfa_edit_webauthn": Written("citra", _on_key("mfa_edit_webauthn", name="Kunci kantor")),
    "mfa_remove_webauthn": Written("citra", _on_key("mfa_remove_webauthn")),
}
