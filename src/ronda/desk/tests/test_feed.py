"""News in words, and only what the scope shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ronda.desk.feed import WORDS, feed_lines, line_of
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped

NOW = datetime(2024, 2, 14, 8, 42, tzinfo=UTC)
CITRA = Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2, 3))
DEWA = Scope("bawaslu", "bawaslu", "51.02", (0, 1, 2, 3))
DATA: dict[str, Any] = {
    "number": "K-0147",
    "state": "open",
    "kind": "violence",
    "to": "polri",
    "source": "officer",
    "place": "51.01.02.2007",
    "contest": "ppwp",
    "station": "5101022007007",
    "rows": 876,
    "failed": 3,
    "steps": {"opened": 4},
    "heard_again": 1,
    "incident_kind": "violence",
    "count": 2,
}


def event(name: str, *, area: str = "51.01.02.2007", at: datetime = NOW) -> EventRow:
    return EventRow(
        name=name,
        record=name.partition(".")[0],
        area=area,
        agency="bawaslu",
        audience=[],
        sensitivity=1,
        created_at=at,
        data=DATA,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(WORDS))
def test_every_known_event_becomes_a_line(name: str) -> None:
    with scoped(CITRA):
        line = line_of(event(name))
    assert line.about
    assert line.text
    assert "%(" not in line.text


@pytest.mark.django_db
def test_newest_first_and_only_of_the_own_area() -> None:
    with scoped(Scope.system()):
        for minutes in (90, 5, 1):
            event("incident.closed", at=NOW - timedelta(minutes=minutes)).save(force_insert=True)
        event("incident.closed", area="51.02.01.2001").save(force_insert=True)
    with scoped(CITRA):
        lines = feed_lines("51.01", at=NOW)
    assert [line.at for line in lines] == [NOW - timedelta(minutes=minutes) for minutes in (1, 5, 90)]
    with scoped(DEWA):
        assert [line.area for line in feed_lines("51.02", at=NOW)] == ["51.02.01.2001"]


@pytest.mark.django_db
def test_events_nobody_needs_to_read_are_left_out() -> None:
    with scoped(Scope.system()):
        event("post.opened").save(force_insert=True)
    with scoped(CITRA):
        assert feed_lines("51.01", at=NOW) == []
