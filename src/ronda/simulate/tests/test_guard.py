"""A simulation runs in a drill database and nowhere else."""

from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from ronda.config.cli.simulate import simulate
from ronda.gate import services as gate
from ronda.gate.domain import Grant
from ronda.gate.selectors import message_count as gate_count
from ronda.kernel.ids import uuid7
from ronda.kernel.journal import journal
from ronda.kernel.scope import Scope, scoped
from ronda.simulate.events import DrillMarked
from ronda.simulate.models import DrillMark
from ronda.simulate.services import DrillRefused, demo_refused, drill_mark, drill_require

pytestmark = pytest.mark.django_db
AT = datetime(2024, 2, 14, tzinfo=UTC)
HERE = {"area": "51.01", "election": "pemilu-2024"}


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.GATE_INSIDE_TRANSACTION = True
    settings.DEMO = True


def _real_message() -> None:
    raw = (
        b'{"id":"%s","kind":"report","captured_at":"2024-02-14T00:00:00Z","body":{}}' % str(uuid7()).encode()
    )
    gate.message_accept(raw=raw, grant=Grant("bawaslu", "bawaslu", "51.01"), at=AT)


def test_an_empty_database_in_demo_mode_is_marked_once(as_scope: Any) -> None:
    with as_scope():
        first = drill_mark(**HERE, at=AT)
        assert drill_mark(**HERE, at=AT).pk == first.pk
        assert drill_require(**HERE).pk == first.pk


def test_a_database_with_messages_is_never_marked(as_scope: Any) -> None:
    _real_message()
    with as_scope():
        with pytest.raises(DrillRefused, match="sudah berisi data"):
            drill_mark(**HERE, at=AT)
        assert not DrillMark.objects.exists()


def test_a_database_that_only_imports_filled_is_never_marked_and_not_served_as_a_demo(
    as_scope: Any, settings: Any
) -> None:
    with as_scope():
        journal(
            DrillMarked(subject=uuid7(), area="51.01", agency="system", sensitivity=0, election="x"), at=AT
        )
        assert gate_count() == 0
        with pytest.raises(DrillRefused, match="sudah berisi data"):
            drill_mark(**HERE, at=AT)
    assert "real data" in (demo_refused() or "")
    settings.DEMO = False
    assert demo_refused() is None


def test_an_empty_and_a_marked_database_may_be_served_as_a_demo(as_scope: Any) -> None:
    assert demo_refused() is None
    with as_scope():
        drill_mark(**HERE, at=AT)
    assert demo_refused() is None


def test_without_a_mark_nothing_runs(as_scope: Any) -> None:
    with as_scope(), pytest.raises(DrillRefused, match="tidak ditandai"):
        drill_require(**HERE)


def test_outside_demo_mode_nothing_runs_even_where_it_was_marked(as_scope: Any, settings: Any) -> None:
    with as_scope():
        drill_mark(**HERE, at=AT)
        settings.DEMO = False
        with pytest.raises(DrillRefused, match="RONDA_DEMO=1"):
            drill_require(**HERE)
        with pytest.raises(DrillRefused, match="RONDA_DEMO=1"):
            drill_mark(**HERE, at=AT)


def test_a_drill_goes_on_after_its_own_messages(as_scope: Any) -> None:
    with as_scope():
        drill_mark(**HERE, at=AT)
    _real_message()
    with as_scope():
        assert drill_mark(area="35.09", election="pemilu-2024", at=AT).area == "35.09"


@pytest.mark.parametrize("kind", ["bawaslu", "polri", "partai", "publik", "gate", "signin"])
def test_no_agency_can_set_the_mark(as_scope: Any, kind: str) -> None:
    from django.db import DatabaseError, transaction

    with as_scope(kind, "51.01"), pytest.raises(DatabaseError), transaction.atomic():
        DrillMark(**HERE, sensitivity=0, agency=kind, created_at=AT).save(force_insert=True)


def test_the_command_refuses_without_a_drill_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RONDA_CLOCK_FILE", raising=False)

    answer = CliRunner().invoke(simulate, ["--area", "51.01"])

    assert answer.exit_code == 1
    assert "RONDA_CLOCK_FILE" in answer.output


def test_the_command_refuses_a_bad_end(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = CliRunner().invoke(simulate, ["--until", "25.99"])

    assert answer.exit_code == 2
    assert "18:30" in answer.output


def test_the_public_scope_sees_no_mark(as_scope: Any) -> None:
    with as_scope():
        drill_mark(**HERE, at=AT)
    with scoped(Scope.public()):
        assert not DrillMark.objects.exists()
