"""Reading records of any class: what the mandate hides does not exist, what is guarded leaves a line first."""

import pytest

from ronda.kernel import clock, records
from ronda.kernel.ids import uuid7
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope

POLRI = Scope("polri", "polri", "51.01", (0, 1, 2, 3))


def _event(area="51.01.02", sensitivity=1, agency="polri"):
    row = EventRow(
        id=uuid7(), area=area, agency=agency, sensitivity=sensitivity, name="test.made", record="event",
        created_at=clock.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    return row


@pytest.mark.django_db
def test_pages_follow_one_another_without_a_gap(as_scope):
    with as_scope():
        made = [str(_event().id) for _ in range(5)]
    with as_scope("polri", "51.01"):
        first = records.record_page(POLRI, "event", limit=3, at=clock.now())
        second = records.record_page(POLRI, "event", limit=3, after=first.next, at=clock.now())
    assert [row["id"] for row in first.rows + second.rows] == sorted(made)
    assert second.next is None


@pytest.mark.django_db
def test_a_class_the_agency_may_not_read_does_not_exist(as_scope):
    with as_scope("publik"):
        assert records.record_page(Scope.public(), "audit", limit=5, at=clock.now()) is None
        assert records.record_page(Scope.public(), "account", limit=5, at=clock.now()) is None
        assert records.record_page(Scope.public(), "nonsense", limit=5, at=clock.now()) is None


@pytest.mark.django_db
def test_a_guarded_row_leaves_an_audit_line_with_its_reading(as_scope):
    with as_scope():
        guarded, plain = _event(sensitivity=3), _event()
    with as_scope("polri", "51.01"):
        records.record_one(POLRI, "event", str(plain.id), at=clock.now())
        assert not AuditLine.objects.filter(action="record.read").exists()
        records.record_one(POLRI, "event", str(guarded.id), at=clock.now())
        assert AuditLine.objects.get(action="record.read").detail == {"rows": [str(guarded.id)]}


@pytest.mark.django_db
def test_fields_above_the_reader_are_left_out(as_scope, monkeypatch):
    monkeypatch.setitem(EventRow.Ronda.field_classes, "data", 3)
    with as_scope():
        row = _event()
    officer = Scope("polri", "polri", "51.01", (0, 1))
    with as_scope("polri", "51.01", classes=(0, 1)):
        assert "data" not in records.record_one(officer, "event", str(row.id), at=clock.now())
    with as_scope("polri", "51.01"):
        assert "data" in records.record_one(POLRI, "event", str(row.id), at=clock.now())


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "0", "\0", "00000000-0000-7000-8000-000000000000", "' OR 1=1 --"])
def test_a_key_that_is_none_finds_nothing(as_scope, key):
    with as_scope("polri", "51.01"):
        assert records.record_one(POLRI, "event", key, at=clock.now()) is None
