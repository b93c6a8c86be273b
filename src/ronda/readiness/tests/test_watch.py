"""Gaps in the watch: which stations nobody watches, in which order, who is near, and sending them there."""

from typing import Any

import pytest
from django.test import Client

from ronda.agencies.selectors import scope_of
from ronda.agencies.services import post_end, post_open, unit_open
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.elections.models import Election
from ronda.kernel import clock
from ronda.kernel.areas import station_code
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.domain import WatchKind, WatchRefused
from ronda.readiness.models import StationWatch
from ronda.readiness.selectors.watch import WatchPage, watch_page
from ronda.readiness.services import risks_record, watch_end, watch_give
from ronda.readiness.tests.factories import (
    ELECTION,
    PENYARINGAN,
    REGENCY,
    VOTING_ON,
    YEHEMBANG,
    jembrana,
    local,
)

pytestmark = pytest.mark.django_db
EVE = local("09.00", day=-1)
FIRST, OTHER = station_code(PENYARINGAN, 1), station_code(YEHEMBANG, 2)


@pytest.fixture
def posts(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "now", lambda: EVE)
    people = dict(cast())
    jembrana()
    with scoped(Scope.system()):
        unit = unit_open(
            agency=people["ayu"].unit.agency, area=YEHEMBANG, name="Pengawas Yehembang", kind="desa"
        )
        for name in ("Ketut", "Wayan"):
            people[name.lower()] = post_open(unit=unit, role="officer", name=name, at=AT, starts_on=VOTING_ON)
    return people


def _election() -> Election:
    return Election.objects.get(pk=ELECTION)


def _page(post: Any, **asked: Any) -> WatchPage:
    with scoped(Scope.system()):
        scope = scope_of(post)
    with scoped(scope):
        return watch_page(election=_election(), area=REGENCY, by=scope, **asked)


def _give(by: Any, station: str, who: Any) -> StationWatch:
    with scoped(Scope.system()):
        scope = scope_of(by)
    with scoped(scope):
        return watch_give(election=_election(), station=station, post=who.pk, by=scope, at=EVE)


def _lacks(page: WatchPage) -> dict[str, int]:
    return {lack.kind.value: lack.stations for lack in page.lacks}


def test_the_supervisor_sees_all_three_kinds_and_a_party_its_own(posts: Any) -> None:
    _give(posts["citra"], FIRST, posts["ketut"])
    _give_witness(posts)

    assert _lacks(_page(posts["citra"])) == {"supervisor": 11, "witness": 11, "volunteer": 12}
    assert _lacks(_page(posts["eka"])) == {"witness": 11}
    assert _lacks(_page(posts["lestari"])) == {"witness": 12}, "one party sees nothing of another"


def _give_witness(posts: Any) -> None:
    """Sent by the head of the party's witnesses: a witness sees no list of people."""
    with scoped(Scope.system()):
        head = post_open(unit=posts["eka"].unit, role="head", name="Nyoman S", at=AT, starts_on=VOTING_ON)
        scope, election = scope_of(head), _election()
    with scoped(scope):
        watch_give(election=election, station=FIRST, post=posts["eka"].pk, by=scope, at=EVE)


def test_the_most_vulnerable_stand_first_then_those_with_most_voters(posts: Any) -> None:
    with scoped(Scope.system()):
        signs = {OTHER: (YEHEMBANG, ("HP-TMS", "LG-LAMBAT")), FIRST: (PENYARINGAN, ("HP-TMS",))}
        risks_record(election=ELECTION, area=REGENCY, signs=signs, at=EVE)

    rows = _page(posts["citra"]).rows

    assert [row.code for row in rows[:2]] == [OTHER, FIRST]
    assert rows[0].signs == ("HP-TMS", "LG-LAMBAT")


def test_a_later_file_replaces_the_signs_of_a_station(posts: Any) -> None:
    with scoped(Scope.system()):
        for signs in (("HP-TMS", "LG-LAMBAT"), ("HP-TMS",)):
            risks_record(election=ELECTION, area=REGENCY, signs={OTHER: (YEHEMBANG, signs)}, at=EVE)

    assert _page(posts["citra"]).rows[0].signs == ("HP-TMS",)


def test_who_is_near_has_no_station_yet_and_comes_from_the_village_first(posts: Any) -> None:
    near = {row.code: [one.name for one in row.near] for row in _page(posts["citra"]).rows}
    assert near[OTHER][:2] == ["Ketut", "Wayan"]
    assert set(near[FIRST]) >= {"Ketut", "Wayan"}, "the same district, another village"

    _give(posts["citra"], FIRST, posts["ketut"])

    near = {row.code: [one.name for one in row.near] for row in _page(posts["citra"]).rows}
    assert "Ketut" not in near[OTHER]


def test_one_person_watches_one_station(posts: Any) -> None:
    first, moved = _give(posts["citra"], FIRST, posts["ketut"]), _give(posts["citra"], OTHER, posts["ketut"])

    with scoped(Scope.system()):
        first.refresh_from_db()
        assert first.ended_at == EVE
        assert [one.pk for one in StationWatch.objects.filter(ended_at__isnull=True)] == [moved.pk]
    assert _give(posts["citra"], OTHER, posts["ketut"]).pk == moved.pk


def test_taken_back_the_station_has_its_gap_again(posts: Any) -> None:
    watch = _give(posts["citra"], FIRST, posts["ketut"])
    with scoped(Scope.system()):
        watch_end(watch=watch, at=EVE)

    assert _lacks(_page(posts["citra"]))["supervisor"] == 12


def test_a_post_that_ends_before_the_day_watches_nothing(posts: Any) -> None:
    with scoped(Scope.system()):
        short = post_open(
            unit=posts["ketut"].unit,
            role="officer",
            name="Nengah",
            at=AT,
            starts_on=EVE.date(),
            ends_on=VOTING_ON,
        )
    with pytest.raises(WatchRefused):
        _give(posts["citra"], FIRST, short)


@pytest.mark.parametrize("who", ["citra", "bagas", "dewa"])
def test_only_own_people_of_the_field_are_sent(posts: Any, who: str) -> None:
    with pytest.raises(WatchRefused):
        _give(posts["citra"], FIRST, posts[who])


def test_the_page_filters_by_a_counter_and_sends_somebody(client: Client, posts: Any) -> None:
    sign_in(client, posts["citra"])
    page = client.get("/kesiapan/pengawalan/?kurang=supervisor")
    assert page.context["page"].count == _lacks(page.context["page"])["supervisor"] == 12

    client.post("/kesiapan/pengawalan/kirim/", {"station": FIRST, "post": str(posts["ketut"].pk)})

    again = client.get("/kesiapan/pengawalan/?kurang=supervisor").context["page"]
    assert (again.count, len(again.rows)) == (11, 11)
    assert _lacks(again)["supervisor"] == 11


def test_each_counter_is_as_long_as_its_list(posts: Any) -> None:
    _give(posts["citra"], FIRST, posts["ketut"])
    page = _page(posts["citra"])

    for lack in page.lacks:
        listed = _page(posts["citra"], wanted=WatchKind(lack.kind))
        assert lack.stations == listed.count == len(listed.rows)


@pytest.mark.parametrize("name", ["oka", "gita"])
def test_who_sends_nobody_has_no_such_page(client: Client, posts: Any, name: str) -> None:
    sign_in(client, posts[name])
    assert client.get("/kesiapan/pengawalan/").status_code == 404


def test_another_regency_sends_nobody_here(client: Client, posts: Any) -> None:
    sign_in(client, posts["dewa"])
    client.post("/kesiapan/pengawalan/kirim/", {"station": FIRST, "post": str(posts["ketut"].pk)})

    with scoped(Scope.system()):
        assert not StationWatch.objects.exists()


def test_an_ended_post_is_not_sent(posts: Any) -> None:
    with scoped(Scope.system()):
        post_end(post=posts["ketut"], by=None, at=EVE)

    assert "Ketut" not in {one.name for row in _page(posts["citra"]).rows for one in row.near}
