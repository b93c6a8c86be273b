from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from ronda.kernel import clock
from ronda.web import frame
from ronda.web.icons import ICONS, MARKS

NOW = datetime(2024, 2, 14, 8, 42, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def render(source: str, **context: object) -> str:
    return Template("{% load ronda %}" + source).render(Context(context))


def test_a_state_is_a_shape_a_word_and_a_colour() -> None:
    html = render('{% state "late" "Lewat waktu" %}')
    assert 'class="st st-late"' in html
    assert "<svg" in html
    assert "Lewat waktu" in html


@pytest.mark.parametrize("kind", sorted(MARKS))
def test_every_mark_draws(kind: str) -> None:
    assert "<svg" in render("{% mark kind %}", kind=kind)


@pytest.mark.parametrize("name", sorted(ICONS))
def test_every_icon_draws(name: str) -> None:
    assert "<path" in render("{% icon name %}", name=name)


def test_a_due_time_that_has_passed_is_loud_and_one_ahead_is_not() -> None:
    late = render("{% due at '51.01' %}", at=NOW - timedelta(minutes=22))
    ahead = render(
        "{% due at '51.01' start %}", at=NOW + timedelta(minutes=30), start=NOW - timedelta(minutes=30)
    )
    assert "is-late" in late
    assert "lewat 22 menit · 16.20 WITA" in late
    assert "is-late" not in ahead
    assert "sisa 30 menit · 17.12 WITA" in ahead
    assert 'width="50.0%"' in ahead


def test_a_moment_stands_relative_and_absolute() -> None:
    html = render("{% when at '35.09' %}", at=NOW - timedelta(minutes=22))
    assert "22 menit lalu · 15.20 WIB" in html
    assert 'datetime="2024-02-14T08:20:00+00:00"' in html


def test_hostile_names_are_escaped() -> None:
    html = render('{% state "new" word %}', word="<script>alert(1)</script>")
    assert "<script>" not in html


def test_the_address_keeps_its_other_parameters() -> None:
    request = RequestFactory().get("/laporan", {"keadaan": "baru", "page": "2"})
    assert render("{% query page=3 %}", request=request) == "?keadaan=baru&amp;page=3"
    assert render("{% query page=None %}", request=request) == "?keadaan=baru"


def test_an_empty_state_teaches() -> None:
    html = render('{% empty title="Belum ada laporan" icon="inbox" %}<p>Catat satu.</p>{% endempty %}')
    assert '<p class="empty-title">Belum ada laporan</p>' in html
    assert "<p>Catat satu.</p>" in html


def test_a_short_history_needs_two_values() -> None:
    assert render("{% sparkline values %}", values=[3]) == ""
    assert "<circle" in render("{% sparkline values %}", values=[0, 0, 0])


def test_places_are_named_and_unknown_codes_stay_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"51.01.02.2007": "Penyaringan", "51.01": "Jembrana"}
    monkeypatch.setattr(frame, "_read_areas", lambda regency: names)
    frame.names_forget()
    assert frame.place_name("5101022007007") == "TPS 07 Penyaringan"
    assert frame.place_name("51.01") == "Jembrana"
    assert frame.place_name("99.99") == "99.99"
    frame.names_forget()
