"""Two hands at once: figures of a column that is new, the same button twice, the same form by two people."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from ronda.agencies.tests.factories import AT
from ronda.elections.adapters.choices import ChoiceRow
from ronda.elections.services import choices_import, election_create, stations_generate
from ronda.entry.models import EntryForm
from ronda.entry.services import form_open
from ronda.kernel.models import EventRow
from ronda.kernel.scope import ALL_CLASSES, Scope, scoped
from ronda.places.services import areas_load
from ronda.plenum.models import Column, Plenum
from ronda.plenum.services import column_save, plenum_open
from ronda.results.models import Replacement
from ronda.results.services import replacement_record

ELECTION, DISTRICT, VILLAGE = "pilkada-2024", "51.01.02", "51.01.02.2007"
BY = Scope("bawaslu", "bawaslu", "51.01", ALL_CLASSES[:4], "00000000-0000-0000-0000-000000000001")


@pytest.fixture
def regency(committed_db: None) -> None:
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        election = election_create(law=ELECTION, area="51.01", at=AT)
        stations_generate(election=election, area=VILLAGE, seed=7, at=AT)
        choices_import(election=election, choices=[ChoiceRow("BUP", "51.01", 1, "Paslon 1")], at=AT)


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act(0)` to `act(number - 1)` at the same moment, each on its own connection."""
    start, found = threading.Barrier(number), [None] * number

    def run(at: int) -> None:
        try:
            with scoped(BY):
                Plenum.objects.exists()  # the connection is there before the start
                start.wait(10)
                found[at] = act(at)
        except Exception as problem:
            found[at] = problem  # type: ignore[call-overload]  # the test looks at it
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_figures_of_a_new_column_that_come_at_once_are_all_kept(regency: None) -> None:
    with scoped(BY):
        plenum = plenum_open(election=ELECTION, contest="BUP", area=DISTRICT, by=BY, at=AT)
    found = at_once(
        3, lambda n: column_save(plenum=plenum, code=DISTRICT, typed={f"x{n}": str(n)}, by=BY, at=AT).pk
    )
    assert len(set(found)) == 1, found
    with scoped(BY):
        assert Column.objects.get().figures == {f"x{n}": n for n in range(3)}


def test_the_same_plenum_and_the_same_form_opened_at_once_are_one(regency: None) -> None:
    plenums = at_once(
        3, lambda n: plenum_open(election=ELECTION, contest="BUP", area=DISTRICT, by=BY, at=AT).pk
    )
    given = {"election": ELECTION, "contest": "BUP", "station": "5101022007001", "source": "ptps"}
    forms = at_once(3, lambda n: form_open(**given, by=BY, at=AT).pk)
    assert len(set(plenums)) == len(set(forms)) == 1, (plenums, forms)
    with scoped(BY):
        assert Plenum.objects.count() == EntryForm.objects.count() == 1


def test_the_same_decision_recorded_at_once_is_one_row_and_one_event(regency: None) -> None:
    given = {"election": ELECTION, "contest": "BUP", "station": "5101022007001", "outcome": "revote"}
    told = {"decision": "KPU 1/2024", "reason": "Pasal 112.", "since": AT}
    found = at_once(3, lambda n: replacement_record(**given, **told, by=BY, at=AT).pk)
    assert len(set(found)) == 1, found
    with scoped(Scope.system()):
        assert Replacement.objects.count() == 1
        assert EventRow.objects.filter(name="result.replaced").count() == 1
