"""One copy per station goes into the screens, as into the sums; lists of different districts meet in their parties."""

from datetime import UTC, datetime

from ronda.results.adapters.checking import StationCopy
from ronda.results.adapters.screens_area import area_stations
from ronda.results.domain import Figures

AT = datetime(2024, 2, 15, tzinfo=UTC)
NORTH, SOUTH = "51.01.01.1001", "51.01.02.2001"


def copy_of(station, area, votes, *, source="kpu", valid=None, users=None):
    valid = sum(vote or 0 for vote in votes) if valid is None else valid
    return StationCopy(station, area, source, AT, Figures(votes, valid, 5, users or valid + 5, 300))


def test_the_copy_that_is_read_first_and_has_all_its_votes_is_taken():
    copies = [
        copy_of("5101011001001", NORTH, (90, 10)),
        copy_of("5101011001001", NORTH, (80, 20), source="plano"),
        copy_of("5101011001002", NORTH, (70, None), source="plano"),
        copy_of("5101011001002", NORTH, (60, 40)),
    ]
    found = area_stations(copies, {})
    assert found.codes == ("5101011001001", "5101011001002")
    assert found.at.votes.tolist() == [[80, 20], [60, 40]]


def test_a_form_that_does_not_hold_together_is_left_out_and_counted():
    copies = [
        copy_of("5101011001001", NORTH, (90, 10)),
        copy_of("5101011001002", NORTH, (90, 10), valid=101),
        copy_of("5101011001003", NORTH, (90, 10), users=301),
    ]
    found = area_stations(copies, {})
    assert (found.codes, found.left_out) == (("5101011001001",), 2)


def test_rows_of_different_lists_are_added_up_by_party():
    lists = {NORTH: {1: (0, 1), 12: (2, 3, 4)}, SOUTH: {1: (0,), 12: (1, 2)}}
    copies = [
        copy_of("5101011001001", NORTH, (10, 20, 1, 2, 3)),
        copy_of("5101022001001", SOUTH, (30, 4, 5)),
    ]
    found = area_stations(copies, lists)
    assert found.parties == (1, 12)
    assert found.at.votes.tolist() == [[30, 6], [30, 9]]
    assert found.villages == (NORTH, SOUTH)


def test_nothing_came_and_nothing_is_screened():
    assert area_stations([], {}).codes == ()
