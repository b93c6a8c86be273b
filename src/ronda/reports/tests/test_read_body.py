"""Whatever a phone or a browser sends becomes columns and remarks; nothing is refused, nothing breaks."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronda.kernel.areas import is_code
from ronda.reports.adapters import (
    IncomingReport,
    ReadBody,
    Sender,
    dotted,
    file_report,
    read_body,
    storable,
)

NOON = datetime(2024, 11, 27, 5, 0, tzinfo=UTC)
KNOWN = {"51", "51.01", "51.01.02", "51.01.02.2003"}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def came(body: dict[str, object], **more: object) -> IncomingReport:
    return IncomingReport(message=UUID(int=1), received_at=NOON, body=body, **more)  # type: ignore[arg-type]


def read(body: dict[str, object], **more: object) -> ReadBody:
    return read_body(came(body, **more))


@given(
    st.dictionaries(
        st.sampled_from(["text", "kind", "place_words", "happened_at", "known_at", "danger"]), anything
    ),
    anything,
)
def test_any_body_becomes_columns_the_database_can_hold(body: dict[str, object], station: object) -> None:
    found = read(body, station=station)
    for text in (found.text, found.kind, found.place_words, *found.remarks):
        text.encode("utf-8")
        assert "\x00" not in text
    assert found.station is None or 1 <= found.station <= 999
    assert found.happened_at is None or found.happened_at.tzinfo is not None


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_text_is_kept_exactly_with_markup_emoji_and_right_to_left(text: str) -> None:
    assert read({"text": text}).text == text


def test_what_no_database_can_hold_is_shown_and_remarked() -> None:
    remarks: list[str] = []
    assert storable("a\x00b\ud800c", "text", remarks) == "a\ufffdb\ufffdc"
    assert remarks


@pytest.mark.parametrize(
    "value",
    ["kemarin", 12, "2024-11-27T06:10:03", "9999-12-31T23:59:59-14:00", [], "0001-01-01T00:00:00+07:00"],
)
def test_a_time_that_cannot_be_is_remarked_not_guessed(value: object) -> None:
    found = read({"happened_at": value})
    assert found.happened_at is None
    assert found.remarks


def test_a_future_time_is_remarked_and_left_out() -> None:
    ahead = (NOON + timedelta(hours=2)).isoformat()
    found = read({"happened_at": ahead})
    assert (found.happened_at, len(found.remarks)) == (None, 1)


@pytest.mark.parametrize("value", [-3, 0, 1000, "tujuh", True, 7.0, 10**30])
def test_an_impossible_station_number_is_remarked(value: object) -> None:
    found = read({}, station=value)
    assert (found.station, len(found.remarks)) == (None, 1)


@pytest.mark.parametrize(
    ("given_code", "wanted"),
    [
        ("51.01.02.2003", "51.01.02.2003"),
        ("5101022003", "51.01.02.2003"),
        (" 51.01 ", "51.01"),
        ("5101", "51.01"),
        ("Penyaringan", ""),
        ("51.01.02.20", ""),
        ("٥١", ""),
        ("", ""),
    ],
)
def test_place_codes_are_read_with_and_without_dots(given_code: str, wanted: str) -> None:
    assert dotted(given_code) == wanted


@given(st.text())
def test_no_text_is_mistaken_for_a_place(text: str) -> None:
    assert is_code(dotted(text))


def test_a_known_village_and_number_is_filed_under_its_station() -> None:
    filing = file_report(came({}, place="51.01.02.2003"), 7, KNOWN)
    assert (filing.area, filing.station_code, filing.is_placed) == ("51.01.02.2003", "5101022003007", True)


def test_an_unknown_village_is_kept_under_the_nearest_known_area_for_a_person_to_place() -> None:
    filing = file_report(came({}, place="51.01.02.2999"), 7, KNOWN)
    assert (filing.area, filing.station_code, filing.is_placed) == ("51.01.02", "", False)


def test_a_place_nobody_knows_is_kept_under_the_area_of_its_sender() -> None:
    filing = file_report(came({}, place="dekat pasar", sender=Sender("polri", "polri", "51.01")), None, KNOWN)
    assert (filing.area, filing.is_placed) == ("51.01", False)


def test_a_regency_alone_is_not_a_place_to_act_at() -> None:
    assert not file_report(came({}, place="51.01"), None, KNOWN).is_placed
