"""Who has a report in hand: one at a time, for some minutes, and never in the way of a head."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from ronda.agencies.selectors import scope_of
from ronda.agencies.tests.factories import cast
from ronda.incidents.tests.cast import CITRA, DEWA, EKA, FAJAR, NOON, person, said, stage_set
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.reports import selectors, services
from ronda.reports.domain import MoveRefused, RejectReason
from ronda.reports.models import Report, ReportClaim
from ronda.reports.selectors.desk import in_hand, report_next
from ronda.reports.services import reports_receive

COLLEAGUE = replace(CITRA, person=person(8))
LATER = NOON + timedelta(minutes=15)


@pytest.fixture
def report(db: None) -> Report:
    stage_set()
    return reports_receive(incoming=[said(FAJAR)])[0]


def claim(report: Report, by: Scope = CITRA, at: datetime = NOON, **given: Any) -> ReportClaim:
    with scoped(by):
        return services.report_claim(report=report.id, by=by, at=at, **given)


def reject(report: Report, by: Scope, at: datetime = NOON) -> None:
    with scoped(by):
        services.report_reject(report=report.id, reason=RejectReason.TRIAL, note="uji", by=by, at=at)


def test_a_claim_says_who_and_until_when_and_others_see_it(report: Report) -> None:
    claim(report)
    with scoped(COLLEAGUE):
        hand = in_hand(report, by=COLLEAGUE, at=NOON)
    assert (hand.is_running, hand.is_own, hand.lead.claimed_until) == (True, False, LATER)


def test_while_it_runs_nobody_else_takes_or_decides_it(report: Report) -> None:
    claim(report)
    for act in (claim, reject):
        with pytest.raises(MoveRefused, match=r"ditangani .* sampai 13\.15"):
            act(report, COLLEAGUE)


def test_it_runs_out_by_itself(report: Report) -> None:
    claim(report)
    assert claim(report, COLLEAGUE, LATER).holder == COLLEAGUE_ID
    with scoped(CITRA), pytest.raises(MoveRefused):
        services.report_release(report=report.id, by=CITRA, at=LATER)


def test_released_anybody_may_take_it(report: Report) -> None:
    claim(report)
    with scoped(CITRA):
        services.report_release(report=report.id, by=CITRA, at=NOON)
    assert claim(report, COLLEAGUE).act == "claimed"


def test_taking_again_begins_the_minutes_anew(report: Report) -> None:
    claim(report)
    assert claim(report, CITRA, NOON + timedelta(minutes=10)).until == NOON + timedelta(minutes=25)


def test_the_public_and_the_machine_take_nothing_in_hand(report: Report) -> None:
    nameless = replace(CITRA, person="")
    with pytest.raises(MoveRefused, match="namanya sendiri"):
        claim(report, nameless)


@pytest.mark.parametrize("who", [DEWA, EKA, FAJAR])
def test_those_without_the_mandate_neither_claim_nor_see_claims(report: Report, who: Scope) -> None:
    claim(report)
    with scoped(who):
        assert not ReportClaim.objects.exists()
        with pytest.raises(Report.DoesNotExist):
            services.report_claim(report=report.id, by=who, at=NOON)


def test_a_claim_holds_the_whole_group_and_passes_to_its_next_report(report: Report) -> None:
    second, third = reports_receive(incoming=[said(FAJAR), said(FAJAR)])
    assert report.group == second.group == third.group
    claim(second)
    with pytest.raises(MoveRefused):
        reject(third, COLLEAGUE)
    reject(report, CITRA)
    with pytest.raises(MoveRefused):
        reject(second, COLLEAGUE)


def test_the_next_report_is_one_that_nobody_else_has(report: Report) -> None:
    (other,) = reports_receive(incoming=[said(FAJAR, station=3)])
    claim(report)
    with scoped(COLLEAGUE):
        assert report_next(by=COLLEAGUE, at=NOON) == other.id
    with scoped(CITRA):
        assert report_next(by=CITRA, at=NOON) == report.id


# ------------------------------------------------------------------------------------- people with posts
@pytest.fixture
def people(db: None) -> dict[str, Scope]:
    with scoped(Scope.system()):
        areas_load(area="51.01", at=NOON)
    posts = cast()
    with scoped(Scope.system()):
        return {name: scope_of(post) for name, post in posts.items()}


@pytest.fixture
def claimed(people: dict[str, Scope]) -> Report:
    (made,) = reports_receive(incoming=[said(FAJAR, place=people["ayu"].area)])
    claim(made, people["citra"])
    return made


def test_a_head_may_take_over_and_says_why(people: dict[str, Scope], claimed: Report) -> None:
    with pytest.raises(MoveRefused, match="mengapa"):
        claim(claimed, people["putri"])
    taken = claim(claimed, people["putri"], note="mendesak")
    assert (taken.act, taken.by_name, taken.note) == ("taken", "Putri", "mendesak")


def test_a_claim_never_stops_the_decision_of_a_head_and_it_is_noted(
    people: dict[str, Scope], claimed: Report
) -> None:
    reject(claimed, people["putri"])
    with scoped(people["citra"]):
        assert selectors.report_for(claimed.id).state == "rejected"
        last = ReportClaim.objects.order_by("id").last()
    assert last is not None
    assert (last.act, last.note) == ("taken", "Diputuskan langsung oleh pimpinan.")


def test_what_one_has_is_handed_on_to_a_colleague_on_duty(people: dict[str, Scope], claimed: Report) -> None:
    with scoped(people["putri"]):
        posts = {post.display_name: post for post in _colleagues(people["putri"])}
    with scoped(people["citra"]):
        given = services.report_hand_on(report=claimed.id, to=posts["Putri"].pk, by=people["citra"], at=NOON)
    assert (given.act, given.holder_name) == ("handed", "Putri")
    with pytest.raises(MoveRefused):
        reject(claimed, people["citra"])


def _colleagues(by: Scope) -> Any:
    from ronda.agencies.selectors import posts_on_duty

    return posts_on_duty(agency=by.agency, area=by.area, today=NOON.date())


# ------------------------------------------------------------------------------------------ two at once
def test_of_many_who_take_it_at_once_one_wins(committed_db: None) -> None:
    stage_set()
    (made,) = reports_receive(incoming=[said(FAJAR)])
    barrier, won, lost, other = threading.Barrier(6), [], [], []

    def take(number: int) -> None:
        by = replace(CITRA, person=person(20 + number))
        try:
            barrier.wait(timeout=10)
            claim(made, by)
            won.append(number)
        except MoveRefused:
            lost.append(number)
        except BaseException as error:
            other.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (other, len(won), len(lost)) == ([], 1, 5)
    with scoped(CITRA):
        assert ReportClaim.objects.count() == 1


def test_control_without_the_lock_more_than_one_wins(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ronda.reports.services import claiming

    gate = threading.Barrier(6)

    def unlocked(report: Any) -> Report:
        row = Report.objects.get(pk=report)
        gate.wait(timeout=10)
        return row

    monkeypatch.setattr(claiming, "_lead", unlocked)
    with pytest.raises(AssertionError):
        test_of_many_who_take_it_at_once_one_wins(None)


COLLEAGUE_ID = ReportClaim._meta.get_field("holder").to_python(COLLEAGUE.person)
