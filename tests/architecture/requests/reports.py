"""Requests about reports, and about messages that the gate held."""

from collections.abc import Callable

from django.urls import reverse

from ronda.reports.forms import message_id
from ronda.reports.services import reports_split
from tests.architecture.regency import AREA, Regency
from tests.architecture.requests.written import (
    WORDS,
    Asked,
    Written,
    moment,
    on_record,
)


def _placed(regency: Regency) -> Asked:
    body = {"place": regency.village, "station": "2", "note": "Ditelepon."}
    return reverse("reports:report-place", args=[regency.report().id]), body


def _verified(regency: Regency) -> Asked:
    body = {
        "kind": "count_procedure",
        "place": regency.village,
        "station": "7",
        "happened_at": moment(-1),
        "source_check": "document",
        "document": "LHP/7",
        "incident": "baru",
        "title": "Keributan di TPS 07",
    }
    return reverse("incidents:report-verify", args=[regency.report().id]), body


def _handed_on(regency: Regency) -> Asked:
    body = {"to": str(regency.posts["putri"].pk)}
    return reverse("reports:report-hand-on", args=[regency.claimed().id]), body


def _merged(regency: Regency) -> Asked:
    first, second = regency.grouped()
    regency.done(reports_split, "citra", reports=[second.id], note="")
    return reverse("reports:reports-merge", args=[first.id]), {
        "report": str(second.id),
        "note": "Satu kejadian.",
    }


def _split(regency: Regency) -> Asked:
    first, second = regency.grouped()
    return reverse("reports:reports-split", args=[first.id]), {"report": [str(second.id)], "note": "Lain."}


def _told(path: str) -> Callable[[Regency], Asked]:
    return lambda regency: (
        path,
        {"message": str(message_id()), "text": "Ada yang membagi amplop.", "place": regency.village},
    )


def _place_held(regency: Regency) -> Asked:
    body = {"place": "51.01.02.2003", "station": "3", "note": "Pengirim ditelepon."}
    return reverse("held:outcome-show", args=[regency.held()]), body


def _set_aside(regency: Regency) -> Asked:
    return reverse("held:outcome-set-aside", args=[regency.held()]), WORDS


def _release(regency: Regency) -> Asked:
    return reverse("held:outcome-release", args=[regency.held(kind="drone-video")]), {}


PAGES = {
    "incidents:report-verify": Written("citra", _verified),
    "reports:report-place": Written("citra", _placed),
    "reports:report-reject": Written(
        "citra", on_record("reports:report-reject", Regency.report, reason="trial", note="uji")
    ),
    "reports:report-return": Written("citra", on_record("reports:report-return", Regency.rejected, **WORDS)),
    "reports:report-claim": Written("citra", on_record("reports:report-claim", Regency.report, note="")),
    "reports:report-release": Written("citra", on_record("reports:report-release", Regency.claimed)),
    "reports:report-hand-on": Written("citra", _handed_on),
    "reports:reports-merge": Written("citra", _merged),
    "reports:reports-split": Written("citra", _split),
    "reports:report-stand": Written(
        "citra",
        on_record(
            "reports:report-stand",
            Regency.report,
            standing="temuan",
            document="BA/3/PLENO",
            stated_on="2024-11-27",
        ),
    ),
    "reports:contact-reveal": Written(
        "citra", on_record("reports:contact-reveal", Regency.report_with_contact, **WORDS)
    ),
    "reports:report-create": Written("ayu", _told("/laporan/baru"), ()),
    "reports:public-report": Written("fajar", _told(f"/lapor?wilayah={AREA}"), ()),
    "held:outcome-show": Written("citra", _place_held),
    "held:outcome-set-aside": Written("citra", _set_aside),
    "held:outcome-release": Written("citra", _release),
}
