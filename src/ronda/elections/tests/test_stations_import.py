"""Registries as KPU and people keep them, whole or not at all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.counts import count
from tests.shared_data import shared

from ronda.elections.adapters.stations import StationFile, stations_check
from ronda.elections.domain import StationKind
from ronda.elections.models import Election
from ronda.elections.selectors import station_count, station_counts, station_for, station_list
from ronda.elections.services import ElectionRefused, election_create, stations_generate, stations_import
from ronda.kernel.areas import Level
from ronda.kernel.imports import ImportRefused
from ronda.kernel.models import AuditLine, EventRow
from ronda.places.selectors import codes_below
from ronda.places.services import areas_load

AT = datetime(2024, 2, 1, tzinfo=UTC)
KNOWN = frozenset({"51.01.01.1006", "51.01.02.2003"})


def prepared(area: str = "51.01", law: str = "pemilu-2024") -> Election:
    areas_load(area=area, at=AT)
    return election_create(law=law, area=area, at=AT)


def bring_in(election: Election, path: Path, area: str = "51.01"):
    file = stations_check(path, codes_below(area))
    assert file.checked.errors == []
    return stations_import(election=election, file=file, file_sha256="0" * 64, at=AT)


def read(tmp_path: Path, text: str) -> StationFile:
    path = tmp_path / "tps.csv"
    path.write_text(text, encoding="utf-8")
    return stations_check(path, KNOWN)


# Numbers of stations: data/results/README.md and data/tps/README.md, equal to KPU's own figures.
@pytest.mark.parametrize(
    ("name", "area", "stations"), [("jembrana", "51.01", 898), ("kota-malang", "35.73", 2452)]
)
def test_imports_the_registry_of_kpu(as_scope, name: str, area: str, stations: int) -> None:
    with as_scope():
        election = prepared(area)
        done = bring_in(election, shared(f"results/pemilu2024_tps_registry_{name}.csv"), area)
        assert done.rows == done.changed == stations
        assert station_count(election, area=area).stations == stations
        again = bring_in(election, shared(f"results/pemilu2024_tps_registry_{name}.csv"), area)
        assert again.changed == 0


def test_special_locations_begin_at_901(as_scope) -> None:
    with as_scope():
        election = prepared()
        bring_in(election, shared("results/pemilu2024_tps_registry_jembrana.csv"))
        special = station_for(election, "5101011006901")
        assert special is not None
        assert (special.kind, special.area, special.number) == (StationKind.SPECIAL, "51.01.01.1006", 901)
        assert station_count(election, area="51.01").special == 1
        assert special.name == ""


def test_counts_per_village_give_the_same_registry(as_scope, tmp_path: Path) -> None:
    whole = shared("tps/tps_count_per_desa_2024_five.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "jumlah.csv"
    path.write_text(
        "\n".join([whole[0], *(line for line in whole if line.startswith("51.01."))]), encoding="utf-8"
    )
    with as_scope():
        election = prepared()
        assert bring_in(election, path).changed == 898
        assert bring_in(election, shared("results/pemilu2024_tps_registry_jembrana.csv")).changed == 0


def test_counts_by_area(as_scope) -> None:
    with as_scope():
        election = prepared()
        bring_in(election, shared("results/pemilu2024_tps_registry_jembrana.csv"))
        districts = station_counts(election, area="51.01", level=Level.DISTRICT)
        villages = station_counts(election, area="51.01", level=Level.VILLAGE)
        assert len(districts) == 5
        assert len(villages) == 51
        assert sum(row.stations for row in districts.values()) == 898
        assert all(row.voters is None for row in districts.values())


def test_imports_8000_stations_of_a_regency(as_scope) -> None:
    with as_scope():
        election = prepared("35.07")
        done = bring_in(election, shared("results/pemilu2024_tps_registry_malang.csv"), "35.07")
        assert done.changed == 7761


def test_each_election_has_its_own_registry(as_scope) -> None:
    with as_scope():
        election = prepared()
        other = election_create(law="pilkada-2024", area="51.01", at=AT)
        bring_in(election, shared("results/pemilu2024_tps_registry_jembrana.csv"))
        assert station_count(other, area="51.01").stations == 0


def test_later_file_adds_details_and_never_empties_them(as_scope, tmp_path: Path) -> None:
    with as_scope():
        election = prepared()
        simple = tmp_path / "tps.csv"
        simple.write_text(
            "code;number;name;voters_m;voters_f;lon;lat;kind\n"
            "5101011006001;1;Balai Banjar Tengah;120;131;114,6251;-8,3601;reguler\n",
            encoding="utf-8",
        )
        bring_in(election, simple)
        bring_in(election, shared("results/pemilu2024_tps_registry_jembrana.csv"))
        station = station_for(election, "5101011006001")
        assert station is not None
        assert (station.voters, station.lon, station.lat) == (251, 114.6251, -8.3601)


def test_import_leaves_one_event_and_one_audit_line(as_scope) -> None:
    with as_scope():
        election = prepared()
        bring_in(election, shared("results/pemilu2024_tps_registry_jembrana.csv"))
        event = EventRow.objects.get(name="stations.imported")
        assert (event.data["stations"], event.area) == (898, "51.01")
        assert AuditLine.objects.filter(action="stations.imported").count() == 1


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        ("5101011006000,,,,,,,", "code", "001 sampai 999"),
        ("510101100601,,,,,,,", "code", "13 angka"),
        ("5.10101E+12,,,,,,,", "code", "13 angka"),
        ("5101019999001,,,,,,,", "code", "terdaftar"),
        ("5101011006001,2,,,,,,", "number", "nomor 1"),
        ("5101011006001,1000,,,,,,", "number", "1 sampai 999"),
        ("5101011006001,1,<b>Balai</b>,,,,,", "name", "HTML"),
        ("5101011006001,1,,-1,,,,", "voters_m", "0 sampai"),
        ("5101011006001,1,,,12345,,,", "voters_f", "0 sampai"),
        ("5101011006001,1,,1.5,,,,", "voters_m", "0 sampai"),
        ("5101011006001,1,,,,114.6,,", "lat", "bersama"),
        ("5101011006001,1,,,,-8.36,114.6,", "lon", "antara"),
        ("5101011006001,1,,,,nan,nan,", "lon", "antara"),
        ("5101011006001,1,,,,,,khusus", "kind", "901"),
        ("5101011006901,901,,,,,,reguler", "kind", "901"),
        ("5101011006001,1,,,,,,kapal", "kind", "salah satu"),
    ],
)
def test_wrong_row_is_named(tmp_path: Path, line: str, column: str, word: str) -> None:
    file = read(tmp_path, f"code,number,name,voters_m,voters_f,lon,lat,kind\n{line}\n")
    assert file.stations == []
    assert column in {error.column for error in file.checked.errors}
    assert any(word in error.wanted for error in file.checked.errors)


def test_one_row_shows_all_its_errors(tmp_path: Path) -> None:
    file = read(tmp_path, "code,number,voters_m\n51,2000,-1\n")
    assert [error.column for error in file.checked.errors] == ["code", "number", "voters_m"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("51.01.01.1006,x,0", "regular"),
        ("51.01.01.1006,,0", "regular"),
        ("51.01.01.1006,901,0", "regular"),
        ("51.01.01.1006,1,100", "special"),
        ("51.1.1.1006,1,0", "village"),
        ("51.01.09.2001,1,0", "village"),
    ],
)
def test_wrong_count_is_named(tmp_path: Path, line: str, column: str) -> None:
    file = read(tmp_path, f"kode_desa,tps_reguler,tps_lokasi_khusus\n{line}\n")
    assert [error.column for error in file.checked.errors] == [column]


def test_village_counted_twice_is_an_error(tmp_path: Path) -> None:
    file = read(tmp_path, "kode_desa,tps_reguler\n51.01.01.1006,1\n5101011006,2\n")
    assert file.checked.errors[0].came == "sama dengan baris 2"


def test_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="code"):
        read(tmp_path, "a,b\n1,2\n")


def test_real_stations_are_not_mixed_with_simulated_ones(as_scope) -> None:
    with as_scope():
        election = prepared()
        stations_generate(election=election, area="51.01", seed=7, at=AT)
        with pytest.raises(ElectionRefused, match="simulasi"):
            bring_in(election, shared("results/pemilu2024_tps_registry_jembrana.csv"))
        other = election_create(law="pemilu-2019", area="51.01", at=AT)
        bring_in(other, shared("results/pemilu2024_tps_registry_jembrana.csv"))
        with pytest.raises(ElectionRefused, match="daftar TPS"):
            stations_generate(election=other, area="51.01", seed=7, at=AT)


@pytest.mark.parametrize("area", ["35.10", "51.08", "73.71"])
def test_generates_a_plausible_registry_anywhere(as_scope, area: str) -> None:
    with as_scope():
        election = prepared(area)
        done = stations_generate(election=election, area=area, seed=7, at=AT)
        counts = station_count(election, area=area)
        assert counts.special == 1
        assert 4 < done.rows / len(station_counts(election, area=area, level=Level.VILLAGE)) < 60
        assert counts.voters is not None
        assert 180 < counts.voters / counts.stations < 300
        stations = station_list(election, area=area)
        assert all(station.is_simulated for station in stations)
        assert all((station.voters or 0) <= 300 for station in stations)
        assert stations_generate(election=election, area=area, seed=7, at=AT).changed == 0


@pytest.mark.parametrize("kind", ["publik", "bawaslu", "polri", "partai"])
def test_everybody_reads_the_registry_and_nobody_writes_it(as_scope, kind: str) -> None:
    from django.db import DatabaseError, transaction

    with as_scope():
        election = prepared()
        stations_generate(election=election, area="51.01", seed=7, at=AT)
    with as_scope(kind, "35.09"):
        assert station_count(election, area="51.01").stations > 200
        with pytest.raises(DatabaseError), transaction.atomic():
            stations_generate(election=election, area="51.01", seed=8, at=AT)


@settings(
    max_examples=count("import_inputs"),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    header=st.sampled_from(
        ["code,number,name,voters_m", "kode_desa,tps_reguler,tps_lokasi_khusus", "tps_code;kind"]
    ),
    body=st.text(max_size=200)
    | st.from_regex(r"(5101011006\d{3},\d{0,4},\w{0,5},-?\d{0,4}\n){0,4}", fullmatch=True),
)
def test_any_registry_is_read_or_refused(tmp_path: Path, header: str, body: str) -> None:
    path = tmp_path / "acak.csv"
    path.write_bytes(f"{header}\n{body}".encode("utf-8", "surrogatepass"))
    try:
        file = stations_check(path, KNOWN)
    except ImportRefused:
        return
    checked = file.checked
    assert len(checked.items) + checked.rows_refused <= checked.rows
    assert all(len(station.code) == 13 and station.area in KNOWN for station in file.stations)
