"""Rows that travel together arrive as those that travel alone."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from ronda.kernel.bulk import rows_add, rows_update
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.results.domain import CheckLevel
from ronda.results.models import FailedCheck, Sheet

AT = datetime(2024, 2, 14, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def system(db):
    with scoped(Scope.system()) as scope:
        yield scope


def check(**other):
    given = {
        "area": "51.01.02.2007",
        "agency": "bawaslu",
        "audience": ["polri", 'a "quoted", one'],
        "created_at": AT,
        "election": "pemilu-2024",
        "contest": "PPWP",
        "rule": "X01",
        "level": CheckLevel.STATION,
        "station": "5101022007001",
        "source": "ptps",
        "delta": -7,
        "deltas": [3, -10, 0],
        "stake": 10,
        "facts": {"first": [1, None], "words": "kurung { } dan 'kutip', \\ é 🗳"},
        "since": AT,
    }
    return FailedCheck(**given | other)


def cells(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_reads_back_as_it_was_given_and_as_one_saved_alone(system):
    together, alone = check(), check()
    rows_add([together])
    alone.save(force_insert=True)
    for made in (together, alone):
        assert cells(FailedCheck.objects.get(pk=made.pk)) == cells(made)


def test_a_database_default_is_filled_in_and_an_empty_list_stays_one(system):
    frame = {"area": "", "agency": "bawaslu", "audience": [], "created_at": AT}
    rows_add([EventRow(name="sheet.received", record="sheet", subject=uuid4(), **frame) for _ in range(3)])
    found = list(EventRow.objects.filter(name="sheet.received").values_list("position", "audience", "data"))
    assert len({position for position, _, _ in found}) == 3
    assert all((audience, data) == ([], {}) for _, audience, data in found)


def test_more_rows_than_a_batch_all_arrive_and_none_makes_no_statement(
    system, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("ronda.kernel.bulk.BATCH", 10)
    with django_assert_num_queries(3):
        rows_add(check() for _ in range(25))
    with django_assert_num_queries(0):
        rows_add([])
    assert FailedCheck.objects.count() == 25


def test_one_bad_row_lets_none_in(system):
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_add([check(), check(stake=-1)])
    assert not FailedCheck.objects.exists()


def test_rows_outside_the_scope_are_refused_as_everywhere(db):
    frame = {"area": "51.01", "audience": [], "created_at": AT, "agency": "polri", "sensitivity": 1}
    with scoped(Scope("polri", "polri", "51.01", (0, 1))):
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            rows_add([check(**frame), check(**frame)])
        line = AuditLine(action="x", record="sheet", subject=None, person=None, detail={}, **frame)
        rows_add([line])


def test_bytes_are_refused_with_a_sentence(system):
    with pytest.raises(TypeError, match="wanted a value that JSON can hold"):
        rows_add([check(source=b"ptps")])


def sheet(number: int) -> Sheet:
    frame = {"area": "51.01.02.2007", "agency": "bawaslu", "audience": [], "created_at": AT, "sensitivity": 1}
    told = {
        "election": "pemilu-2024",
        "contest": "PPWP",
        "source": "ptps",
        "votes": [1, None, 3],
        "number": number,
    }
    return Sheet(station=f"5101022007{number:03d}", **told, **frame)


def test_many_rows_are_changed_in_one_statement_and_only_where_told(system, django_assert_num_queries):
    rows = [sheet(number) for number in range(1, 5)]
    rows_add(rows)
    for row in rows[:3]:
        row.outcome, row.source = "revote", "kpu"
    with django_assert_num_queries(1):
        rows_update(rows[:3], ["outcome"])
    found = list(Sheet.objects.order_by("number").values_list("outcome", "source", "votes"))
    assert [outcome for outcome, *_ in found] == ["revote"] * 3 + ["regular"]
    assert {source for _, source, _ in found} == {"ptps"}
    assert found[0][2] == [1, None, 3]
    with django_assert_num_queries(0):
        rows_update([], ["outcome"])


def test_a_row_that_is_not_in_reach_is_not_changed(system):
    row = sheet(9)
    rows_add([row])
    row.outcome = "revote"
    with scoped(Scope("bawaslu", "bawaslu", "35.07", (0, 1))):
        rows_update([row], ["outcome"])
    assert Sheet.objects.get(pk=row.pk).outcome == "regular"
