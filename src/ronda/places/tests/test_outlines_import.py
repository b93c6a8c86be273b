"""Boundary files as they are published, and as they come when something is wrong."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape
from tests.counts import count
from tests.shared_data import shared

from ronda.kernel.imports import ImportRefused
from ronda.places.adapters.boundaries import shapes_check
from ronda.places.adapters.shapes import Shape, outlines_of
from ronda.places.selectors import codes_below, outline_collection, outline_count, outline_for, point_of
from ronda.places.services import areas_load, outlines_import

AT = datetime(2024, 11, 1, tzinfo=UTC)
SQUARE = [[-8.3, 114.6], [-8.3, 114.7], [-8.2, 114.7], [-8.2, 114.6], [-8.3, 114.6]]
KNOWN = frozenset({"51.01", "51.01.02", "51.01.02.2003"})


def sql(
    code: str = "51.01.02.2003",
    name: str = "Penyaringan",
    path: object = (SQUARE,),
    middle: str = "-8.25,114.65",
) -> str:
    text = path if isinstance(path, str) else json.dumps(path)
    return f"INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES\n\t ('{code}','{name}',{middle},'{text}');\n"


def written(tmp_path: Path, text: str, name: str = "batas.sql") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


# The four files exactly as published: rows as counted in the data's own README.
@pytest.mark.parametrize(
    ("file", "area", "rows"),
    [
        ("wilayah_boundaries_kel_51.01.sql", "51.01", 51),
        ("wilayah_boundaries_kel_35.73.sql", "35.73", 57),
        ("wilayah_boundaries_kec_51.sql", "51", 57),
        ("wilayah_boundaries_kab_51.sql", "51", 9),
    ],
)
def test_reads_the_published_sql(as_scope, file: str, area: str, rows: int) -> None:
    with as_scope():
        areas_load(area=area, at=AT)
        checked = shapes_check(shared(f"areas/raw_sql/{file}"), codes_below(""))
        assert (len(checked.items), checked.errors) == (rows, [])
        done = outlines_import(shapes=checked.items, file_sha256="0" * 64, at=AT)
        assert done.rows == done.changed == rows
        assert outline_count(area) == rows
        again = outlines_import(shapes=checked.items, file_sha256="0" * 64, at=AT)
        assert again.changed == 0


@pytest.mark.parametrize(
    ("file", "area", "rows"),
    [("desa_51.01_kab_jembrana.geojson", "51.01", 51), ("kecamatan_51.geojson", "51", 57)],
)
def test_reads_geojson(as_scope, file: str, area: str, rows: int) -> None:
    with as_scope():
        areas_load(area=area, at=AT)
        checked = shapes_check(shared(f"areas/{file}"), codes_below(area))
        assert len(checked.items) == rows
        outlines_import(shapes=checked.items, file_sha256="0" * 64, at=AT)
        village = outline_for(checked.items[0].code)
        assert village is not None
        west, south, east, north = village.bbox
        assert 114 < west < village.lon < east < 117
        assert -10 < south < village.lat < north < -7


def test_outlines_are_valid_lon_first_and_much_smaller() -> None:
    checked = shapes_check(
        shared("areas/raw_sql/wilayah_boundaries_kel_51.01.sql"), frozenset(_codes("51.01"))
    )
    rows = outlines_of(checked.items)
    before = sum(len(ring) for item in checked.items for polygon in item.polygons for ring in polygon)
    after = sum(shapely.get_num_coordinates(shape(row.geometry)) for row in rows)
    assert after < before / 2
    for row in rows:
        drawn = shape(row.geometry)
        assert drawn.area > 0
        assert 114 < drawn.centroid.x < 115


def test_simplified_area_stays_close_to_the_official_one() -> None:
    # Official 847.5 km2 (Jembrana); the published shapes give 852.7.
    checked = shapes_check(
        shared("areas/raw_sql/wilayah_boundaries_kel_51.01.sql"), frozenset(_codes("51.01"))
    )
    degrees = sum(shape(row.geometry).area for row in outlines_of(checked.items))
    km2 = degrees * 111.195**2 * 0.9894  # cos of 8.35 degrees
    assert abs(km2 - 852.7) < 12


def _codes(area: str) -> list[str]:
    from ronda.places.adapters.register import areas_of

    return [row.code for row in areas_of(area)]


def test_point_lies_inside_even_when_the_published_middle_does_not() -> None:
    ring = tuple((lon, lat) for lat, lon in SQUARE)
    (row,) = outlines_of([Shape("51.01.02.2003", ((ring,),), (115.5, -8.9))])
    assert 114.6 < row.lon < 114.7
    assert -8.3 < row.lat < -8.2


def test_bow_tie_is_repaired() -> None:
    ring = ((114.6, -8.3), (114.7, -8.2), (114.7, -8.3), (114.6, -8.2), (114.6, -8.3))
    (row,) = outlines_of([Shape("51.01.02.2003", ((ring,),), None)])
    assert shape(row.geometry).is_valid


@pytest.mark.parametrize(
    "text",
    [
        sql(),
        sql(name="Ma''rang"),
        sql(name="Ma\\'rang"),
        sql(path=[[SQUARE]]),
        sql(path=json.dumps([SQUARE]).replace(", ", ",\t ")),
        sql().replace("\t (", "("),
        sql().replace("VALUES\n\t ", "VALUES\n"),
        sql(middle="NULL,NULL"),
        "/* BISMILLAH */\n" + sql() + "\n-- selesai\n",
    ],
)
def test_reads_every_spelling_of_the_sql(tmp_path: Path, text: str) -> None:
    checked = shapes_check(written(tmp_path, text), KNOWN)
    assert [item.code for item in checked.items] == ["51.01.02.2003"]
    assert checked.items[0].polygons[0][0][0] == (114.6, -8.3)


def test_several_rows_and_several_inserts(tmp_path: Path) -> None:
    both = sql().replace(";", f",\n('51.01','Jembrana',-8.3,114.6,'{json.dumps([SQUARE])}');") + sql(
        code="51.01.02"
    )
    assert len(shapes_check(written(tmp_path, both), KNOWN).items) == 3


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [
        (sql(code="51.01.02.2999"), "kode", "terdaftar"),
        (sql(code="5101022003"), "kode", "terdaftar"),
        (sql(code="<script>"), "kode", "terdaftar"),
        (sql(path=[[[114.6, -8.3]] * 4]), "path", "sah"),
        (sql(path=[[[-8.3, 114.6], [-8.3, 114.7]]]), "path", "sah"),
        (sql(path="[]"), "path", "sah"),
        (sql(path="[[["), "path", "sah"),
        (sql(path='[[["a","b"]]]'), "path", "sah"),
        (sql(path=[[[-8.3, 214.6]] * 4]), "path", "sah"),
    ],
)
def test_wrong_row_is_an_error_with_its_line(tmp_path: Path, text: str, column: str, word: str) -> None:
    checked = shapes_check(written(tmp_path, text), KNOWN)
    (error,) = checked.errors
    assert (error.row, error.column) == (2, column)
    assert word in error.wanted
    assert checked.items == []


def test_swapped_coordinates_are_named(tmp_path: Path) -> None:
    text = sql(path=[[[lon, lat] for lat, lon in SQUARE]])
    assert "other order" in shapes_check(written(tmp_path, text), KNOWN).errors[0].came


def test_code_given_twice_is_an_error(tmp_path: Path) -> None:
    assert shapes_check(written(tmp_path, sql() + sql()), KNOWN).rows_refused == 1


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "tidak memuat"),
        ("SELECT 1", "tidak memuat"),
        ("{", "GeoJSON"),
        ("{}", "FeatureCollection"),
        ('{"features": 1}', "FeatureCollection"),
        ("INSERT INTO t(a,b) VALUES ('1','2')", "kolom kode"),
        (sql().replace("');", ""), "terputus"),
        ("[" * 10_000, "tidak memuat"),
        ('{"features":' + "[" * 100_000, "GeoJSON"),
    ],
)
def test_file_without_boundaries_is_refused(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(ImportRefused, match=word):
        shapes_check(written(tmp_path, text), KNOWN)


def test_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "batas.sql"
    path.write_bytes(b"INSERT \xff\xfe\x00")
    with pytest.raises(ImportRefused, match="UTF-8"):
        shapes_check(path, KNOWN)


def test_sql_is_never_run(as_scope, tmp_path: Path) -> None:
    with as_scope():
        areas_load(area="51.01", at=AT)
        text = "DROP TABLE places_area;\n" + sql(name="x''); DELETE FROM places_area; --")
        assert len(shapes_check(written(tmp_path, text), codes_below("")).items) == 1
        assert len(codes_below("51.01")) == 57


def test_everything_works_without_outlines(as_scope) -> None:
    with as_scope():
        areas_load(area="51.01", at=AT)
        assert outline_count("51.01") == 0
        assert outline_collection(["51.01"]) == {"type": "FeatureCollection", "features": []}
        assert point_of("51.01.02.2003") is None


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=20,
)


@settings(
    max_examples=count("import_inputs"),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(value=_json, text=st.text(max_size=60))
def test_any_boundary_file_is_read_or_refused(tmp_path: Path, value: object, text: str) -> None:
    files = [
        json.dumps(
            {"features": [{"properties": {"kode": "51.01"}, "geometry": {"coordinates": value}}, value]}
        ),
        json.dumps({"features": value}),
        sql(path=json.dumps(value).replace("'", "''")),
        sql(path=text),
        text,
    ]
    for content in files:
        path = tmp_path / "acak"
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
        try:
            checked = shapes_check(path, KNOWN)
        except ImportRefused:
            continue
        assert len(checked.items) + checked.rows_refused == checked.rows
