"""Opening an incident from a report: numbers, links, and what comes back when a link ends."""

import threading

import pytest
from django.db import connection

from ronda.incidents import selectors, services
from ronda.incidents.domain import happening_of
from ronda.incidents.models import Incident, IncidentCounter, IncidentLink
from ronda.incidents.services import IncidentFacts
from ronda.incidents.tests.cast import (
    AYU_HEAD,
    BAGAS,
    CITRA,
    DEWA,
    ELECTION,
    FAJAR,
    NEXT_VILLAGE,
    NOON,
    STATION,
    VILLAGE,
    said,
    stage_set,
)
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import MoveRefused, SourceCheck
from ronda.reports.models import Report
from ronda.reports.services import VerifiedFacts, reports_receive

FACTS = VerifiedFacts("count_procedure", VILLAGE, NOON, SourceCheck.DOCUMENT, STATION, document="LHP/7")


def facts(**changes: object) -> IncidentFacts:
    given = {"kind": "violence", "title": "Ribut", "summary": "", "area": VILLAGE, "happened_at": NOON}
    return IncidentFacts(**{**given, "known_at": NOON, "election": ELECTION, **changes})  # type: ignore[arg-type]


def opened(report: Report, by: Scope = CITRA) -> Incident:
    with scoped(by):
        return services.incident_open_from_report(
            report=report.id, facts=FACTS, title="Keributan di TPS 07", summary="Ringkas.", by=by, at=NOON
        )


@pytest.fixture
def report(stage: None) -> Report:
    return reports_receive(incoming=[said(FAJAR)])[0]


def test_a_verified_report_opens_an_incident_with_number_holder_and_due_time(report: Report) -> None:
    incident = opened(report)
    assert (incident.label, incident.regency, incident.election) == ("K-0001", "51.01", ELECTION)
    assert (incident.holder_agency, incident.holder_area, incident.state) == ("bawaslu", "51.01", "open")
    assert incident.due_at is not None
    with scoped(CITRA):
        assert Report.objects.get(pk=report.id).state == "verified"
        assert [one.id for one in selectors.reports_of(incident.id)] == [report.id]
        assert [one.id for one in selectors.incidents_of_report(report.id)] == [incident.id]
    with scoped(Scope.system()):
        names = list(EventRow.objects.order_by("position").values_list("name", flat=True))
    assert names == ["report.received", "report.verified", "incident.opened"]


def test_opening_twice_from_one_report_makes_one_incident(report: Report) -> None:
    opened(report)
    with pytest.raises(MoveRefused):
        opened(report)
    with scoped(CITRA):
        assert Incident.objects.count() == 1


def test_an_incident_without_a_title_undoes_the_verification_too(report: Report) -> None:
    with scoped(CITRA), pytest.raises(MoveRefused):
        services.incident_open_from_report(
            report=report.id, facts=FACTS, title=" ", summary="", by=CITRA, at=NOON
        )
    with scoped(CITRA):
        assert Report.objects.get(pk=report.id).state == "new"


def test_numbers_run_by_regency_and_election_also_for_the_district(stage: None) -> None:
    labels = []
    for by, election in [(CITRA, ELECTION), (AYU_HEAD, ELECTION), (CITRA, "pemilu-2024"), (CITRA, ELECTION)]:
        with scoped(by):
            labels.append(services.incident_open(facts=facts(election=election), by=by, at=NOON).label)
    assert labels == ["K-0001", "K-0002", "K-0001", "K-0003"]


@pytest.mark.parametrize("who", [BAGAS, DEWA, FAJAR])
def test_those_without_the_mandate_open_nothing(report: Report, who: Scope) -> None:
    with pytest.raises(Report.DoesNotExist):
        opened(report, who)


def test_a_second_report_joins_an_open_incident_and_can_be_taken_out_again(report: Report) -> None:
    incident = opened(report)
    (second,) = reports_receive(incoming=[said(FAJAR, body={"text": "Ada ribut"})])
    with scoped(CITRA):
        link = services.report_link(incident=incident.id, report=second.id, facts=FACTS, by=CITRA, at=NOON)
        assert len(selectors.reports_of(incident.id)) == 2
        with pytest.raises(MoveRefused):
            services.report_unlink(link=link.id, reason="", by=CITRA, at=NOON)
        services.report_unlink(link=link.id, reason="Kejadian lain.", by=CITRA, at=NOON)
        with pytest.raises(MoveRefused):
            services.report_unlink(link=link.id, reason="Kejadian lain.", by=CITRA, at=NOON)
        assert [one.id for one in selectors.reports_of(incident.id)] == [report.id]
        assert Report.objects.get(pk=second.id).state == "new"
        assert IncidentLink.objects.count() == 2


def test_related_incidents_are_linked_and_unlinked_as_rows(stage: None) -> None:
    with scoped(CITRA):
        one = services.incident_open(facts=facts(), by=CITRA, at=NOON)
        other = services.incident_open(facts=facts(title="Serupa"), by=CITRA, at=NOON)
        with pytest.raises(MoveRefused):
            services.incident_relate(incident=one.id, other=one.id, note="", by=CITRA, at=NOON)
        link = services.incident_relate(
            incident=one.id, other=other.id, note="pelaku sama", by=CITRA, at=NOON
        )
        with pytest.raises(MoveRefused):
            services.incident_relate(incident=one.id, other=other.id, note="", by=CITRA, at=NOON)
        services.incident_unrelate(link=link.id, reason="ternyata bukan", by=CITRA, at=NOON)
        kinds = list(one.entries.order_by("id").values_list("kind", flat=True))
    assert kinds == ["opened", "related", "unrelated"]


def test_what_may_be_the_same_is_found_by_village_and_time_only(report: Report) -> None:
    elsewhere = said(FAJAR, place=NEXT_VILLAGE)
    near = said(BAGAS, station=None, body={"text": "sama sekali lain"})
    reports_receive(incoming=[elsewhere, near])
    with scoped(CITRA):
        found = selectors.similar_to(
            happening_of(report.area, report.station_code, None, report.received_at), besides_report=report.id
        )
    assert [one.report.message for one in found if one.report] == [near.message]


def test_what_is_linked_already_is_not_suggested_again(report: Report) -> None:
    incident = opened(report)
    with scoped(CITRA):
        other = services.incident_open(facts=facts(title="Serupa"), by=CITRA, at=NOON)
        happening = happening_of(VILLAGE, STATION, NOON, NOON)
        of_report = selectors.similar_to(happening, besides_report=report.id)
        assert [one.incident for one in of_report] == [other]
        of_incident = selectors.similar_to(happening, besides_incident=incident.id)
        assert [one.incident for one in of_incident] == [other]
        link = services.incident_relate(incident=incident.id, other=other.id, note="", by=CITRA, at=NOON)
        for one in (incident, other):
            assert selectors.similar_to(happening, besides_incident=one.id) == []
        services.incident_unrelate(link=link.id, reason="bukan", by=CITRA, at=NOON)
        assert len(selectors.similar_to(happening, besides_incident=incident.id)) == 1


def test_search_finds_a_number_as_people_say_it(report: Report) -> None:
    incident = opened(report)
    with scoped(CITRA):
        for said_as in ("K-0001", "k1", "1", " K-1 "):
            assert [one.id for one in selectors.incident_search(said_as)] == [incident.id]
        for wrong in ("", "K", "satu", "٣", "99999999"):
            assert selectors.incident_search(wrong) == []
    with scoped(DEWA):
        assert selectors.incident_search("K-0001") == []


def test_counts_by_area_and_trend(report: Report) -> None:
    opened(report)
    from ronda.kernel.areas import Level

    with scoped(CITRA):
        counts = selectors.incident_counts_by_area(Level.DISTRICT, "51.01", at=NOON)
        assert (counts["51.01.02"].open, counts["51.01.02"].overdue) == (1, 0)
        assert selectors.incident_trend(at=NOON, hours=2) == [0, 1]
        assert selectors.incident_count_open("51.01.03") == 0


def test_twenty_openers_at_once_get_twenty_numbers_without_gap(committed_db: None) -> None:
    stage_set()
    failures: list[BaseException] = []
    barrier = threading.Barrier(4)

    def open_five() -> None:
        try:
            barrier.wait(timeout=10)
            for _ in range(5):
                with scoped(CITRA):
                    services.incident_open(facts=facts(), by=CITRA, at=NOON)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=open_five) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    with scoped(Scope.system()):
        assert sorted(Incident.objects.values_list("number", flat=True)) == list(range(1, 21))
        assert IncidentCounter.objects.get().last == 20


def test_a_rolled_back_opening_gives_its_number_back(committed_db: None) -> None:
    stage_set()
    with pytest.raises(RuntimeError), scoped(CITRA):
        services.incident_open(facts=facts(), by=CITRA, at=NOON)
        raise RuntimeError("power cut")
    with scoped(CITRA):
        assert services.incident_open(facts=facts(), by=CITRA, at=NOON).number == 1
