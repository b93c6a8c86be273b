from datetime import UTC, datetime

import pytest

from ronda.kernel.areas import Level
from ronda.kernel.models import AuditLine, EventRow
from ronda.places.adapters.register import UnknownArea
from ronda.places.selectors import (
    area_children,
    area_count,
    area_for,
    area_list,
    area_names_below,
    area_search,
    area_trail,
)
from ronda.places.services import areas_load

AT = datetime(2024, 11, 1, tzinfo=UTC)


def test_loads_a_regency_with_what_lies_above_it(as_scope) -> None:
    with as_scope():
        written = areas_load(area="51.01", at=AT)
        assert [area.code for area in area_trail("51.01.02.2003")] == [
            "51",
            "51.01",
            "51.01.02",
            "51.01.02.2003",
        ]
        assert area_list("51.01", Level.DISTRICT).count() == 5
        assert area_list("51.01", Level.VILLAGE).count() == 51
        assert written.rows == written.changed == 1 + 1 + 5 + 51
        village = area_for("51.01.02.2003")
        assert village is not None
        assert (village.parent, village.province, village.regency) == ("51.01.02", "51", "51.01")
        assert village.postal_code.isdigit()


def test_repeated_load_changes_nothing(as_scope) -> None:
    with as_scope():
        areas_load(area="51.01", at=AT)
        assert areas_load(area="51.01", at=AT).changed == 0
        assert area_count() == 58


def test_load_leaves_one_event_and_one_audit_line(as_scope) -> None:
    with as_scope():
        areas_load(area="51.01", at=AT)
        assert EventRow.objects.get().data["areas"] == 58
        assert AuditLine.objects.get().action == "areas.loaded"


@pytest.mark.parametrize(("code", "children"), [("35.10", 25), ("51.08", 9), ("73.71", 15)])
def test_loads_regencies_nobody_prepared(as_scope, code: str, children: int) -> None:
    with as_scope():
        areas_load(area=code, at=AT)
        assert area_children(code).count() == children


def test_refuses_an_area_that_does_not_exist(as_scope) -> None:
    with as_scope(), pytest.raises(UnknownArea, match=r"99\.99"):
        areas_load(area="99.99", at=AT)


@pytest.mark.parametrize("code", ["5101", "51.1", "bali", "51.01.02.03", "'; --"])
def test_refuses_what_is_no_code(as_scope, code: str) -> None:
    with as_scope(), pytest.raises(ValueError, match="area code"):
        areas_load(area=code, at=AT)


def test_search_finds_by_word_and_by_code(as_scope) -> None:
    with as_scope():
        areas_load(area="51.01", at=AT)
        assert area_search("mendoyo")[0].code == "51.01.02"
        assert area_search("51.01.02.2003")[0].code == "51.01.02.2003"
        assert area_search("  ") == []
        assert area_search("%") == []
        assert area_search("mendoyo", within="51.01.04") == []


def test_names_below_feed_the_page_frame(as_scope) -> None:
    with as_scope():
        areas_load(area="51.01", at=AT)
        names = area_names_below("51.01")
        assert names["51"] == "Bali"
        assert names["51.01.02"] == "Mendoyo"
        assert len(names) == 58
        assert area_names_below("") == {}


@pytest.mark.parametrize("kind", ["publik", "bawaslu", "polri", "partai", "pemantau"])
def test_everybody_reads_the_register_and_nobody_writes_it(as_scope, kind: str) -> None:
    from django.db import DatabaseError, transaction

    with as_scope():
        areas_load(area="51.01", at=AT)
    with as_scope(kind, "51.02"):
        assert area_for("51.01") is not None
        with pytest.raises(DatabaseError), transaction.atomic():
            areas_load(area="51.02", at=AT)


def test_loads_the_whole_country(as_scope) -> None:
    with as_scope():
        written = areas_load(area="", at=AT)
        # 38 provinces, 514 regencies, 7,285 districts, 83,762 villages: the register's own count.
        assert written.rows == 38 + 514 + 7285 + 83762
        assert area_list("", Level.REGENCY).count() == 514
