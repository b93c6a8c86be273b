"""The worker makes the screens once for every count that rests; a page only reads them and says how old they are."""

import re
from datetime import timedelta

import pytest

from ronda.agencies.tests.factories import cast, sign_in
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.results.models import AreaSummary, Screening
from ronda.results.selectors_screens import LONGEST, REST, screenings_due
from ronda.results.services import checks_rebuild
from ronda.results.tasks import screens_make
from ronda.results.tests.test_screens_page import REGENCY, plant, screened, text_of
from ronda.results.tests.test_sheets_import import AT, bring_in

NAMES = ["Hasil kembar", "Suara terbanyak", "Suara tidak sah", "Kehadiran", "Sidik jari kehadiran dan suara"]
NAMES += ["Persen bulat", "Angka terakhir", "Bagian yang bertumpuk"]


@pytest.fixture
def people(db):
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        bring_in("jembrana")
    return cast()


def kept(area="51.01"):
    with scoped(Scope.system()):
        return Screening.objects.get(area=area)


def test_a_page_asked_for_before_the_worker_came_says_so_and_computes_nothing(people, client):
    assert "Penapisan belum dihitung" in text_of(client, people["citra"])
    with scoped(Scope.system()):
        assert not Screening.objects.exists()


def test_no_request_computes_a_screen(people, client, monkeypatch):
    screened("51.01")
    for name in ("screen", "neighbour_outliers"):
        monkeypatch.setattr(f"ronda.results.adapters.screens_kept.{name}", pytest.fail)
    assert 'id="scr-tps"' in text_of(client, people["citra"])


def test_spikes_stand_last_in_the_order_of_worth_with_seed_tests_and_a_size(people, client):
    screened("51.01")
    text = text_of(client, people["citra"])
    names = [name for name in re.findall("<h3>([^<]*)</h3>", text) if name in NAMES]
    assert names == NAMES
    line = text[text.index(f"<h3>{NAMES[-1]}</h3>") :]
    assert "perlu dicek bila di bawah 0,01" in line
    assert "1.000" in line
    assert "benih 1, pemilu tiruan 1.000 kali" in line


def test_the_page_says_when_and_of_how_many_stations_it_was_made(people, client):
    screened("51.01")
    text = text_of(client, people["citra"])
    assert "dari 798 TPS." in text
    assert kept().digest[:12] in text
    assert "Hitungan suara tidak berubah sejak itu." in text


def test_a_count_that_moved_since_is_said_with_how_far(people, client, tmp_path):
    screened("51.01")
    plant(tmp_path)
    text = text_of(client, people["citra"])
    assert "Sejak itu hitungan bergerak: 0 TPS," in text
    screened("51.01")
    assert "Sejak itu hitungan bergerak" not in text_of(client, people["citra"])


def test_a_count_made_again_from_the_same_figures_is_not_screened_again(people, client):
    screens_make()
    before = kept()
    with scoped(Scope.system()):
        villages = set(AreaSummary.objects.filter(level="village").values_list("area", flat=True))
        checks_rebuild(election="pemilu-2019", contest="PPWP", areas=villages, at=AT)
    assert "dibuat lagi sejak itu; jumlahnya sama" in text_of(client, people["citra"])
    assert screens_make() > 0
    assert (kept().pk, kept().created_at) == (before.pk, before.created_at)
    assert "tidak berubah sejak itu" in text_of(client, people["citra"])
    assert screens_make() == 0


def test_a_count_that_still_moves_is_left_until_it_rests_but_not_for_ever(people):
    with scoped(Scope.system()):
        assert {one.area for one in screenings_due(AT)} >= {"51.01", "51.01.01"}, (
            "the first time nothing waits"
        )
    screens_make()
    with scoped(Scope.system()):
        assert not screenings_due(AT + timedelta(days=1))
        row = AreaSummary.objects.get(area="51.01")
        made = kept().created_at
        Screening.objects.filter(area="51.01").update(count=AreaSummary.objects.get(area="51.01.01").pk)
        assert not screenings_due(row.created_at + REST - timedelta(seconds=1))
        assert [one.area for one in screenings_due(row.created_at + REST)] == ["51.01"]
        AreaSummary.objects.filter(area="51.01").delete()
        row.created_at = made + LONGEST
        row.save(force_insert=True)
        assert not screenings_due(made + LONGEST - timedelta(seconds=1))
        assert [one.area for one in screenings_due(made + LONGEST)] == ["51.01"]


def test_each_screening_is_one_event_and_one_audit_line_and_carries_no_figure(people):
    screened("51.01")
    with scoped(Scope.system()):
        event = EventRow.objects.get(name="screening.made", area="51.01")
        assert AuditLine.objects.filter(action="screening.made", subject=event.subject).count() == 1
    assert event.data == {"election": "pemilu-2019", "contest": "PPWP", "digest": kept().digest}


def test_nobody_but_the_supervisor_reads_what_is_kept(people):
    screened("51.01.01")
    for kind in ("polri", "tni", "kpu", "partai", "pemantau", "publik", "kesbangpol"):
        with scoped(Scope(kind, kind, "51.01", (0, 1, 2, 3, 4))):
            assert not Screening.objects.exists(), kind
    with scoped(Scope("bawaslu", "bawaslu", "51.01", (0, 1))):
        assert Screening.objects.exists()


def test_the_worker_makes_screens_apart_from_its_messages():
    from ronda.gate import consumers

    assert consumers.rounds()["results screens"].is_apart


def test_a_stranger_of_another_regency_is_told_nothing(people, client):
    screened("51.01")
    sign_in(client, people["dewa"])
    assert client.get(REGENCY).status_code == 404
