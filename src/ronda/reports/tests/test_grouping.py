"""Reports that tell of one event stand in the inbox as one line; people merge and split, and both can be undone."""

from datetime import timedelta
from uuid import UUID

import pytest

from ronda.incidents.tests.cast import (
    AYU,
    AYU_HEAD,
    BAGAS,
    CITRA,
    DEWA,
    EKA,
    FAJAR,
    NEXT_VILLAGE,
    NOON,
    REGENCY,
    said,
    stage_set,
)
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.reports import selectors, services
from ronda.reports.domain import MoveRefused, RejectReason
from ronda.reports.models import Report, ReportGrouping, ReportSketch
from ronda.reports.selectors import InboxFilter
from ronda.reports.selectors.grouping import group_members
from ronda.reports.services import reports_receive

TEXT = "Ada orang membagikan amplop berisi uang di warung Bu Tutik"
ALIKE = "lapor, ada org bagi2 amplop isi duit di warung bu tutik"


@pytest.fixture(autouse=True)
def stage(db: None) -> None:
    stage_set()


def told(who: Scope = FAJAR, text: str = TEXT, minutes: int = 0, **changes: object) -> Report:
    at = NOON + timedelta(minutes=minutes)
    body = {"text": text, "kind": "money_politics"}
    (made,) = reports_receive(incoming=[said(who, body=body, received_at=at, captured_at=at, **changes)])
    return made


def inbox(who: Scope = CITRA) -> list[UUID]:
    with scoped(who):
        return [row.id for row in selectors.report_list(InboxFilter())]


def test_a_second_account_stands_behind_the_first_with_score_and_grounds() -> None:
    first, second = told(), told(AYU, ALIKE, 20)
    assert inbox() == [first.id]
    with scoped(CITRA):
        lead = selectors.report_for(first.id)
        assert (lead.group_size, lead.group_sources, lead.is_lead) == (2, 2, True)
        assert {row.id for row in group_members(lead.group)} == {first.id, second.id}
        proposal = ReportGrouping.objects.get(report=second.id)
    assert proposal.other_id == first.id
    assert proposal.score is not None
    assert 0.48 <= proposal.score <= 1
    assert set(proposal.grounds) == {"text", "place", "time", "kind", "photo", "is_elsewhere", "version"}


def test_in_one_batch_they_meet_too() -> None:
    bodies = [{"text": TEXT, "kind": "money_politics"}, {"text": ALIKE, "kind": "money_politics"}]
    made = reports_receive(incoming=[said(FAJAR, body=body) for body in bodies])
    assert inbox() == [made[0].id]
    assert made[1].group == made[0].id


@pytest.mark.parametrize("changes", [{"place": NEXT_VILLAGE}, {"minutes": 60 * 30}, {"station": 3}])
def test_the_same_words_about_another_place_or_time_stand_alone(changes: dict[str, object]) -> None:
    first, second = told(), told(AYU, TEXT, **changes)  # type: ignore[arg-type]
    assert set(inbox()) == {first.id, second.id}


def test_copies_of_one_sender_do_not_raise_and_another_source_does() -> None:
    first = told()
    alone = first.group_priority
    told(FAJAR, ALIKE, 5)
    told(FAJAR, TEXT, 6)
    with scoped(CITRA):
        lead = selectors.report_for(first.id)
    assert (lead.group_size, lead.group_sources, lead.group_priority) == (3, 1, alone)
    told(BAGAS, ALIKE, 9)
    with scoped(CITRA):
        lead = selectors.report_for(first.id)
    assert lead.group_sources == 2
    assert lead.group_priority > alone
    assert lead.order_at < first.order_at


def test_the_gravest_account_lifts_the_group() -> None:
    first = told()
    body = {"text": ALIKE, "kind": "money_politics", "danger": True}
    reports_receive(incoming=[said(FAJAR, body=body)])
    with scoped(CITRA):
        assert selectors.report_for(first.id).group_priority >= 40


def test_when_the_lead_is_decided_the_next_one_stands_in_the_inbox() -> None:
    first, second = told(), told(AYU, ALIKE, 20)
    with scoped(CITRA):
        services.report_reject(report=first.id, reason=RejectReason.TRIAL, note="uji", by=CITRA, at=NOON)
    assert inbox() == [second.id]
    with scoped(CITRA):
        services.report_return(report=first.id, note="lihat lagi", by=CITRA, at=NOON)
        leads = Report.objects.filter(group=first.group, is_lead=True, state="new")
        assert leads.count() == 1


def test_a_report_to_a_decided_group_is_seen() -> None:
    first = told()
    with scoped(CITRA):
        services.report_reject(report=first.id, reason=RejectReason.TRIAL, note="uji", by=CITRA, at=NOON)
    later = told(AYU, ALIKE, 10)
    assert inbox() == [later.id]
    assert later.group == first.group


def test_people_merge_and_split_and_each_is_an_event_that_a_later_row_undoes() -> None:
    first, other = told(), told(AYU, "Spanduk roboh di lapangan", 5, station=3)
    with scoped(CITRA):
        services.reports_merge(report=other.id, into=first.id, note="satu kejadian", by=CITRA, at=NOON)
    assert inbox() == [first.id]
    with scoped(CITRA):
        services.reports_split(reports=[other.id], note="ternyata lain", by=CITRA, at=NOON)
    assert set(inbox()) == {first.id, other.id}
    with scoped(CITRA):
        acts = list(
            ReportGrouping.objects.filter(report=other.id).order_by("id").values_list("act", flat=True)
        )
    assert acts == ["merged", "split"]
    with scoped(Scope.system()):
        names = set(EventRow.objects.filter(record="report").values_list("name", flat=True))
    assert {"report.merged", "report.split"} <= names


def test_all_of_a_group_cannot_be_split_off_nor_one_group_merged_with_itself() -> None:
    first, second = told(), told(AYU, ALIKE, 20)
    with scoped(CITRA):
        with pytest.raises(MoveRefused, match="sebagian"):
            services.reports_split(reports=[first.id, second.id], note="", by=CITRA, at=NOON)
        with pytest.raises(MoveRefused, match="satu kelompok"):
            services.reports_merge(report=first.id, into=second.id, note="", by=CITRA, at=NOON)


def test_the_report_that_says_most_nearly_where_leads() -> None:
    wide, near = told(place=REGENCY, station=None), told(AYU, TEXT, 5)
    assert near.group == wide.group
    assert inbox() == [near.id]
    assert inbox(AYU_HEAD) == [near.id]


def test_after_a_decision_and_a_merge_too_the_one_that_says_most_nearly_where_leads() -> None:
    body = {"text": "Spanduk roboh di lapangan", "danger": True}
    (wide,) = reports_receive(incoming=[said(FAJAR, body=body, place=REGENCY, station=None)])
    first, second = told(), told(AYU, ALIKE, 20)
    with scoped(CITRA):
        services.reports_merge(report=wide.id, into=first.id, note="", by=CITRA, at=NOON)
    assert inbox(AYU_HEAD) == [first.id]
    with scoped(CITRA):
        services.report_reject(report=first.id, reason=RejectReason.TRIAL, note="uji", by=CITRA, at=NOON)
    assert inbox() == inbox(AYU_HEAD) == [second.id]
    with scoped(CITRA):
        lead = selectors.report_for(second.id)
    assert (lead.group_size, lead.group_sources) == (2, 2)
    assert lead.group_priority > second.priority


def test_who_has_a_group_in_hand_has_it_under_its_new_lead() -> None:
    wide = told(place=REGENCY, station=None)
    with scoped(CITRA):
        services.report_claim(report=wide.id, by=CITRA, at=NOON)
    near = told(AYU, TEXT, 5)
    with scoped(CITRA):
        assert str(selectors.report_for(near.id).claimed_by) == CITRA.person
        assert selectors.report_for(wide.id).claimed_by is None


def test_in_a_crowd_of_copies_a_report_in_other_words_stands_alone() -> None:
    reports_receive(incoming=[said(FAJAR, body={"text": TEXT, "kind": "money_politics"}) for _ in range(20)])
    other = told(AYU, "Kotak suara diangkut dengan truk terbuka", 3)
    copy = told(FAJAR, ALIKE, 4)
    assert other.id in inbox()
    assert copy.id not in inbox()


def test_two_villages_are_never_one_group_though_a_wide_report_fits_both() -> None:
    wide, here, there = (
        told(place=REGENCY, station=None),
        told(AYU, TEXT, 5),
        told(AYU, TEXT, 6, place=NEXT_VILLAGE),
    )
    assert here.group == wide.group != there.group
    with scoped(CITRA), pytest.raises(MoveRefused, match="Tempatnya berbeda"):
        services.reports_merge(report=there.id, into=here.id, note="", by=CITRA, at=NOON)


def test_other_agencies_see_their_own_report_though_it_stands_behind_anothers() -> None:
    told()
    own = told(BAGAS, ALIKE, 9)
    assert inbox(BAGAS) == [own.id]


def test_dewa_can_neither_see_merge_nor_split() -> None:
    first, second = told(), told(AYU, ALIKE, 20)
    with scoped(DEWA):
        assert group_members(first.group) == []
        with pytest.raises(Report.DoesNotExist):
            services.reports_split(reports=[second.id], note="", by=DEWA, at=NOON)
        with pytest.raises(Report.DoesNotExist):
            services.reports_merge(report=first.id, into=second.id, note="", by=DEWA, at=NOON)


@pytest.mark.parametrize("who", [CITRA, AYU, BAGAS, EKA, DEWA, FAJAR])
def test_nobody_but_the_machine_reads_the_sketches(who: Scope) -> None:
    told()
    with scoped(who):
        assert not ReportSketch.objects.exists()


def test_what_the_machine_finds_is_never_grouped() -> None:
    first = told()
    machine = Scope("system", "system", "", (0, 1, 2))
    told(machine, TEXT, 3)
    assert len(inbox()) == 2
    with scoped(CITRA):
        assert selectors.report_for(first.id).group_size == 1
