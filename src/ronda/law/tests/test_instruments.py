"""The shipped instruments: what their sources count is there, what no source gives stays open and says so."""

import csv
from decimal import Decimal
from fractions import Fraction
from statistics import mean, pstdev, stdev

import pytest
from tests.shared_data import shared

from ronda.law.instrument_scales import FixedCutoffs, MeanSd, NamedLevels
from ronda.law.instruments import (
    EQUAL_WEIGHTS,
    OPEN_TEXT,
    SOURCED_WEIGHTS,
    UNVERIFIED,
    VERIFIED,
    Instrument,
    instruments,
)
from ronda.law.loader import LAW_ROOT, LawError, load_text
from ronda.methods.index import equal_weights

PEMILU, PILKADA = "tps-rawan-pemilu-2024", "tps-rawan-pilkada-2024"
ALL = sorted(instruments())


def scale(name: str, kind: type):
    return next(one for one in instruments()[name].scales if isinstance(one, kind))


def test_the_six_instruments_are_of_three_families_that_never_meet() -> None:
    families = {name: one.family for name, one in instruments().items()}
    assert families == {
        "ikp-2019": "area_index",
        "ikp-2024": "area_index",
        "ipkp-polri": "area_index",
        PEMILU: "station_map",
        PILKADA: "station_map",
        "pengamanan-tps-polri": "guarding_scale",
    }
    assert all(("station" in one.units) == (one.family != "area_index") for one in instruments().values())


# Origin: slideshare ibnitrisaladam1 (3, 5, 2, 2 sub-dimensions; 16, 24, 15, 6 indicators); TPS maps of Bawaslu.
@pytest.mark.parametrize(
    ("name", "slots", "parts"),
    [
        ("ikp-2024", [16, 24, 15, 6], [3, 5, 2, 2]),
        (PEMILU, [4, 2, 2, 2, 4, 6, 2], [0] * 7),
        (PILKADA, [6, 3, 1, 1, 2, 3, 7, 2], [0] * 8),
        ("ikp-2019", [0] * 4, [0] * 4),
        ("ipkp-polri", [0] * 7, [0] * 7),
    ],
)
def test_dimensions_have_as_many_indicators_as_the_source_counts(
    name: str, slots: list[int], parts: list[int]
) -> None:
    one = instruments()[name]
    assert [len(dimension.all_indicators()) for dimension in one.dimensions] == slots
    assert [len(dimension.parts) for dimension in one.dimensions] == parts
    assert len(one.indicators) == sum(slots)
    assert one.indicator_count in (sum(slots), None)


def test_ikp_2024_has_61_slots_of_which_47_are_open_and_numbered() -> None:
    one = instruments()["ikp-2024"]
    assert (len(one.indicators), len(one.established), len(one.open_slots)) == (61, 14, 47)
    assert [slot.code for slot in one.open_slots[:2]] == ["D1-04", "D1-05"]
    assert len({slot.code for slot in one.indicators}) == 61
    assert {slot.text_in("id") for slot in one.open_slots} == {"belum ditetapkan sumbernya"}
    assert {slot.text_in("en") for slot in one.open_slots} == {"not established in a source"}
    assert {slot.direction for slot in one.open_slots} == {None}


def test_what_was_concluded_and_not_read_is_marked() -> None:
    by_code = {one.code: one for one in instruments()["ikp-2024"].dimensions}
    assert by_code["D1"].inference is by_code["D2"].inference is None
    assert "disimpulkan" in (by_code["D3"].inference.id if by_code["D3"].inference else "")
    assert "inferred" in (by_code["D4"].inference.en if by_code["D4"].inference else "")
    assert scale("ikp-2024", MeanSd).sd_inference is not None


def test_the_22_published_counts_sum_to_409612_in_groups_of_7_14_and_1() -> None:
    one = instruments()[PEMILU]
    assert sum(each.published or 0 for each in one.indicators) == 409_612
    groups = [each.group for each in one.indicators]
    assert [groups.count(group) for group in ("most", "many", "few")] == [7, 14, 1]


def test_groups_as_published_never_overlap() -> None:
    """Observed, not a rule: 10,794 and more, 1,031 to 8,099, and 814."""
    counts = {
        group: sorted(each.published or 0 for each in instruments()[PEMILU].indicators if each.group == group)
        for group in ("few", "many", "most")
    }
    assert [(of[0], of[-1]) for of in counts.values()] == [(814, 814), (1031, 8099), (10794, 125224)]


def check_rows(group: str) -> dict[str, str]:
    with shared("check_figures/angka_uji.csv").open(encoding="utf-8") as file:
        return {row["indikator"]: row["nilai"] for row in csv.DictReader(file) if row["kelompok"] == group}


WORDS = {
    "DPT tidak memenuhi syarat": "HP-TMS",
    "DPTb": "HP-DPTB",
    "KPPS di luar domisili": "HP-KPPS",
    "kendala internet": "JR-NET",
    "dekat posko/rumah tim kampanye": "LK-POSKO",
    "potensi DPK": "HP-DPK",
    "rawan bencana": "LK-BENCANA",
    "kendala listrik": "JR-LISTRIK",
    "dekat lembaga pendidikan": "LK-DIDIK",
    "sulit dijangkau": "LK-SULIT",
    "pemberian uang/barang": "KP-UANG",
    "riwayat kekerasan": "KM-KERAS",
    "riwayat intimidasi": "KM-INTIM",
    "dekat wilayah kerja": "LK-KERJA",
    "riwayat logistik kurang/lebih": "LG-KURANG",
}


def test_counts_agree_with_the_check_figures() -> None:
    one, rows = instruments()[PEMILU], check_rows("tps_rawan_pemilu_2024")
    assert rows.keys() == WORDS.keys()
    for words, code in WORDS.items():
        found = one.indicator(code)
        assert found is not None
        assert found.published == int(rows[words]), words


def test_national_counts_of_the_pilkada_are_there_where_a_source_gives_them() -> None:
    known = {
        each.code: each.published for each in instruments()[PILKADA].indicators if each.published is not None
    }
    assert known == {
        "HP-DISAB": 116_211,
        "HP-TMS": 95_171,
        "KM-INTIM": 2_426,
        "PU-UANG": 2_799,
        "LG-KURANG": 6_066,
        "LG-LAMBAT": 2_658,
        "LK-SULIT": 5_384,
        "LK-BENCANA": 7_414,
        "JR-NET": 22_738,
        "JR-LISTRIK": 8_457,
    }


def province_scores(file: str) -> list[Decimal]:
    with shared(f"check_figures/{file}").open(encoding="utf-8") as opened:
        return [Decimal(row["skor"]) for row in csv.DictReader(opened)]


@pytest.mark.parametrize("deviation", [stdev, pstdev])
def test_mean_and_one_sd_give_8_21_5_provinces_under_either_kind(deviation) -> None:
    scores, of = province_scores("ikp2024_provinsi.csv"), scale("ikp-2024", MeanSd)
    levels = [of.level_of(score, mean=mean(scores), sd=deviation(scores)) for score in scores]
    assert [levels.count(level) for level in ("low", "medium", "high")] == [8, 21, 5]
    assert levels == [of.published_level_of(score, unit="province") for score in scores]


def test_cutoffs_of_the_provinces_are_near_the_printed_ones() -> None:
    """Domain note: sample SD gives 21.66 and 68.70, printed are 21.7 and 68.5."""
    scores, of = province_scores("ikp2024_provinsi.csv"), scale("ikp-2024", MeanSd)
    below, at_least = of.cutoffs(mean=mean(scores), sd=stdev(scores))
    assert abs(below - Decimal("21.66")) < Decimal("0.02")
    assert abs(at_least - Decimal("68.70")) < Decimal("0.02")


def test_every_province_of_2018_is_medium_by_33_and_66() -> None:
    of = scale("ikp-2019", FixedCutoffs)
    assert {of.level_of(score) for score in province_scores("ikp2019_provinsi_rilis2018-09.csv")} == {
        "medium"
    }


@pytest.mark.parametrize(
    ("score", "level"),
    [
        ("0", "low"),
        ("33.00", "low"),
        ("33.004", "low"),
        ("33.005", "medium"),
        ("66.00", "medium"),
        ("66.01", "high"),
    ],
)
def test_fixed_cutoffs_are_compared_in_two_decimals(score: str, level: str) -> None:
    assert scale("ikp-2019", FixedCutoffs).level_of(Decimal(score)) == level


@pytest.mark.parametrize(
    ("score", "level"), [("21.69", "low"), ("21.7", "medium"), ("68.49", "medium"), ("68.5", "high")]
)
def test_printed_cutoffs_put_the_lower_one_in_the_middle_and_the_upper_one_on_top(
    score: str, level: str
) -> None:
    assert scale("ikp-2024", MeanSd).published_level_of(Decimal(score), unit="province") == level


def test_a_missing_score_has_no_level() -> None:
    assert scale("ikp-2019", FixedCutoffs).level_of(None) is None
    assert scale("ikp-2024", MeanSd).level_of(None, mean=Decimal(45), sd=Decimal(23)) is None
    assert scale("ikp-2024", MeanSd).published_level_of(Decimal(50), unit="village") is None


@pytest.mark.parametrize("score", ["-0.01", "100.01", "NaN", "Infinity"])
def test_a_score_outside_0_to_100_is_refused(score: str) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        scale("ikp-2019", FixedCutoffs).level_of(Decimal(score))
    with pytest.raises(ValueError, match="0 to 100"):
        scale("ikp-2024", MeanSd).published_level_of(Decimal(score), unit="regency")


def test_counts_by_level_are_those_of_the_releases() -> None:
    counts = {
        one.where: one.counts for name in ("ikp-2019", "ikp-2024") for one in instruments()[name].published
    }
    assert counts == {
        "514 kabupaten/kota, April 2019": {"low": 0, "medium": 506, "high": 8},
        "34 provinsi": {"low": 8, "medium": 21, "high": 5},
        "514 kabupaten/kota": {"low": 80, "medium": 349, "high": 85},
    }


def test_a_total_that_its_parts_do_not_reach_says_so() -> None:
    for one in instruments().values():
        for counted in one.published:
            assert (counted.total == counted.stated_total) == (counted.note is None), counted.where


def test_the_police_classes_stand_apart_and_come_from_no_figure() -> None:
    one = instruments()["pengamanan-tps-polri"]
    named = one.scale_for("station")
    assert isinstance(named, NamedLevels)
    assert [level.name.id.split(" (")[0] for level in named.levels] == [
        "kurang rawan",
        "rawan",
        "sangat rawan",
        "khusus",
    ]
    assert one.indicators == ()
    assert any("IKP" in use.id for use in one.not_for)


def test_maps_of_stations_give_no_category_of_a_station() -> None:
    for name in (PEMILU, PILKADA):
        assert instruments()[name].scale_for("station") is None
        assert any(point.id.startswith("Kategori per TPS") for point in instruments()[name].open_points())


@pytest.mark.parametrize("name", ALL)
def test_no_weight_was_made_up(name: str) -> None:
    one = instruments()[name]
    dimensions, called = one.weights_of("dimension")
    assert called == EQUAL_WEIGHTS
    assert set(dimensions.values()) == ({Fraction(1, len(one.dimensions))} if one.dimensions else set())
    assert one.weights_of("indicator")[1] == EQUAL_WEIGHTS
    assert all(not weights.is_established for weights in one.weights)


@pytest.mark.parametrize("name", ALL)
def test_equal_weights_are_those_the_index_takes_for_equal(name: str) -> None:
    one = instruments()[name]
    weights, _called = one.weights_of("indicator")
    assert list(weights) == [each.code for each in one.established]
    if one.paths:
        expected = equal_weights(one.paths).weights.tolist()
        assert [float(weight) for weight in weights.values()] == pytest.approx(expected)


@pytest.mark.parametrize("name", ALL)
def test_what_is_not_established_is_told_in_both_languages(name: str) -> None:
    one = instruments()[name]
    points = one.open_points()
    assert points
    assert all("belum ditetapkan sumbernya" in point.id for point in points)
    assert all("not established" in point.en or "no source establishes" in point.en for point in points)
    assert one.not_for


@pytest.mark.parametrize("name", ALL)
def test_every_indicator_has_a_unit_a_direction_and_a_source_or_is_open(name: str) -> None:
    one = instruments()[name]
    for each in one.established:
        assert each.direction == "higher_is_worse"
        assert one.unit_of(each).id
        assert one.status_of(each) == VERIFIED
        assert one.source_of(each).page
    assert {one.status_of(slot) for slot in one.open_slots} <= {OPEN_TEXT}


TEXT = (LAW_ROOT / "instruments" / "ikp-2019.yaml").read_text(encoding="utf-8")


def changed(old: str, new: str, text: str = TEXT) -> Instrument:
    assert old in text
    return load_text(text.replace(old, new, 1), Instrument, "uji.yaml")


def test_sourced_weights_are_used_and_called_so() -> None:
    given = '{D1: 0.1, D2: 0.2, D3: "0.3", D4: 0.4}\n    source: {instrument: SK, page: hlm. 3}\n'
    old = TEXT[TEXT.index("values: null") : TEXT.index("dimensions:")]
    weights, called = changed(old, f"values: {given}").weights_of("dimension")
    assert weights == {f"D{n}": Fraction(n, 10) for n in range(1, 5)}
    assert called == SOURCED_WEIGHTS


def test_a_source_that_was_not_found_is_called_not_verified() -> None:
    old = TEXT[TEXT.index("source:") : TEXT.index("in_force:")]
    one = changed(old, "source: {instrument: IKP, standing: knowledge}\n")
    assert one.status == UNVERIFIED


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('up_to: "33.00"', 'up_to: "67"', "up_to rising to 100"),
        ('up_to: "100"', 'up_to: "99"', "up_to rising to 100"),
        ('score: "33.01", level: medium', 'score: "33.01", level: low', "examples that hold"),
        ("high: 8", "tinggi: 8", "levels of the instrument"),
        ("units: [province, regency]", "units: [province]", "units of the instrument"),
        ("code: D2", "code: D1", "each dimension once"),
        ("kind: not_established", "kind: count", "not_established in the rule"),
        ("values: null", "values: {D1: 1}", "weights with a source"),
        ("to: part", "to: total", "each step once"),
        ("id: ikp-2019", "id: IKP 2019", "an id of small letters"),
    ],
)
def test_a_file_that_contradicts_itself_does_not_load(old: str, new: str, wanted: str) -> None:
    with pytest.raises(LawError) as caught:
        changed(old, new)
    assert caught.value.wanted.startswith(wanted)


def test_two_contents_of_one_version_are_told_apart() -> None:
    assert changed("rendah", "Rendah").digest != instruments()["ikp-2019"].digest
    assert changed("rendah", "rendah").digest == instruments()["ikp-2019"].digest
