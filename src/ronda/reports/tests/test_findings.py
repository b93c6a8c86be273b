"""What a computation found enters through the gate, once, and is filed where it says."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from ronda.gate.inbox import messages_consume
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.reports.adapters import IncomingReport, Sender
from ronda.reports.domain import finding_message
from ronda.reports.models import Report
from ronda.reports.services import (
    FindingId,
    MachineFinding,
    finding_tell,
    findings_untold,
    reports_receive,
)

pytestmark = pytest.mark.django_db
AT = datetime(2024, 2, 14, 13, 0, tzinfo=UTC)
PAGE = "/hasil/pemilu-2024/PPWP/51.01.02/"
FOUND = MachineFinding(
    id=FindingId("recap|pemilu-2024|PPWP|51.01.02|division", datetime(2024, 2, 13, 16, 0, tzinfo=UTC)),
    kind="recap_mismatch",
    election="pemilu-2024",
    area="51.01.02",
    text="Rekapitulasi Kecamatan Mendoyo tidak cocok dengan salinan C.Hasil: perlu dicek pada dokumen.",
    at=AT,
    page=PAGE,
)


@pytest.fixture(autouse=True)
def _places(db: None, settings: Any) -> None:
    settings.GATE_INSIDE_TRANSACTION = True
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)


def _consume() -> list[Report]:
    with scoped(Scope.system()):
        messages_consume(at=AT)
        return list(Report.objects.order_by("received_at", "id"))


def test_a_finding_becomes_a_report_of_the_machine_with_its_page() -> None:
    finding_tell(finding=FOUND, at=AT)

    (report,) = _consume()
    assert (report.source, report.agency, report.kind) == ("machine", "system", "recap_mismatch")
    assert (report.area, report.is_placed, report.page) == ("51.01.02", True, PAGE)
    assert report.text == FOUND.text
    assert report.remarks == []


def test_a_finding_is_told_once_however_often_it_is_found_and_in_whatever_words() -> None:
    assert findings_untold([FOUND.id, FOUND.id]) == {FOUND.id}
    finding_tell(finding=FOUND, at=AT)
    assert findings_untold([FOUND.id]) == set()

    # A node that stopped and counts anew finds a little more under the same key.
    finding_tell(finding=FOUND, at=AT)
    finding_tell(finding=replace(FOUND, text="Sekarang dengan kata lain."), at=AT)

    assert [report.text for report in _consume()] == [FOUND.text]


def test_another_key_is_another_report() -> None:
    other = replace(FOUND, id=FindingId("recap|pemilu-2024|PPWP|51.01.02|total", FOUND.id.since))
    for finding in (FOUND, other):
        finding_tell(finding=finding, at=AT)

    assert len(_consume()) == 2


def test_the_id_of_a_finding_never_changes() -> None:
    # Written down when gaps had an id of their own: a node that is brought up to date must not tell its gaps again.
    half_past_seven = datetime(2024, 2, 13, 23, 30, tzinfo=UTC)
    told = finding_message("silent|pemilu-2024|51.01.02.2004|opened", half_past_seven)

    assert told == UUID("018da4ce-4cc0-7de3-83f6-c91a0c45c8c0")


def test_a_finding_of_a_whole_regency_is_filed_there_and_a_citizen_who_names_one_is_asked_where() -> None:
    finding_tell(finding=replace(FOUND, area="51.01"), at=AT)
    citizen = IncomingReport(message=UUID(int=7), received_at=AT, body={"text": "x"}, place="51.01")
    reports_receive(incoming=[citizen])

    placed = {report.source: (report.area, report.is_placed) for report in _consume()}
    assert placed == {"machine": ("51.01", True), "public": ("51.01", False)}


@pytest.mark.parametrize(
    ("sender", "page", "kept"),
    [
        (Sender("system", "system"), PAGE, PAGE),
        (Sender("system", "system"), "//elsewhere.example/", ""),
        (Sender("system", "system"), "https://elsewhere.example/", ""),
        (Sender("system", "system"), "javascript:alert(1)", ""),
        (Sender("system", "system"), "/hasil/\n", ""),
        (Sender("system", "system"), 7, ""),
        (Sender(), PAGE, ""),
        (Sender("bawaslu", "bawaslu", "51.01"), PAGE, ""),
    ],
)
def test_only_the_machine_points_to_a_page_and_only_to_one_of_this_node(
    sender: Sender, page: object, kept: str
) -> None:
    body = {"text": "x", "page": page}
    incoming = IncomingReport(message=UUID(int=8), received_at=AT, body=body, place="51.01.02", sender=sender)

    (report,) = reports_receive(incoming=[incoming])

    assert report.page == kept


def test_dewa_of_another_regency_and_the_police_do_not_see_it() -> None:
    finding_tell(finding=FOUND, at=AT)
    _consume()

    for scope, seen in (
        (Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2, 3)), 1),
        (Scope("bawaslu", "bawaslu", "35.09", (0, 1, 2, 3)), 0),
        (Scope("polri", "polri", "51.01", (0, 1, 2, 3)), 0),
        (Scope("tni", "tni", "51.01", (0, 1, 2, 3)), 0),
    ):
        with scoped(scope):
            assert Report.objects.count() == seen, scope
