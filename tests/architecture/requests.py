"""Every writing request of the site with a body that does something: who sends it, about what, and who must not.

`PAGES` is keyed by the name of the route (for acts: route and slug), `OPERATIONS` by the path of the interface. A
request without a record of somebody's own (one's own session, the public form) has no strangers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ronda.agencies.models import Session
from ronda.agencies.sessions import digest
from ronda.agencies.tests.factories import add_key, sign_in
from ronda.elections.models import Stage
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.reports.forms import message_id
from ronda.web.localtime import local
from tests.architecture.regency import AREA, INVITED, Regency

# An agency with another mandate in the same regency, a party witness, and the same agency in another regency.
STRANGERS = ("gita", "eka", "dewa")
ADMINISTRATORS = ("surya", "dewi", "gita")
UNKNOWN = frozenset({403, 404})
Asked = tuple[str, dict[str, Any]]
WORDS = {"reason": "Salah alamat."}


@dataclass(frozen=True)
class Written:
    """Who sends it; what is made before, which gives address and body; who must not; how strangers are answered."""

    by: str
    made: Callable[[Regency], Asked]
    strangers: tuple[str, ...] = STRANGERS
    answers: frozenset[int] = UNKNOWN
    seen: Callable[[Regency], object] | None = None  # what it changes, when that is part of a session


def _moment(regency: Regency, hours: int) -> str:
    return local(clock.now() + timedelta(hours=hours), AREA).strftime("%Y-%m-%dT%H:%M")


# --------------------------------------------------------------------------------------------- reports
def _on_report(route: str, make: Callable[[Regency], Any], **body: Any) -> Callable[[Regency], Asked]:
    return lambda regency: (reverse(route, args=[make(regency).id]), body)


def _placed(regency: Regency) -> Asked:
    body = {"place": regency.village, "station": "2", "note": "Ditelepon."}
    return reverse("reports:report-place", args=[regency.report().id]), body


def _verified(regency: Regency) -> Asked:
    body = {
        "kind": "count_procedure",
        "place": regency.village,
        "station": "7",
        "happened_at": _moment(regency, -1),
        "source_check": "two_sources",
        "incident": "baru",
        "title": "Keributan di TPS 07",
    }
    return reverse("incidents:report-verify", args=[regency.report().id]), body


def _told(path: str) -> Callable[[Regency], Asked]:
    return lambda regency: (
        path,
        {"message": str(message_id()), "text": "Ada yang membagi amplop.", "place": regency.village},
    )


# ------------------------------------------------------------------------------------------ publishing
def _propose(regency: Regency) -> Asked:
    regency.counted()
    return reverse("publishing:publication-propose"), {"election": "pilkada-2024", "contests": "BUP"}


def _confirm(regency: Regency) -> Asked:
    made = regency.publication()
    return reverse("publishing:publication-confirm", args=[made.pk]), {"digest": made.digest}


def _correct(regency: Regency) -> Asked:
    body = {"election": "pilkada-2024", "contest": "BUP", "station": regency.published()}
    return reverse("publishing:correction-enter"), {**body, "basis": "BA 12", "reason": "Salah salin."}


# --------------------------------------------------------------------------------------- entry, plenum
BOXES = {"v0": "190", "v1": "42", "sah": "232"}
RESULTS_STRANGERS = ("gita", "bagas", "dewa")


def _form_new(regency: Regency) -> Asked:
    regency.lists()
    body = {"contest": "pilkada-2024/BUP", "station": regency.station, "source": "ptps"}
    return reverse("entry:form-new"), body


def _on_draft(route: str, **body: Any) -> Callable[[Regency], Asked]:
    return lambda regency: (reverse(route, args=[regency.draft().form_id]), body)


def _form_photo(regency: Regency) -> Asked:
    photo = SimpleUploadedFile("c.jpg", b"\xff\xd8\xff\xe0kertas", "image/jpeg")
    return reverse("entry:form-photo", args=[regency.draft().form_id]), {"photo": photo}


def _replacement_new(regency: Regency) -> Asked:
    regency.lists()
    body = {
        "outcome": "revote",
        "contests": "ini",
        "decision": "KPU 12/2024",
        "reason": "Pasal 112 ayat (2).",
        "since": _moment(regency, -2),
    }
    return reverse("results:replacement-new", args=["pilkada-2024", "BUP", regency.station]), body


def _plenum_new(regency: Regency) -> Asked:
    regency.lists()
    return reverse("plenum:plenum-new"), {"contest": "pilkada-2024/BUP", "area": regency.district}


def _plenum_box(regency: Regency) -> Asked:
    address = reverse("plenum:plenum-box", args=[regency.plenum().pk])
    return f"{address}?kolom={regency.district}", BOXES


def _plenum_close(regency: Regency) -> Asked:
    return reverse("plenum:plenum-close", args=[regency.plenum_heard().pk]), {}


def _objection_new(regency: Regency) -> Asked:
    plenum, key = regency.difference()
    return reverse("plenum:objection-new", args=[plenum.pk]), {"finding": key}


def _objection_decide(regency: Regency) -> Asked:
    return reverse("plenum:objection-decide", args=[regency.objection().pk]), {
        "state": "corrected",
        "note": "BA 3",
    }


# ------------------------------------------------------------------------------------------- incidents
def _act(slug: str, make: Callable[[Regency], Any], **body: Any) -> Callable[[Regency], Asked]:
    def made(regency: Regency) -> Asked:
        one = make(regency)
        return reverse("incidents:incident-act", args=[getattr(one, "incident_id", one.id), slug]), body

    return made


def _hand_over(regency: Regency) -> Asked:
    body = {"desk": f"polri|{regency.polsek.area}", "request": "Amankan."}
    return reverse("incidents:incident-act", args=[regency.opened().id, "hand-over"]), body


def _assign(regency: Regency) -> Asked:
    body = {"title": "Patroli", "desk": f"bawaslu|{AREA}", "due_at": _moment(regency, 2)}
    return reverse("incidents:incident-act", args=[regency.started().id, "assign"]), body


def _relate(regency: Regency) -> Asked:
    body = {"number": regency.opened().label, "note": "Satu massa."}
    return reverse("incidents:incident-act", args=[regency.opened().id, "relate"]), body


def _on_action(slug: str, make: Callable[[Regency], Any]) -> Callable[[Regency], Asked]:
    return lambda regency: (reverse("incidents:action-act", args=[make(regency).id, slug]), WORDS)


INCIDENT_ACTS = {
    "accept": Written("bagas", _act("accept", Regency.handed)),
    "start": Written("citra", _act("start", Regency.opened)),
    "close": Written("putri", _act("close", Regency.proven, note="Dilihat.")),
    "hand-over": Written("citra", _hand_over),
    "assign": Written("citra", _assign),
    "finish": Written(
        "citra", _act("finish", Regency.started, note="Aman.", evidence_kind="document", document="LP/12")
    ),
    "refuse": Written("bagas", _act("refuse", Regency.handed, **WORDS)),
    "receive": Written("bagas", _act("receive", Regency.handed)),
    "withdraw": Written("citra", _act("withdraw", Regency.handed, **WORDS)),
    "give-back": Written("bagas", _act("give-back", Regency.accepted, **WORDS)),
    "send-back": Written("putri", _act("send-back", Regency.proven, **WORDS)),
    "reopen": Written("putri", _act("reopen", Regency.closed, **WORDS)),
    "note": Written("citra", _act("note", Regency.opened, text="Massa bubar.")),
    "relate": Written("citra", _relate),
}
ACTION_ACTS = {
    "selesai": Written("citra", _on_action("selesai", Regency.action)),
    "batalkan": Written("citra", _on_action("batalkan", Regency.action)),
    "buka": Written("citra", _on_action("buka", Regency.action_done)),
}


# -------------------------------------------------------------------------------------------- messages
def _place_held(regency: Regency) -> Asked:
    body = {"place": "51.01.02.2003", "station": "3", "note": "Pengirim ditelepon."}
    return reverse("held:outcome-show", args=[regency.held()]), body


def _set_aside(regency: Regency) -> Asked:
    return reverse("held:outcome-set-aside", args=[regency.held()]), WORDS


def _release(regency: Regency) -> Asked:
    return reverse("held:outcome-release", args=[regency.held(kind="drone-video")]), {}


# ---------------------------------------------------------------------------------------------- people
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


# --------------------------------------------------------------------------------------------- stages
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


PAGES = {
    **{f"incidents:incident-act/{slug}": case for slug, case in INCIDENT_ACTS.items()},
    **{f"incidents:action-act/{slug}": case for slug, case in ACTION_ACTS.items()},
    "incidents:link-end": Written("citra", _on_report("incidents:link-end", Regency.link, **WORDS)),
    "incidents:report-verify": Written("citra", _verified),
    "reports:report-place": Written("citra", _placed),
    "reports:report-reject": Written(
        "citra", _on_report("reports:report-reject", Regency.report, reason="trial", note="uji")
    ),
    "reports:report-return": Written("citra", _on_report("reports:report-return", Regency.rejected, **WORDS)),
    "reports:contact-reveal": Written(
        "citra", _on_report("reports:contact-reveal", Regency.report_with_contact, **WORDS)
    ),
    "reports:report-create": Written("ayu", _told("/laporan/baru"), ()),
    "reports:public-report": Written("fajar", _told(f"/lapor?wilayah={AREA}"), ()),
    "publishing:publication-propose": Written("citra", _propose, ("gita", "eka")),
    "publishing:publication-confirm": Written("putri", _confirm),
    "publishing:publication-refuse": Written(
        "putri",
        lambda regency: (
            reverse("publishing:publication-refuse", args=[regency.publication().pk]),
            WORDS,
        ),
    ),
    "publishing:correction-enter": Written("citra", _correct, ("gita", "eka")),
    "entry:form-new": Written("citra", _form_new, ("gita", "bagas")),
    "entry:form-box": Written("citra", _on_draft("entry:form-box", **BOXES), RESULTS_STRANGERS),
    "entry:form-photo": Written("citra", _form_photo, RESULTS_STRANGERS),
    "entry:form-finish": Written("citra", _on_draft("entry:form-finish", **BOXES), RESULTS_STRANGERS),
    "results:replacement-new": Written("citra", _replacement_new, ("bagas", "eka", "dewa")),
    "plenum:plenum-new": Written("citra", _plenum_new, ("gita", "bagas", "eka")),
    "plenum:plenum-box": Written("citra", _plenum_box),
    "plenum:plenum-close": Written("citra", _plenum_close),
    "plenum:objection-new": Written("citra", _objection_new),
    "plenum:objection-decide": Written("citra", _objection_decide),
    "held:outcome-show": Written("citra", _place_held),
    "held:outcome-set-aside": Written("citra", _set_aside),
    "held:outcome-release": Written("citra", _release),
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


# ------------------------------------------------------------------------------------------ interface
def _facts(regency: Regency) -> Asked:
    body = {
        "report": str(regency.report().id),
        "kind": "violence",
        "place": regency.village,
        "happened_at": (clock.now() - timedelta(hours=1)).isoformat(),
        "source_check": "seen",
        "title": "Keributan di TPS 07",
    }
    return "incidents", body


def _api(path: str, make: Callable[[Regency], Any], **body: Any) -> Callable[[Regency], Asked]:
    return lambda regency: (path.format(make(regency).id), body)


def _api_place(regency: Regency) -> Asked:
    return f"reports/{regency.report().id}/place", {"place": regency.village, "station_code": ""}


def _api_hand_over(regency: Regency) -> Asked:
    body = {"agency": "polri", "area": regency.polsek.area, "request": "Amankan."}
    return f"incidents/{regency.opened().id}/handover", body


def _api_assign(regency: Regency) -> Asked:
    due = (clock.now() + timedelta(hours=1)).isoformat()
    body = {"title": "Patroli", "agency": "bawaslu", "area": AREA, "due_at": due}
    return f"incidents/{regency.started().id}/actions", body


def _api_relate(regency: Regency) -> Asked:
    return f"incidents/{regency.opened().id}/relate", {"other": str(regency.opened().id)}


PROOF = {"note": "Aman.", "evidence_kind": "document", "evidence": "LP/12"}
OPERATIONS = {
    "/api/v1/reports/{report_id}/place": Written("citra", _api_place),
    "/api/v1/reports/{report_id}/reject": Written(
        "citra", _api("reports/{}/reject", Regency.report, reason="trial", note="uji")
    ),
    "/api/v1/reports/{report_id}/return": Written(
        "citra", _api("reports/{}/return", Regency.rejected, note="lihat lagi")
    ),
    "/api/v1/incidents": Written("citra", _facts),
    "/api/v1/incidents/{incident_id}/start": Written("citra", _api("incidents/{}/start", Regency.opened)),
    "/api/v1/incidents/{incident_id}/note": Written(
        "citra", _api("incidents/{}/note", Regency.opened, text="Massa bubar.")
    ),
    "/api/v1/incidents/{incident_id}/handover": Written("citra", _api_hand_over),
    "/api/v1/incidents/{incident_id}/actions": Written("citra", _api_assign),
    "/api/v1/incidents/{incident_id}/finish": Written(
        "citra", _api("incidents/{}/finish", Regency.started, **PROOF)
    ),
    "/api/v1/incidents/{incident_id}/close": Written("putri", _api("incidents/{}/close", Regency.proven)),
    "/api/v1/incidents/{incident_id}/send-back": Written(
        "putri", _api("incidents/{}/send-back", Regency.proven, **WORDS)
    ),
    "/api/v1/incidents/{incident_id}/reopen": Written(
        "putri", _api("incidents/{}/reopen", Regency.closed, **WORDS)
    ),
    "/api/v1/incidents/{incident_id}/relate": Written("citra", _api_relate),
    "/api/v1/incidents/handovers/{handover_id}/receive": Written(
        "bagas", _api("incidents/handovers/{}/receive", Regency.handed)
    ),
    "/api/v1/incidents/handovers/{handover_id}/accept": Written(
        "bagas", _api("incidents/handovers/{}/accept", Regency.handed)
    ),
    "/api/v1/incidents/handovers/{handover_id}/refuse": Written(
        "bagas", _api("incidents/handovers/{}/refuse", Regency.handed, **WORDS)
    ),
    "/api/v1/incidents/handovers/{handover_id}/return": Written(
        "bagas", _api("incidents/handovers/{}/return", Regency.accepted, **WORDS)
    ),
    "/api/v1/incidents/handovers/{handover_id}/withdraw": Written(
        "citra", _api("incidents/handovers/{}/withdraw", Regency.handed, **WORDS)
    ),
    "/api/v1/incidents/actions/{action_id}/finish": Written(
        "citra", _api("incidents/actions/{}/finish", Regency.action, **WORDS)
    ),
    "/api/v1/incidents/actions/{action_id}/cancel": Written(
        "citra", _api("incidents/actions/{}/cancel", Regency.action, **WORDS)
    ),
    "/api/v1/incidents/links/{link_id}/end": Written(
        "citra", _api("incidents/links/{}/end", Regency.link, **WORDS)
    ),
}

# Addresses that take a POST and have no case, each with its reason.
OWN = "django-allauth's own page about the account that is signed in; names nobody else's record"
EXCUSED = {
    "/api/v1/reports/follow": "reads states under a receipt code",
    "portal:follow": "reads states under a receipt code",
    "gate:token-public": "gives anyone a token with which reports may be sent; keeps nothing",
    "web:preference-set": "sets cookies of the browser that asks",
    "agencies:step-up": "sends on to the proof that the account has; keeps it in the own session",
    "agencies:sign-out": "ends the own session",
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_reauthenticate",
            "account_change_password",
            "account_set_password",
            "mfa_authenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_login_webauthn",
            "mfa_add_webauthn",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_index",
            "mfa_list_webauthn",
            "openid_connect_login",
            "openid_connect_callback",
            "socialaccount_signup",
            "socialaccount_connections",
        ),
        OWN,
    ),
}
