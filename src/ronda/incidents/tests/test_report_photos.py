"""Photos of reports: a working copy for who may open it, what disagrees with the report, photos that look alike."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.tests.factories import cast, sign_in
from ronda.evidence.services import copy_make
from ronda.evidence.tests.pictures import jpeg
from ronda.gate.domain import Grant
from ronda.gate.services import file_hand_in
from ronda.incidents.tests.cast import said
from ronda.kernel import clock
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.places.models import Area, Outline
from ronda.places.services import areas_load
from ronda.reports.models import Report, ReportGrouping, ReportSketch
from ronda.reports.services import looks, reports_receive
from ronda.reports.services.looks import looks_note

pytestmark = pytest.mark.django_db
AT = datetime(2024, 11, 27, 5, 0, tzinfo=UTC)
THEN = "2024:11:25 09:00:00"


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Any) -> Any:
    settings.VAR = tmp_path
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
    return cast()


@pytest.fixture
def open_as(people: Any) -> Any:
    def opened(name: str) -> Client:
        client = Client()
        sign_in(client, people[name])
        return client

    return opened


@pytest.fixture(autouse=True)
def nothing_noted() -> None:
    looks._noted.clear()


def sent(people: Any, content: bytes, place: str = "", hours: int = 0, **changes: Any) -> Report:
    """A report of a citizen with one photo, decoded by the worker."""
    area, at = place or people["ayu"].area, AT + timedelta(hours=hours)
    sha = file_hand_in(content=BytesIO(content), kind="image/jpeg", grant=Grant.public(), at=AT)
    file = {"sha256": sha, "size": len(content), "type": "image/jpeg"}
    (made,) = reports_receive(
        incoming=[said(received_at=at, captured_at=at, place=area, files=(file,), **changes)]
    )
    copy_make(sha256=sha, agency="publik", area=area, at=clock.now())
    return made


def photo_url(report: Report) -> str:
    return f"/laporan/{report.id}/foto/{report.files[0]['sha256']}"


def test_who_may_opens_the_working_copy_and_it_is_noted(open_as: Any, people: Any) -> None:
    report = sent(people, jpeg(1))
    citra = open_as("citra")
    assert photo_url(report) in citra.get(f"/laporan/{report.id}").content.decode()
    answer = citra.get(photo_url(report))
    assert answer.status_code == 302
    assert "/salinan/" in answer["Location"]
    with scoped(Scope.system()):
        (line,) = AuditLine.objects.filter(action="report.photo_read")
    assert (line.subject, str(line.person)) == (report.id, str(people["citra"].person_id))


@pytest.mark.parametrize("who", ["dewa", "eka", "ayu", "bagas"])
@pytest.mark.parametrize("page", ["", "/mirip"])
def test_nobody_else_opens_or_searches_it(open_as: Any, people: Any, who: str, page: str) -> None:
    report = sent(people, jpeg(1))
    assert open_as(who).get(photo_url(report) + page).status_code == 404


def test_a_file_of_another_report_is_not_opened_through_this_one(open_as: Any, people: Any) -> None:
    report, other = sent(people, jpeg(1)), sent(people, jpeg(2))
    citra = open_as("citra")
    assert citra.get(f"/laporan/{report.id}/foto/{other.files[0]['sha256']}").status_code == 404
    assert citra.get(f"/laporan/{report.id}/foto/{other.files[0]['sha256']}/mirip").status_code == 404


def test_a_photo_of_another_day_and_place_says_so(open_as: Any, people: Any) -> None:
    area = people["ayu"].area
    with scoped(Scope.system()):
        drawn = {
            "geometry": {},
            "bbox": [114.6, -8.4, 114.8, -8.3],
            "lon": 114.7,
            "lat": -8.35,
            "tolerance": 0,
        }
        Outline.objects.update_or_create(pk=area, defaults=drawn)
    report = sent(people, jpeg(1, taken=THEN, point=(-8.8, 115.2)))
    text = open_as("citra").get(f"/laporan/{report.id}").content.decode()
    assert "Menurut jam kamera, foto diambil" in text
    assert "km dari desa yang disebut laporan" in text


def test_a_photo_that_agrees_raises_no_doubt(open_as: Any, people: Any) -> None:
    report = sent(people, jpeg(1, taken="2024:11:27 13:10:00"))
    page = open_as("citra").get(f"/laporan/{report.id}")
    assert [file.doubts for file in page.context["files"]] == [[]]


def test_photos_alike_are_found_within_the_scope(open_as: Any, people: Any) -> None:
    report = sent(people, jpeg(20))
    again = sent(people, jpeg(20, size=(320, 240), quality=40), body={"text": "Spanduk roboh"}, station=3)
    sent(people, jpeg(30), body={"text": "Jalan putus"}, station=4)
    same = sent(people, jpeg(20), body={"text": "Listrik padam"}, station=5)
    found = open_as("citra").get(photo_url(report) + "/mirip").context["found"]
    assert [(one.report.id, one.is_same_file) for one in found] == [(same.id, True), (again.id, False)]
    assert all(0.9 <= one.share <= 1 for one in found)


def test_a_photo_of_another_regency_is_not_told_of(open_as: Any, people: Any) -> None:
    report = sent(people, jpeg(20))
    with scoped(Scope.system()):
        for code, level in (("35.09", "regency"), ("35.09.01", "district"), ("35.09.01.2001", "village")):
            Area.objects.create(
                code=code,
                level=level,
                kind=level,
                name=code,
                parent=code[:-3],
                province="35",
                regency="35.09",
            )
    sent(people, jpeg(20), place="35.09.01.2001")
    page = open_as("citra").get(photo_url(report) + "/mirip")
    assert page.context["found"] == []
    assert "Tidak ada foto lain yang mirip" in page.content.decode()


def test_reports_with_like_photos_stand_together_once_the_photos_are_decoded(people: Any) -> None:
    first = sent(people, jpeg(20), body={"text": "Spanduk roboh", "kind": ""}, station=None)
    later = sent(
        people, jpeg(20, quality=40), body={"text": "Pagar rusak", "kind": ""}, station=None, hours=3
    )
    other = sent(people, jpeg(30), body={"text": "Tenda robek", "kind": ""}, station=None, hours=3)
    assert len({first.group, later.group, other.group}) == 3
    looks_note()
    with scoped(Scope.system()):
        groups = [Report.objects.get(pk=one.pk).group for one in (first, later, other)]
        proposal = ReportGrouping.objects.get(report=later)
    assert groups == [first.group, first.group, other.group]
    assert proposal.grounds["photo"] == 1
    assert looks_note() == 0


def test_a_photo_that_was_decoded_before_its_report_came_is_compared_at_once(people: Any) -> None:
    first = sent(people, jpeg(20), body={"text": "Spanduk roboh", "kind": ""}, station=None)
    looks_note()
    again = jpeg(20, quality=40)
    sha = file_hand_in(content=BytesIO(again), kind="image/jpeg", grant=Grant.public(), at=AT)
    copy_make(sha256=sha, agency="publik", area=first.area, at=clock.now())
    later = sent(people, again, body={"text": "Pagar rusak", "kind": ""}, station=None, hours=3)
    with scoped(Scope.system()):
        assert list(ReportSketch.objects.get(report=later).photos)
