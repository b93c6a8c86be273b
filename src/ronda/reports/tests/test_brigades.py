"""S17. Brigades, one claim sent by many with small changes, stand in the inbox as one; honest reports do not vanish
behind them."""

from collections import Counter
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

import pytest
from tests.counts import count

from ronda.incidents.tests.cast import said, stage_set
from ronda.kernel.ids import uuid7
from ronda.kernel.scope import Scope, scoped
from ronda.places.models import Area
from ronda.reports.adapters import IncomingReport
from ronda.reports.adapters.likeness import weights
from ronda.reports.models import Report
from ronda.reports.services import grouping, reports_receive
from ronda.reports.tests.generated import VILLAGES, Told, brigade, labelled

SEED, MEMBERS, EVENTS, AT_ONCE = 17, 150, 60, 50


@dataclass(frozen=True)
class Seen:
    """What became of a flood: the share of brigades that stand together, and of honest reports behind one."""

    brigades: int
    together: int
    honest: int
    held: int


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    stage_set()
    codes = {code for village in VILLAGES for code in (village[:8], village)}
    with scoped(Scope.system()):
        Area.objects.bulk_create(
            [
                Area(
                    code=code,
                    level="village" if len(code) == 13 else "district",
                    kind="village" if len(code) == 13 else "district",
                    name=code,
                    parent=code[:8] if len(code) == 13 else code[:5],
                    province="51",
                    regency="51.01",
                )
                for code in sorted(codes)
            ],
            ignore_conflicts=True,
        )


def incoming(told: Told) -> IncomingReport:
    body = {"text": told.text, "kind": told.kind} | (
        {"happened_at": told.happened_at.isoformat()} if told.happened_at else {}
    )
    at = told.at
    return said(
        message=uuid7(),
        received_at=at,
        captured_at=at,
        body=body,
        place=told.village,
        station=told.station,
    )


def near(told: Told, villages: int) -> Told:
    """The same in one of the first villages."""
    return replace(told, village=VILLAGES[VILLAGES.index(told.village) % villages])


def flooded() -> Seen:
    """Honest reports with brigades among them, two brigades to five villages, in the order in which they come."""
    brigades, rng = count("brigades"), Random(SEED)
    flood = [one for n in range(brigades) for one in brigade(rng, -1 - n, MEMBERS)]
    both = (near(told, brigades * 5 // 2) for told in (*flood, *labelled(SEED + 1000, EVENTS)))
    sent = sorted(both, key=lambda told: told.at)
    events = {}
    for start in range(0, len(sent), AT_ONCE):
        part = sent[start : start + AT_ONCE]
        given = [incoming(told) for told in part]
        events |= {one.message: told.event for one, told in zip(given, part, strict=True)}
        reports_receive(incoming=given)
    with scoped(Scope.system()):
        rows = Report.objects.filter(message__in=events)
        groups = dict(rows.values_list("message", "group"))
        leads = dict(rows.filter(is_lead=True).values_list("group", "message"))
    return counted(events, groups, {group: events[lead] for group, lead in leads.items()})


def counted(events: dict[UUID, int], groups: dict[UUID, UUID], leads: dict[UUID, int]) -> Seen:
    """`leads`: by group, the event of the report that stands for it in the inbox. Below 0 is a brigade's."""
    members: dict[int, Counter[UUID]] = {}
    for message, event in events.items():
        if event < 0:
            members.setdefault(event, Counter())[groups[message]] += 1
    largest = [found.most_common(1)[0] for found in members.values()]
    honest = [groups[message] for message, event in events.items() if event >= 0]
    return Seen(
        brigades=len(members),
        together=sum(size >= 0.9 * MEMBERS for _group, size in largest),
        honest=len(honest),
        held=sum(leads[group] < 0 for group in honest),
    )


def require_kept(seen: Seen) -> None:
    assert seen.together >= 0.9 * seen.brigades, seen
    assert seen.held <= 0.01 * seen.honest, seen


def proposed_from(score: float, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = replace(weights(), propose_from=score)
    monkeypatch.setattr(grouping, "weights", lambda: rules)


def test_brigades_stand_as_one_and_honest_reports_do_not_vanish_behind_them() -> None:
    seen = flooded()
    print(  # noqa: T201
        f"S17: {seen.brigades} brigades of {MEMBERS}, seed {SEED}: {seen.together} stand as one; "
        f"{seen.held} of {seen.honest} honest reports behind one"
    )
    require_kept(seen)


def test_control_without_comparison_every_copy_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    proposed_from(1.01, monkeypatch)
    with pytest.raises(AssertionError):
        require_kept(flooded())


def test_control_a_comparison_that_likes_everything_hides_honest_reports(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proposed_from(0.0, monkeypatch)
    monkeypatch.setattr(grouping, "_is_lost", lambda score, lead: False)
    with pytest.raises(AssertionError):
        require_kept(flooded())
