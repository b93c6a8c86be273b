"""Silence, missed roll calls and failing warehouses are found, and told once."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from ronda.agencies import services as staff
from ronda.gate.inbox import messages_consume
from ronda.kernel.areas import Level
from ronda.kernel.models import EventRow
from ronda.readiness import selectors
from ronda.readiness.models import Finding
from ronda.readiness.services import checkins_record, findings_answer, findings_raise
from ronda.readiness.tests.factories import (
    ELECTION,
    MEDEWI,
    MENDOYO,
    PEKUTATAN,
    PENYARINGAN,
    REGENCY,
    STATIONS,
    VOTING_ON,
    YEHEMBANG,
    jembrana,
    local,
    message,
    step,
)
from ronda.reports.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _register(db: None, settings: Any) -> None:
    settings.GATE_INSIDE_TRANSACTION = True
    jembrana()


def _heard(name: str, at: datetime, *, but: tuple[str, ...] = (), **villages: int) -> None:
    words = [
        step(name, at, village, number)
        for village, count in STATIONS.items()
        if village not in but
        for number in range(1, count + 1)
    ]
    checkins_record(messages=words, at=at)


def _raise(at: datetime) -> list[Finding]:
    return findings_raise(election=ELECTION, voting_on=VOTING_ON, at=at)


def _silent(at: datetime, within: str = REGENCY) -> int:
    return selectors.silent_count(election=ELECTION, voting_on=VOTING_ON, at=at, within=within)


def test_nobody_is_silent_before_the_first_step_is_due(as_scope: Any) -> None:
    with as_scope():
        assert _silent(local("12.00", day=-1)) == 0
        assert _silent(local("19.00", day=-1)) == 12


def test_days_after_the_vote_nobody_is_silent_any_more(as_scope: Any) -> None:
    with as_scope():
        assert _silent(local("23.59", day=2)) == 12
        assert _silent(local("00.00", day=3)) == 0
        assert _raise(local("00.00", day=3)) == []


def test_a_station_is_silent_until_it_tells_of_the_step_that_is_due(as_scope: Any) -> None:
    with as_scope():
        _heard("opened", local("07.00"), but=(YEHEMBANG,))
        checkins_record(messages=[step("logistics", local("17.00", day=-1), YEHEMBANG, 1)], at=local("07.00"))

        assert (
            _silent(local("07.29")) == 2
        )  # only the eve's step is due, and two stations have not told of it
        assert _silent(local("07.31")) == 3
        assert _silent(local("07.31"), MENDOYO) == 3
        assert _silent(local("07.31"), PEKUTATAN) == 0
        silent = selectors.silent_stations(
            election=ELECTION, voting_on=VOTING_ON, at=local("07.31"), within=REGENCY
        )
    assert [one.code[-3:] for one in silent] == ["002", "003", "001"]  # never heard first
    assert silent[0].expected.id == "opened"
    assert silent[2].step == "logistics"


def test_a_group_of_silent_stations_is_told_once_as_a_report_of_the_machine(as_scope: Any) -> None:
    with as_scope():
        _heard("opened", local("07.00"), but=(YEHEMBANG,))
    told = _raise(local("07.31"))

    assert [(one.kind, one.area, one.count, one.incident_kind) for one in told] == [
        ("silent", YEHEMBANG, 3, "station_silent")
    ]
    assert _raise(local("07.45")) == []
    assert _raise(local("11.05")) != []  # the others are silent about the queue by then
    with as_scope():
        assert Finding.objects.filter(area=YEHEMBANG).count() == 1, "still the same silence"


def test_a_station_that_spoke_in_between_may_fall_silent_anew(as_scope: Any) -> None:
    with as_scope():
        _heard("opened", local("07.00"), but=(YEHEMBANG,))
    _raise(local("07.31"))
    with as_scope():
        _heard("opened", local("08.00"))
    told = _raise(local("11.01"))

    assert YEHEMBANG in {one.area for one in told}


def test_two_silent_stations_of_six_are_no_finding(as_scope: Any) -> None:
    with as_scope():
        _heard("opened", local("07.00"), but=(PENYARINGAN,))
        words = [step("opened", local("07.00"), PENYARINGAN, number) for number in (1, 2, 3, 4)]
        checkins_record(messages=words, at=local("07.00"))
        assert _silent(local("07.31")) == 2

    assert _raise(local("07.31")) == []


def test_the_report_names_the_stations_and_no_person(as_scope: Any) -> None:
    from ronda.gate.models import Message

    with as_scope():
        _heard("opened", local("07.00"), but=(YEHEMBANG,))
    finding = _raise(local("07.31"))[0]

    with as_scope():
        raw = bytes(Message.objects.get(pk=finding.message).raw).decode()
    assert "3 dari 3 TPS di Yehembang belum melaporkan “TPS dibuka” sampai 07.30 WITA. TPS 01, 02, 03." in raw
    assert '"kind":"station_silent"' in raw


def _officer(name: str, area: str, at: datetime) -> UUID:
    agency = staff.agency_open(code="polri", kind="polri", name="Polri")
    unit = staff.unit_open(agency=agency, area=area, name=f"Bhabinkamtibmas {area[-4:]}", kind="bhabin")
    post = staff.post_open(unit=unit, role="officer", name=name, at=at)
    staff.device_register(post=post, label="telepon", kid=1, at=at)
    return post.person_id


def test_a_missed_roll_call_is_told_in_numbers_where_the_agency_uses_it(as_scope: Any) -> None:
    at = local("05.20")
    with as_scope():
        bagas = _officer("Bagas", PENYARINGAN, at)
        _officer("Oka", YEHEMBANG, at)
        answer = message({"step": "roll_call", "call": "morning"}, at, agency="polri", person=bagas)
        checkins_record(messages=[answer], at=at)
    assert not [one for one in _raise(local("05.59")) if one.kind == "roll_call"]

    told = [one for one in _raise(local("06.01")) if one.kind == "roll_call"]

    assert [(one.area, one.count) for one in told] == [(YEHEMBANG, 1)]
    assert not [one for one in _raise(local("06.10")) if one.kind == "roll_call"]


def test_an_agency_that_holds_no_roll_call_is_not_told_of(as_scope: Any) -> None:
    with as_scope():
        _officer("Bagas", PENYARINGAN, local("05.20"))

    assert not [one for one in _raise(local("06.01")) if one.kind == "roll_call"]


def _store(at: datetime, **checks: bool) -> None:
    body = {"step": "warehouse", "name": "Gudang KPU Jembrana", "checks": checks, "note": "menetes"}
    checkins_record(messages=[message(body, at, place=REGENCY, station=None)], at=at)


def test_a_leaking_warehouse_is_told_once_for_each_kind_of_trouble(as_scope: Any) -> None:
    with as_scope():
        _store(local("05.30"), G01=True, G05=False, G10=False)
    told = {one.incident_kind: one.count for one in _raise(local("05.31")) if one.kind == "warehouse"}
    assert told == {"warehouse_condition": 1, "warehouse_security": 1}

    with as_scope():
        _store(local("06.30"), G01=True, G05=False, G10=True)
    assert not [one for one in _raise(local("06.31")) if one.kind == "warehouse"], "the leak was told already"

    with as_scope():
        _store(local("07.00"), G01=True, G05=True, G10=True)
        _store(local("08.00"), G01=True, G05=False, G10=True)
    assert [one.count for one in _raise(local("08.01")) if one.kind == "warehouse"] == [1], "it leaks again"


def test_coverage_adds_up_over_districts_and_villages(as_scope: Any) -> None:
    at = local("07.31")
    with as_scope():
        _heard("opened", local("07.00"), but=(YEHEMBANG,))
        lines = {
            level: selectors.checkin_counts_by_area(
                election=ELECTION, voting_on=VOTING_ON, at=at, level=level, within=REGENCY
            )
            for level in (Level.DISTRICT, Level.VILLAGE)
        }
        on_the_map = selectors.coverage_by_area(
            election=ELECTION, voting_on=VOTING_ON, at=at, level=Level.DISTRICT, within=REGENCY
        )

    assert {(line.area, line.stations, line.heard, line.silent) for line in on_the_map} == {
        (line.area, line.stations, line.heard, line.silent) for line in lines[Level.DISTRICT]
    }
    districts = {line.area: (line.stations, line.heard, line.silent) for line in lines[Level.DISTRICT]}
    assert districts == {MENDOYO: (9, 6, 3), PEKUTATAN: (3, 3, 0)}
    villages = {line.area: line.silent for line in lines[Level.VILLAGE]}
    assert villages == {PENYARINGAN: 0, YEHEMBANG: 3, MEDEWI: 0}
    assert [line.by_rank[:3] for line in lines[Level.DISTRICT]] == [(6, 6, 0), (3, 3, 0)]


def test_trends_tell_the_hours_as_they_were(as_scope: Any) -> None:
    with as_scope():
        _heard("opened", local("07.00"), but=(YEHEMBANG,))
        checkins_record(messages=[step("opened", local("08.40"), YEHEMBANG, 1)], at=local("08.40"))
        at = local("09.00")
        heard = selectors.heard_trend(election=ELECTION, at=at, within=REGENCY, hours=4)
        silent = selectors.silent_trend(
            election=ELECTION, voting_on=VOTING_ON, at=at, within=REGENCY, hours=3
        )

    assert heard == [0, 9, 9, 10]
    assert silent == [3, 3, 2]  # at 07.00 only the eve's step is due, told by nobody in Yehembang


def test_dewa_in_another_regency_sees_nothing(as_scope: Any) -> None:
    with as_scope():
        _heard("opened", local("07.00"))
    with as_scope("bawaslu", "35.09"):
        assert selectors.checkins_for_area(REGENCY) == []
        assert selectors.heard_count(election=ELECTION, at=local("08.00"), within=REGENCY) == 0
        assert selectors.findings_for(election=ELECTION, within=REGENCY) == []


@pytest.mark.parametrize("kind", ["partai", "pemantau", "publik"])
def test_parties_observers_and_the_public_see_no_progress(as_scope: Any, kind: str) -> None:
    with as_scope():
        _heard("opened", local("07.00"))
    with as_scope(kind, REGENCY):
        assert selectors.checkins_for_area(REGENCY) == []
        assert selectors.heard_count(election=ELECTION, at=local("08.00"), within=REGENCY) == 0


def test_a_place_page_finds_its_words_by_area_and_by_station(as_scope: Any) -> None:
    with as_scope():
        _heard("opened", local("07.00"))
    with as_scope("polri", REGENCY):
        assert len(selectors.checkins_for_area(PENYARINGAN)) == 6
        assert [one.station for one in selectors.checkins_for_area("5101022003002")] == [2]


def test_the_calls_go_to_own_officers_with_telephones_only_for_roles_that_may(as_scope: Any) -> None:
    at = local("05.00")
    with as_scope():
        agency = staff.agency_open(code="bawaslu", kind="bawaslu", name="Bawaslu")
        unit = staff.unit_open(agency=agency, area=YEHEMBANG, name="Pengawas Yehembang", kind="pkd")
        staff.post_open(unit=unit, role="officer", name="Ayu", phone="0812 000", at=at)

    with as_scope("bawaslu", REGENCY):
        calls = selectors.call_list(villages=[YEHEMBANG, MEDEWI], today=VOTING_ON)
        assert [(one.name, one.phone) for one in calls[YEHEMBANG]] == [("Ayu", "0812 000")]
        assert calls[MEDEWI] == []
    with as_scope("bawaslu", REGENCY, classes=(0, 1, 2)):
        calls = selectors.call_list(villages=[YEHEMBANG], today=VOTING_ON)
        assert [(one.name, one.phone) for one in calls[YEHEMBANG]] == [("Ayu", "")]
    with as_scope("polri", REGENCY):
        assert selectors.call_list(villages=[YEHEMBANG], today=VOTING_ON)[YEHEMBANG] == []


def test_a_silence_that_is_wide_is_one_finding_of_the_area_above(as_scope: Any) -> None:
    from ronda.elections.models import PollingStation
    from ronda.kernel.areas import station_code

    with as_scope():
        # Four more villages in Pekutatan; every one of them silent while Mendoyo reports.
        PollingStation.objects.bulk_create(
            PollingStation(
                election_id=ELECTION,
                code=station_code(f"51.01.03.200{village}", number),
                area=f"51.01.03.200{village}",
                number=number,
                kind="regular",
            )
            for village in (2, 3, 4, 5)
            for number in (1, 2, 3)
        )
        _heard("opened", local("07.00"), but=(MEDEWI,))

    assert [(one.area, one.count, len(one.stations)) for one in _raise(local("07.31"))] == [
        (PEKUTATAN, 15, 15)
    ]


def test_where_no_station_ever_reports_silence_says_nothing(as_scope: Any) -> None:
    assert _raise(local("11.01")) == []


def test_gaps_are_told_as_of_what_was_read_from_the_inbox(as_scope: Any, monkeypatch: Any) -> None:
    from ronda.gate import services as gate
    from ronda.gate.domain import Grant
    from ronda.kernel import clock
    from ronda.kernel.ids import uuid7
    from ronda.readiness.tasks import gaps_tell

    with as_scope():
        _heard("logistics", local("05.00"))
        _heard("opened", local("07.00"), but=(YEHEMBANG,))
    monkeypatch.setattr(clock, "now", lambda: local("07.45"))
    raw = (
        b'{"id":"%s","kind":"checkin","election":"pemilu-2024","place":"51.01.02.2004","station":1,'
        b'"captured_at":"2024-02-14T07:10:00+08:00","body":{"step":"opened"}}'
    ) % str(uuid7()).encode()
    gate.message_accept(raw=raw, grant=Grant("bawaslu", "bawaslu", YEHEMBANG), at=local("07.11"))

    assert gaps_tell() == 0, "a message waits in the inbox: nobody knows yet who is silent"


def test_a_silence_that_ends_is_marked_once_and_its_report_says_so(as_scope: Any) -> None:
    with as_scope():
        _heard("opened", local("07.00"), but=(YEHEMBANG,))
    (finding,) = _raise(local("07.31"))
    with as_scope():
        messages_consume(at=local("07.32"))
        report = Report.objects.get(message=finding.message)
        assert report.answered_at is None
    assert findings_answer(election=ELECTION, at=local("07.40")) == []

    with as_scope():
        _heard("opened", local("08.00"))
    (answered,) = findings_answer(election=ELECTION, at=local("08.01"))

    assert answered.pk == finding.pk
    assert answered.answered_at == local("08.00")
    assert findings_answer(election=ELECTION, at=local("08.02")) == []
    with as_scope():
        again = Report.objects.get(message=finding.message)
        assert (again.answered_at, again.state) == (local("08.00"), "new")
        assert again.order_at > report.order_at, "it no longer stands before what still waits"
        assert EventRow.objects.filter(name="finding.answered").count() == 1
    assert _raise(local("08.03")) == [], "the same step is not told again"


def test_a_silence_of_which_some_spoke_stays_open(as_scope: Any) -> None:
    with as_scope():
        _heard("opened", local("07.00"), but=(YEHEMBANG,))
    _raise(local("07.31"))
    with as_scope():
        messages_consume(at=local("07.32"))
        checkins_record(messages=[step("opened", local("08.00"), YEHEMBANG, 1)], at=local("08.00"))

    assert findings_answer(election=ELECTION, at=local("08.01")) == []
