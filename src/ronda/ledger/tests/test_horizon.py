"""The floor below which the sequencer need not look, with transactions that really run beside each other."""

from datetime import UTC, datetime

import psycopg
import pytest

from ronda.kernel.scope import Scope, scoped
from ronda.ledger.models import Entry, Horizon
from ronda.ledger.tests.test_sequencer import leaves, sequence

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("committed_db")


def horizon() -> Horizon:
    with scoped(Scope.system()):
        return Horizon.objects.get(name="sequencer")


def aged() -> None:
    """As if the mark were set long ago."""
    with scoped(Scope.system()):
        Horizon.objects.update(marked_at=LONG_AGO)


def test_the_floor_follows_marks_that_are_old_and_done():
    numbers = leaves(3)
    sequence()
    assert (horizon().floor, horizon().mark) == (0, numbers[-1])
    leaves(2)
    sequence()
    assert horizon().floor == 0
    aged()
    sequence()
    assert horizon().floor == numbers[-1]
    assert horizon().mark == numbers[-1] + 2


def test_the_floor_waits_for_a_long_transaction_that_holds_a_lower_number(postgres):
    """Without that its leaf would never get a place."""
    from django.db import connection

    with psycopg.connect(postgres.dsn("postgres", connection.settings_dict["NAME"])) as slow:
        lower = slow.execute("SELECT nextval('ledger_leaf_n')").fetchone()[0]
        slow.execute(
            "INSERT INTO ledger_leaf (n, entry, salt, \"group\", place) VALUES (%s, %s, '', gen_random_uuid(), 0)",
            [lower, b"late"],
        )
        higher = leaves(2)
        sequence()
        for _ in range(3):
            aged()
            sequence()
        assert horizon().floor < lower < higher[0]
        slow.commit()
    assert sequence() == 1
    aged()
    sequence()
    assert horizon().floor == higher[-1]
    with scoped(Scope.system()):
        assert list(Entry.objects.order_by("position").values_list("leaf", flat=True)) == [*higher, lower]
