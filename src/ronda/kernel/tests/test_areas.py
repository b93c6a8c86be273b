import pytest

from ronda.kernel.areas import Level, area_range, is_code, level, station_area, station_code, within


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("", Level.NATION),
        ("51", Level.PROVINCE),
        ("51.01", Level.REGENCY),
        ("51.01.02", Level.DISTRICT),
        ("51.01.02.2003", Level.VILLAGE),
    ],
)
def test_level_follows_the_shape(code: str, wanted: Level) -> None:
    assert level(code) is wanted


@pytest.mark.parametrize(
    "code", ["51\n", "٥١", "5101", "51.1", "51.01.", "51.01.02.03", " 51", "51.01.02.20031"]
)
def test_other_shapes_are_no_codes(code: str) -> None:
    assert not is_code(code)
    with pytest.raises(ValueError, match="area code"):
        level(code)


@pytest.mark.parametrize("station", ["5101011006001\n", "٥101011006001", "510101100600", ""])
def test_other_shapes_are_no_stations(station: str) -> None:
    with pytest.raises(ValueError, match="13 digits"):
        station_area(station)


def test_station_and_village_go_both_ways() -> None:
    assert station_area("5101011006901") == "51.01.01.1006"
    assert station_code("51.01.01.1006", 901) == "5101011006901"


def test_a_range_holds_the_area_and_what_lies_below_and_nothing_else() -> None:
    assert area_range("51.01") == ("51.01", "51.01/")
    assert within("51.01", "51.01")
    assert within("51.01.02.2003", "51.01")
    assert not within("51.02", "51.01")
    assert not within("51", "51.01")
    assert within("51.01", "")
