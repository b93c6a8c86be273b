"""The signed scope: what a statement needs, what a token is good for, what a row policy lets through."""

import pytest
from django.db import ProgrammingError, connection

from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, ScopeMissing, scoped


def _event(area: str, **extra: object) -> EventRow:
    fields = {
        "agency": "bawaslu",
        "sensitivity": 1,
        "name": "test.made",
        "record": "event",
        "created_at": clock.now(),
    }
    row = EventRow(id=uuid7(), area=area, **{**fields, **extra})
    row.save(force_insert=True)
    return row


@pytest.mark.django_db
def test_a_statement_without_a_scope_is_an_error():
    with pytest.raises(ScopeMissing):
        EventRow.objects.count()


@pytest.mark.django_db
def test_the_database_itself_refuses_a_statement_without_a_token(as_scope):
    with as_scope():
        _event("51.01")
    with connection.connection.cursor() as bare, pytest.raises(Exception, match="needs a scope"):
        bare.execute("SELECT count(*) FROM kernel_event")


@pytest.mark.django_db
def test_an_agency_sees_its_area_and_nothing_beside_it(as_scope):
    with as_scope():
        for area in ("51", "51.01", "51.01.02", "51.01.02.2003", "51.02", "51.0", "35.09.01.2001"[:8]):
            if area != "51.0":
                _event(area)
    with as_scope("bawaslu", "51.01"):
        seen = set(EventRow.objects.values_list("area", flat=True))
    assert seen == {"51.01", "51.01.02", "51.01.02.2003"}


@pytest.mark.django_db
def test_a_partner_agency_sees_only_what_was_handed_over(as_scope):
    with as_scope():
        shared = _event("51.01.02", audience=["polri"])
        own = _event("51.01.02", agency="polri")
        _event("51.01.02")
    with as_scope("polri", "51.01"):
        assert set(EventRow.objects.values_list("id", flat=True)) == {shared.id, own.id}


@pytest.mark.django_db
def test_a_row_above_the_data_class_stays_hidden(as_scope):
    with as_scope():
        _event("51.01", sensitivity=3)
    with as_scope("bawaslu", "51.01", classes=(0, 1, 2)):
        assert EventRow.objects.count() == 0
    with as_scope("bawaslu", "51.01", classes=(0, 1, 2, 3)):
        assert EventRow.objects.count() == 1


@pytest.mark.django_db
def test_a_row_outside_the_area_cannot_be_added(as_scope):
    with pytest.raises(ProgrammingError, match="row-level security"), as_scope("bawaslu", "51.01"):
        _event("51.02")


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["UPDATE kernel_event SET name = 'x'", "DELETE FROM kernel_event"])
def test_an_event_is_never_changed(as_scope, verb):
    with as_scope():
        _event("51.01")
    with pytest.raises(ProgrammingError, match="permission denied"), as_scope():
        connection.cursor().execute(verb)


@pytest.mark.django_db
def test_a_forged_token_is_refused(as_scope):
    with as_scope():
        _event("51.01")
    with pytest.raises(ProgrammingError, match="not signed"), as_scope("bawaslu", "51.02"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('ronda.scope')")
            token = cursor.fetchone()[0].replace("51.02", "51.01")
            cursor.execute("SELECT set_config('ronda.scope', %s, true)", [token])
            cursor.execute("SELECT count(*) FROM kernel_event")


@pytest.mark.django_db
def test_two_statements_in_one_string_are_refused(as_scope):
    with pytest.raises(ProgrammingError, match="multiple commands"), as_scope():
        connection.cursor().execute("SELECT 1; SELECT 2")


@pytest.mark.django_db
def test_the_scope_before_returns_after_a_nested_one(as_scope):
    with as_scope():
        _event("51.01")
        _event("51.02")
    with as_scope("bawaslu", "51.01"):
        with scoped(Scope("bawaslu", "bawaslu", "51.02", (0, 1))):
            assert EventRow.objects.get().area == "51.02"
        assert EventRow.objects.get().area == "51.01"


def test_a_scope_refuses_words_that_would_break_the_token():
    with pytest.raises(ValueError, match="without"):
        Scope("bawaslu|x", "bawaslu")
