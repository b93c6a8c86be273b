"""A recapitulation does not fit its stations: the desk is told, the police get an incident, and no figure goes.

STR/404/VI/OPS.1.3/2018: police do not record or document counts; the army does not either. What they may know is that a
document of a place is being checked.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.tests.factories import cast, sign_in
from ronda.elections.services import election_create
from ronda.gate import services
from ronda.gate.domain import Grant
from ronda.gate.inbox import messages_consume
from ronda.gate.tests.at_the_door import raw
from ronda.incidents.models import Incident
from ronda.kernel import clock
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.law import election_laws
from ronda.places.services import areas_load
from ronda.reports.models import Report
from ronda.results.models import FailedCheck
from ronda.results.services import findings
from ronda.results.tasks import findings_tell

pytestmark = pytest.mark.django_db
AT = datetime(2024, 2, 14, 9, 0, tzinfo=UTC)
ELECTION, DISTRICT, VILLAGE = "pemilu-2024", "51.01.02", "51.01.02.2007"
AYU, KPU = Grant("bawaslu", "bawaslu", VILLAGE), Grant("kpu", "kpu", DISTRICT)
POLICE_PAGES = (
    "/siaga/",
    "/siaga/kabar/",
    "/siaga/urusan/",
    "/kejadian",
    f"/tempat/{DISTRICT}/",
    "/cari/?q=K-0001",
)


@pytest.fixture
def people(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.GATE_INSIDE_TRANSACTION = True
    monkeypatch.setattr(clock, "now", lambda: AT)
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        election_create(law=ELECTION, area="51.01", at=AT)
    return cast()


def desk(people: Any, name: str) -> Client:
    client = Client()
    sign_in(client, people[name])
    return client


def hand_in(grant: Grant, votes: list[int], *, kind: str = "sheet", station: int | None = None) -> None:
    body = {"contest": "PPWP", "votes": votes, "valid": 310, "invalid": 7, "users": 317, "registered": 300}
    place = VILLAGE if kind == "sheet" else DISTRICT
    sent = raw(
        kind=kind, election=ELECTION, place=place, station=station, captured_at=AT.isoformat(), body=body
    )
    services.message_accept(raw=sent, grant=grant, at=AT)


def the_worker_runs() -> None:
    with scoped(Scope.system()):
        messages_consume(at=clock.now())
    findings_tell()
    with scoped(Scope.system()):
        messages_consume(at=clock.now())


def a_recap_and_a_copy_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two stations; 137 votes moved in the recap, 540 more in a published copy."""
    for station in (1, 2):
        hand_in(AYU, [173, 96, 41], station=station)
    hand_in(KPU, [713, 96, 41], station=2)
    hand_in(KPU, [209, 329, 82], kind="recap")
    the_worker_runs()
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(hours=1))
    the_worker_runs()


def told_away(text: str) -> set[str]:
    """Every figure of a result, and every choice, that stands in a text."""
    with scoped(Scope.system()):
        checks = list(FailedCheck.objects.all())
    figures = {173, 96, 41, 713, 310, 317}
    for check in checks:
        figures |= {abs(number) for number in (check.delta, check.stake, *check.deltas)} - {0}
        for fact in check.facts.values():
            figures |= set(fact) if isinstance(fact, list) else {fact}
    contest = next(one for one in election_laws()[ELECTION].contests if one.code == "PPWP")
    choices = {choice.name for choice in contest.choices}
    assert figures >= {137, 540}, "the checks hold the figures that must not be told"
    assert choices
    plain = re.sub(r"<[^>]*>", " ", text).replace("\N{NO-BREAK SPACE}", " ")
    found = {word for word in re.findall(r"(?<![\w.:-])\d+(?![\w:]|-\w)", plain) if int(word) in figures}
    return found | {name for name in choices if name in plain}


def texts_that_enter() -> str:
    """Everything that is stored of the machine's reports, and every event they left."""
    with scoped(Scope.system()):
        reports = [f"{report.text} {report.remarks}" for report in Report.objects.filter(source="machine")]
        events = list(EventRow.objects.filter(record="report").values_list("data", flat=True))
    assert len(reports) == 2
    return json.dumps([*reports, *events], ensure_ascii=False)


def test_the_reports_carry_no_figure_and_no_choice(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    a_recap_and_a_copy_do_not_fit(monkeypatch)

    texts = texts_that_enter()

    assert told_away(texts) == set()
    assert "saksi" not in texts.lower(), "the copy of a witness would name a party"


def test_a_text_with_a_figure_or_a_choice_would_be_noticed(
    people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: words that tell more turn the check red."""
    contest = next(one for one in election_laws()[ELECTION].contests if one.code == "PPWP")
    monkeypatch.setattr(
        findings, "_recap_text", lambda check, difference: f"{check.stake} suara {contest.choices[0].name}"
    )
    a_recap_and_a_copy_do_not_fit(monkeypatch)

    assert told_away(texts_that_enter()) == {"137", contest.choices[0].name}


def verified(citra: Client, report: Report) -> str:
    """Citra takes what the form proposes, and nothing else."""
    form = citra.get(f"/laporan/{report.id}").context["form"]
    proposed = {name: form[name].value() or "" for name in ("kind", "place", "title", "incident")}
    facts = {"happened_at": "2024-02-14T17:00", "source_check": "document", "document": "LHP/7"}
    return str(citra.post(f"/laporan/{report.id}/verifikasi", {**proposed, **facts})["Location"])


def test_from_the_recap_to_the_police_no_figure_goes(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    a_recap_and_a_copy_do_not_fit(monkeypatch)
    citra, oka = desk(people, "citra"), desk(people, "oka")

    # Citra finds it in the inbox; it leads her to the figures.
    inbox = citra.get("/laporan").content.decode()
    assert "Rekapitulasi Kecamatan Mendoyo" in inbox
    with scoped(Scope.system()):
        report = Report.objects.get(kind="recap_mismatch")
    page = f"/hasil/{ELECTION}/PPWP/{DISTRICT}/"
    assert f'href="{page}"' in citra.get(f"/laporan/{report.id}").content.decode()
    assert told_away(citra.get(page).content.decode()) >= {"137", "209"}

    # She opens an incident from it and hands it to the Polres, to guard the boxes.
    incident = verified(citra, report)
    citra.post(f"{incident}/hand-over", {"desk": "polri|51.01", "request": "Amankan kotak suara kecamatan."})
    with scoped(Scope.system()):
        row = Incident.objects.get()
    assert row.title == "Rekapitulasi tidak cocok dengan salinan C.Hasil, Mendoyo"
    assert row.audience == ["polri"]

    # Oka of the police sees the incident, and nowhere a figure; the pages of results do not exist for him.
    assert "Rekapitulasi tidak cocok" in oka.get(incident).content.decode()
    for path in (incident, *POLICE_PAGES):
        text = oka.get(path, follow=True).content.decode()
        assert told_away(text) == set(), path
    assert oka.get(page).status_code == 404
    assert oka.get(f"/laporan/{report.id}").status_code == 404
    # Nor do the events, from which feed and live line are made.
    with scoped(Scope("polri", "polri", "51.01", (0, 1, 2, 3))):
        events = list(EventRow.objects.values_list("name", "record", "data"))
    assert "handover.sent" in {name for name, _record, _data in events}
    assert told_away(json.dumps(events)) == set()

    # Indra of the army was handed nothing and sees nothing of it.
    indra = desk(people, "indra")
    assert indra.get(incident).status_code == 404
    assert told_away(indra.get("/siaga/").content.decode()) == set()
