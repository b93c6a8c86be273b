"""What did we know at 14.00? The page of the past is held against what Siaga showed at that very moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from ronda.agencies.selectors import scope_of
from ronda.agencies.tests.factories import cast, sign_in
from ronda.desk.domain import Pick
from ronda.desk.siaga import picks
from ronda.incidents import services
from ronda.incidents.domain import Desk, EvidenceKind
from ronda.incidents.services import Evidence, IncidentFacts
from ronda.kernel import clock
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.services import checkins_record
from ronda.readiness.tests.factories import (
    ELECTION,
    MENDOYO,
    PENYARINGAN,
    REGENCY,
    WITA,
    YEHEMBANG,
    jembrana,
    local,
    step,
)

pytestmark = pytest.mark.django_db
Shown = dict[str, Any]


class Night:
    """A night that goes on by a clock of its own; after each act the page of Siaga is remembered."""

    def __init__(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        self.posts, self.client, self.at = cast(), client, local("06.40")
        self.seen: list[tuple[datetime, dict[str, Shown]]] = []
        jembrana()
        monkeypatch.setattr(clock, "now", lambda: self.at)

    def act(self, service: Callable[..., Any], who: str, **given: Any) -> Any:
        with scoped(Scope.system()):
            by = scope_of(self.posts[who])
        with scoped(by):
            made = service(by=by, at=self.at, **given)
        self.look()
        return made

    def opened(self, kind: str, area: str) -> Any:
        times = {"happened_at": self.at, "known_at": self.at}
        facts = IncidentFacts(kind=kind, title=kind, summary="", area=area, election=ELECTION, **times)
        return self.act(services.incident_open, "citra", facts=facts)

    def heard(self, number: int, name: str) -> None:
        with scoped(Scope.system()):
            checkins_record(messages=[step(name, self.at, PENYARINGAN, number)], at=self.at)
        self.look()

    def look(self) -> None:
        """What the supervisor and the police see now; then twenty minutes pass."""
        self.seen.append((self.at, {who: self.shown(who, "/siaga/") for who in ("citra", "oka")}))
        self.at += timedelta(minutes=20)

    def shown(self, who: str, path: str) -> Shown:
        sign_in(self.client, self.posts[who])
        answer = self.client.get(path)
        assert answer.status_code == 200
        rows = {row.name: plain(row.counts) for row in answer.context["rows"]}
        return {"rows": rows, "totals": plain(answer.context["totals"])}

    def told(self, who: str, at: datetime, **query: str) -> Shown:
        return self.shown(who, past(at, **query))


def plain(counts: Any) -> tuple[int | None, ...]:
    return (counts.stations, counts.heard, counts.silent, counts.new, counts.handled, counts.late)


def past(at: datetime, **query: str) -> str:
    here = at.astimezone(WITA)
    asked = {"hari": here.date().isoformat(), "menit": str(here.hour * 60 + here.minute), **query}
    return f"/siaga/lini-masa/?{urlencode(asked)}"


@pytest.fixture
def night(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> Night:
    made = Night(client, monkeypatch)
    made.look()
    first = made.opened("violence", PENYARINGAN)
    made.heard(1, "opened")
    second = made.opened("logistics_late", YEHEMBANG)
    to = Desk("polri", MENDOYO)
    sent = made.act(services.handover_send, "citra", incident=first.id, to=to, request="Amankan.")
    made.heard(2, "opened")
    made.act(services.handover_accept, "bagas", handover=sent.id)
    made.act(services.incident_start, "citra", incident=second.id)
    made.heard(1, "queue")
    proof = {"note": "Ada.", "evidence": Evidence(EvidenceKind.DOCUMENT, "BA 4")}
    made.act(services.incident_finish, "citra", incident=second.id, **proof)
    made.act(services.incident_close, "putri", incident=second.id, note="Ya.")
    made.act(services.handover_return, "bagas", handover=sent.id, reason="Selesai.")
    made.at = local("21.00")
    return made


def test_the_past_is_what_was_shown_then(night: Night) -> None:
    was = [shown["citra"] for _at, shown in night.seen]

    assert len({str(one) for one in was}) >= 10, "the night shows many pictures"
    assert [night.told("citra", at) for at, _shown in night.seen] == was


def test_the_police_read_in_the_past_no_more_than_they_may_read_now(night: Night) -> None:
    """They gave the incident back, so that its past is closed to them too."""
    told = [night.told("oka", at)["totals"] for at, _shown in night.seen]

    assert {(new, handled, late) for *_stations, new, handled, late in told} == {(0, 0, 0)}
    assert any(sum(shown["oka"]["totals"][3:]) for _at, shown in night.seen), "once they saw one"


def test_control_the_present_differs_from_the_past(night: Night) -> None:
    now = night.shown("citra", "/siaga/")

    assert any(now != shown["citra"] for _at, shown in night.seen)


def test_counters_lead_to_lists_of_so_many(night: Night) -> None:
    at = night.seen[5][0]
    sign_in(night.client, night.posts["citra"])
    counters = night.client.get(past(at)).context["counters"]
    lists = [one for one in counters if one.key in ("open", "late", "opened")]

    assert [one.value for one in lists] == [2, 0, 2]
    assert [night.client.get(one.href).context["count"] for one in lists] == [one.value for one in lists]


@pytest.mark.parametrize(("pick", "value"), [("b-3", 1), ("g-logistics", 1), ("g-rights", 0), ("x", 2)])
def test_incidents_are_picked_by_group_and_weight_in_the_past_and_now(
    night: Night, pick: str, value: int
) -> None:
    at = night.seen[5][0]
    sign_in(night.client, night.posts["citra"])
    answer = night.client.get(past(at, pilih=pick))

    assert answer.context["totals"].open == value
    first = answer.context["counters"][0]
    assert night.client.get(first.href).context["count"] == value
    night.at = at + timedelta(minutes=1)
    live = night.client.get("/siaga/", {"pilih": pick})
    open_now = next(figure for figure in live.context["figures"] if figure.key == "open")
    assert open_now.value >= live.context["totals"].open, "figures count all, the map what was picked"


def test_every_pick_of_the_page_is_understood() -> None:
    groups = {name[2:] for name, _words in picks() if name.startswith("g-")}
    assert [Pick.named(name, groups).name for name, _words in picks()] == [name for name, _words in picks()]


def test_no_sheet_is_shown_in_the_past(night: Night) -> None:
    sign_in(night.client, night.posts["citra"])
    answer = night.client.get("/siaga/lini-masa/")

    assert [view.key for view in answer.context["layers"]] == ["kejadian", "kabar"]
    assert not answer.context["may"]["uji"]


@pytest.mark.parametrize(
    "path", ["?hari=2024-02-15", "?hari=besok", "?menit=1440", "?menit=x", "35.09/", "51/"]
)
def test_a_moment_to_come_and_an_area_outside_look_like_none(night: Night, path: str) -> None:
    sign_in(night.client, night.posts["citra"])
    assert night.client.get(f"/siaga/lini-masa/{path}").status_code == 404


def test_dewa_reads_no_past_of_this_regency(night: Night) -> None:
    told = night.told("dewa", night.seen[5][0])

    assert told["totals"][3:] == (0, 0, 0)
    assert night.client.get(f"/siaga/lini-masa/{REGENCY}/").status_code == 404


@pytest.mark.parametrize("who", ["eka", "made"])
def test_witnesses_and_observers_see_no_incident_and_no_silence_in_the_past(night: Night, who: str) -> None:
    told = night.told(who, night.seen[5][0])

    assert told["totals"][1:] == (None, None, 0, 0, 0)


def test_a_moment_after_now_is_now(night: Night) -> None:
    sign_in(night.client, night.posts["citra"])
    moment = night.client.get("/siaga/lini-masa/?menit=1439").context["moment"]

    assert moment.is_now
    assert moment.at == night.at
