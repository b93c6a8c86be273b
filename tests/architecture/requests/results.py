"""Requests about results: entry, plenums, replaced results, publishing."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.architecture.regency import Regency
from tests.architecture.requests.written import (
    WORDS,
    Asked,
    Written,
    moment,
)


def _propose(regency: Regency) -> Asked:
    regency.counted()
    return reverse("publishing:publication-propose"), {"election": "pilkada-2024", "contests": "BUP"}


def _confirm(regency: Regency) -> Asked:
    made = regency.publication()
    return reverse("publishing:publication-confirm", args=[made.pk]), {"digest": made.digest}


def _correct(regency: Regency) -> Asked:
    body = {"election": "pilkada-2024", "contest": "BUP", "station": regency.published()}
    return reverse("publishing:correction-enter"), {**body, "basis": "BA 12", "reason": "Salah salin."}


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
        "since": moment(-2),
    }
    return reverse("results:replacement-new", args=["pilkada-2024", "BUP", regency.station]), body


def _audit_freeze(regency: Regency) -> Asked:
    regency.lists()
    return reverse("results:audit-show", args=["pilkada-2024", "BUP", regency.district]), {"kind": "missing"}


def _audit_draw(regency: Regency) -> Asked:
    frozen = regency.frozen()
    address = reverse("results:audit-round", args=["pilkada-2024", "BUP", regency.district, frozen.pk])
    return address, {"seed": "31415926535897932384", "origin": "Dadu di kantor KPU.", "number": "2"}


def _plenum_new(regency: Regency) -> Asked:
    regency.lists()
    return reverse("plenum:plenum-new"), {"contest": "pilkada-2024/BUP", "area": regency.district}


def _plenum_box(regency: Regency) -> Asked:
    address = reverse("plenum:plenum-box", args=[regency.plenum().pk])
    return f"{address}?kolom={regency.district}", BOXES


def _plenum_file(regency: Regency) -> Asked:
    content = f"kotak;{regency.district}\nv0;190\n".encode()
    file = SimpleUploadedFile("d-hasil.csv", content, "text/csv")
    return reverse("plenum:plenum-file", args=[regency.plenum().pk]), {"file": file}


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


PAGES = {
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
    "results:audit-show": Written("citra", _audit_freeze, ("gita", "bagas", "eka", "dewa")),
    "results:audit-round": Written("citra", _audit_draw, ("gita", "bagas", "eka", "dewa")),
    "plenum:plenum-new": Written("citra", _plenum_new, ("gita", "bagas", "eka")),
    "plenum:plenum-box": Written("citra", _plenum_box),
    "plenum:plenum-file": Written("citra", _plenum_file),
    "plenum:plenum-close": Written("citra", _plenum_close),
    "plenum:objection-new": Written("citra", _objection_new),
    "plenum:objection-decide": Written("citra", _objection_decide),
}
