"""The map of the site: outlines where they are known, each with its own figures and link, and nobody left out."""

import json
import re
from itertools import combinations

import pytest
from tests.shared_data import shared

from ronda.kernel.scope import Scope, scoped
from ronda.places.adapters.boundaries import shapes_check
from ronda.places.selectors import codes_below
from ronda.places.services import outlines_import
from ronda.publishing.services import site_write
from ronda.publishing.tests.reading import Page
from ronda.publishing.tests.test_publications import AT, bring_in, confirmed, people

__all__ = ["people"]
DISTRICTS, VILLAGES = "areas/kecamatan_51.geojson", "areas/desa_51.01_kab_jembrana.geojson"
NEGARA, MENDOYO, PEKUTATAN, MELAYA, JEMBRANA = (f"51.01.{number:02d}" for number in range(1, 6))


@pytest.fixture
def regency(people, tmp_path):
    """All stations of the regency: five districts."""
    bring_in(tmp_path, whole=True)
    return people


def outlined(tmp_path, file, *, without=()):
    """Bring in a boundary file as it is published, but for some areas."""
    document = json.loads(shared(file).read_text(encoding="utf-8"))
    document["features"] = [one for one in document["features"] if one["properties"]["kode"] not in without]
    path = tmp_path / "batas.geojson"
    path.write_text(json.dumps(document), encoding="utf-8")
    with scoped(Scope.system()):
        shapes = shapes_check(path, codes_below("51.01")).items
        outlines_import(shapes=shapes, file_sha256="0" * 64, at=AT)


def written(people, tmp_path):
    confirmed(people)
    with scoped(Scope.system()):
        (version,) = site_write(tmp_path / "situs")
    return version / "ppwp"


def kind_of(path):
    return re.search(r'class="peta peta-(\w+)"', path.read_text(encoding="utf-8"))[1]


def start_of(path, code):
    """Where the drawing of an area begins, from the left."""
    text = path.read_text(encoding="utf-8")
    return float(re.search(rf'href="{code}\.html" aria-label.*?d="M([\d.]+)', text)[1])


def test_a_map_draws_every_part_with_its_figures_and_its_link(regency, tmp_path):
    outlined(tmp_path, DISTRICTS)
    path = written(regency, tmp_path) / "index.html"
    page = Page(path)
    assert kind_of(path) == "map"
    assert set(page.areas) == {f"{code}.html" for code in (NEGARA, MENDOYO, PEKUTATAN, MELAYA, JEMBRANA)}
    named = {words.split(": ")[0]: (href, words, css) for href, (words, css) in page.areas.items()}
    assert named["Pekutatan"][0] == f"{PEKUTATAN}.html"
    for name, stations, published, *_rest in page.rows("Wilayah"):
        href, words, css = named[name]
        assert f"{published} dari {stations} TPS terbit" in words
        share = 100 * int(published) / int(stations)
        assert css == f"q{1 + sum(share >= step for step in (50, 75, 90, 100))}"
        assert (path.parent / href).is_file()


def test_the_villages_of_a_district_have_their_map_too(regency, tmp_path):
    outlined(tmp_path, VILLAGES)
    folder = written(regency, tmp_path)
    page = Page(folder / f"{NEGARA}.html")
    assert kind_of(folder / f"{NEGARA}.html") == "map"
    assert len(page.areas) == len(page.rows("Wilayah")) == 12
    assert page.areas["51.01.01.1006.html"][0].startswith("Baler Bale Agung: ")
    assert kind_of(folder / "index.html") == "treemap"  # of districts no outline came


def test_what_lies_west_is_drawn_on_the_left(regency, tmp_path):
    """Melaya is the west end of Jembrana, Pekutatan the east end."""
    outlined(tmp_path, DISTRICTS)
    path = written(regency, tmp_path) / "index.html"
    assert start_of(path, MELAYA) < start_of(path, PEKUTATAN)


def test_no_name_on_the_map_touches_another_and_crowded_ones_wait_for_a_wide_page(regency, tmp_path):
    outlined(tmp_path, VILLAGES)
    text = (written(regency, tmp_path) / f"{NEGARA}.html").read_text(encoding="utf-8")
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"( class="lebar-saja")?>([^<]+)</text>', text)
    every = [(float(x), float(y), name) for x, y, _wide, name in found]
    on_phones = [(float(x), float(y), name) for x, y, wide, name in found if not wide]
    assert 0 < len(on_phones) < len(every) <= 12
    for names, size in ((every, 13), (on_phones, 20)):
        for (x, y, name), (u, v, other) in combinations(names, 2):
            assert abs(x - u) > 0.3 * size * (len(name) + len(other)) or abs(y - v) > size, (name, other)


def test_a_part_without_an_outline_is_named_below_the_map_and_stands_in_the_table(regency, tmp_path):
    outlined(tmp_path, DISTRICTS, without=(MELAYA,))
    path = written(regency, tmp_path) / "index.html"
    page = Page(path)
    assert kind_of(path) == "map"
    assert f"{MELAYA}.html" not in page.areas
    assert len(page.areas) == 4
    assert page.links.count(f"{MELAYA}.html") == 2  # below the map and in the table
    assert "Batasnya belum diketahui, jadi tidak ada di peta:" in page.texts
    assert "Melaya" in [row[0] for row in page.rows("Wilayah")]


def test_where_most_outlines_are_unknown_a_treemap_has_every_part(regency, tmp_path):
    outlined(tmp_path, DISTRICTS, without=(MELAYA, NEGARA, JEMBRANA))
    path = written(regency, tmp_path) / "index.html"
    assert (kind_of(path), len(Page(path).areas)) == ("treemap", 5)


def test_without_any_boundaries_a_treemap_has_every_part(regency, tmp_path):
    path = written(regency, tmp_path) / "index.html"
    page = Page(path)
    assert (kind_of(path), len(page.areas)) == ("treemap", 5)
    assert "Batasnya belum diketahui, jadi tidak ada di peta:" not in page.texts
