"""What a leaver has open is listed and passes to another, or is let go; nothing is left to nobody unseen."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.models import Account, Post
from ronda.agencies.selectors import scope_of
from ronda.agencies.services import post_end, post_open, unit_open
from ronda.agencies.services.leaving import items_open
from ronda.agencies.tests.factories import cast, sign_in
from ronda.elections.models import Election
from ronda.incidents.tests.cast import said
from ronda.kernel import clock
from ronda.kernel.areas import station_code
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.models import StationWatch
from ronda.readiness.services import watch_give
from ronda.readiness.tests.factories import ELECTION, PENYARINGAN, VOTING_ON, jembrana, local
from ronda.reports.models import Report
from ronda.reports.services import report_claim, reports_receive

pytestmark = pytest.mark.django_db
NOW = local("09.00", day=-1)
STATION = station_code(PENYARINGAN, 1)


@pytest.fixture
def posts(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Post]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    people = dict(cast())
    jembrana()
    with scoped(Scope.system()):
        unit = unit_open(
            agency=people["ayu"].unit.agency, area=PENYARINGAN, name="Pengawas", kind="panwasdes"
        )
        for name in ("Ketut", "Wayan"):
            account = Account.objects.create_user(f"{name.lower()}@example.test")
            people[name.lower()] = post_open(
                unit=unit, role="officer", name=name, at=NOW, account=account, starts_on=NOW.date()
            )
    return people


def _watch(posts: dict[str, Post], who: str) -> None:
    with scoped(Scope.system()):
        scope, election = scope_of(posts["citra"]), Election.objects.get(pk=ELECTION)
    with scoped(scope):
        watch_give(election=election, station=STATION, post=posts[who].pk, by=scope, at=NOW)


def _claim(posts: dict[str, Post], who: str) -> Report:
    (report,) = reports_receive(incoming=[said(received_at=NOW, captured_at=NOW, place=PENYARINGAN)])
    with scoped(Scope.system()):
        scope = scope_of(posts[who])
    with scoped(scope):
        report_claim(report=report.id, by=scope, at=NOW)
    return report


def _end(posts: dict[str, Post], who: str, to: str | None) -> None:
    with scoped(Scope.system()):
        scope = scope_of(posts["nyoman"])
    with scoped(scope):
        post_end(post=posts[who], by=posts["nyoman"], at=NOW, to=posts[to] if to else None)


def _watching() -> list[Any]:
    with scoped(Scope.system()):
        return list(StationWatch.objects.filter(ended_at__isnull=True).values_list("post", flat=True))


def test_the_station_of_a_leaver_passes_to_another(posts: dict[str, Post]) -> None:
    _watch(posts, "ketut")

    _end(posts, "ketut", "wayan")

    assert _watching() == [posts["wayan"].pk]
    with scoped(Scope.system()):
        assert EventRow.objects.filter(name="post.items_handed").count() == 1


def test_who_watches_a_station_already_keeps_it_and_the_other_has_its_gap(posts: dict[str, Post]) -> None:
    _watch(posts, "ketut")
    with scoped(Scope.system()):
        scope, election = scope_of(posts["citra"]), Election.objects.get(pk=ELECTION)
    with scoped(scope):
        other = station_code(PENYARINGAN, 2)
        watch_give(election=election, station=other, post=posts["wayan"].pk, by=scope, at=NOW)

    _end(posts, "ketut", "wayan")

    with scoped(Scope.system()):
        standing = StationWatch.objects.get(ended_at__isnull=True)
    assert standing.station_code == other


def test_a_report_in_hand_passes_to_another_or_is_let_go(posts: dict[str, Post]) -> None:
    handed = _claim(posts, "citra")
    _end(posts, "citra", "putri")

    with scoped(Scope.system()):
        handed.refresh_from_db()
    assert (handed.claimed_by, handed.claimed_name) == (posts["putri"].person_id, "Putri")

    _end(posts, "putri", None)

    with scoped(Scope.system()):
        handed.refresh_from_db()
    assert handed.claimed_by is None


def test_ending_again_hands_nothing_twice(posts: dict[str, Post]) -> None:
    _watch(posts, "ketut")
    _end(posts, "ketut", "wayan")
    _end(posts, "ketut", "wayan")

    with scoped(Scope.system()):
        assert EventRow.objects.filter(name="post.items_handed").count() == 1


def test_a_post_that_ended_by_itself_stands_on_the_page_of_people_until_handed(
    client: Client, posts: dict[str, Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    _watch(posts, "ketut")
    with scoped(Scope.system()):
        posts["ketut"].ends_on = VOTING_ON
        posts["ketut"].save(update_fields=["ends_on"])
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    sign_in(client, posts["nyoman"])

    assert [post.pk for post, _count in client.get("/orang/").context["left"]] == [posts["ketut"].pk]
    shown = client.get(f"/orang/jabatan/{posts['ketut'].pk}/")
    assert "Yang masih terbuka" in shown.content.decode()
    client.post(f"/orang/jabatan/{posts['ketut'].pk}/serahkan/", {"to": str(posts["wayan"].pk)})

    assert client.get("/orang/").context["left"] == []
    assert _watching() == [posts["wayan"].pk]


def test_the_page_of_a_post_shows_what_is_open_before_it_ends(client: Client, posts: dict[str, Post]) -> None:
    _watch(posts, "ketut")
    sign_in(client, posts["nyoman"])

    text = client.get(f"/orang/jabatan/{posts['ketut'].pk}/").content.decode()

    assert "TPS 01 Penyaringan" in text
    assert "Serahkan yang terbuka kepada" in text


def test_a_foreign_administrator_takes_over_nothing(client: Client, posts: dict[str, Post]) -> None:
    _watch(posts, "ketut")
    sign_in(client, posts["surya"])

    answer = client.post(f"/orang/jabatan/{posts['ketut'].pk}/serahkan/", {"to": str(posts["wayan"].pk)})

    assert answer.status_code == 404
    assert _watching() == [posts["ketut"].pk]


def test_what_belongs_to_a_desk_stays_with_it(posts: dict[str, Post]) -> None:
    with scoped(Scope.system()):
        scope = scope_of(posts["nyoman"])
    with scoped(scope):
        assert all(item.stays for item in items_open(posts["ayu"], at=NOW))
