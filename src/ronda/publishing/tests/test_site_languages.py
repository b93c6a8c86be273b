"""The site says everything in Indonesian and in English: the same pages, the same figures, each in its own words."""

import hashlib
import json
import re

import pytest

from ronda.kernel.scope import Scope, scoped
from ronda.publishing.services import site_write
from ronda.publishing.tests.reading import Page
from ronda.publishing.tests.test_publications import AT, HOUR, bring_in, confirmed, corrected, people

__all__ = ["people"]
PROPER = (
    r"Kabupaten Jembrana|Negara|Mendoyo|Baler Bale Agung|Banjar Tengah|Pohsanten|Penyaringan|Situng KPU|KawalPemilu"
    r"|Joko Widodo - Ma'ruf Amin|Prabowo Subianto - Sandiaga Uno|PPWP|[0-9a-f]{64}"
    r"|ppwp-(?:suara|tps)\.csv|koreksi\.csv|datapackage\.json|SHA256SUMS"
)


@pytest.fixture
def site(people, tmp_path):
    """A site of two versions, the second of which tells a correction."""
    confirmed(people)
    bring_in(tmp_path, at=AT + HOUR)
    corrected(people, at=AT + HOUR)
    confirmed(people, at=AT + 2 * HOUR)
    with scoped(Scope.system()):
        site_write(tmp_path / "situs")
    return tmp_path / "situs"


def pairs(site):
    """Every page with its English twin."""
    for path in site.rglob("*.html"):
        if "en" not in path.relative_to(site).parts:
            within = next(one for one in (path.parent, *path.parents) if (one / "en").is_dir())
            yield Page(path), Page(within / "en" / path.relative_to(within))


def test_every_page_has_its_twin_and_a_link_to_it(site):
    found = list(pairs(site))
    # both lists, and of two versions: the version, the regency, 2 districts, 4 villages
    assert len(found) == 2 + 2 * 8 == len(list(site.rglob("*.html"))) / 2
    for here, there in found:
        assert (here.language, there.language) == ("id", "en")
        for one, other in ((here, there), (there, here)):
            led = {(one.path.parent / link).resolve() for link in one.links}
            assert other.path.resolve() in led
        assert "Bukan hasil resmi." in here.texts
        assert "Not an official result." in there.texts


def test_links_stay_in_the_language_and_data_is_written_once(site):
    for page in (one for both in pairs(site) for one in both):
        led = [(page.path.parent / link).resolve() for link in page.links]
        assert all(target.is_file() for target in led)
        across = [
            one for one in led if one.suffix == ".html" and ("en" in one.parts) != ("en" in page.path.parts)
        ]
        assert len(across) == 2  # the link for people and the one for machines
    for name in ("*.csv", "*.json", "SHA256SUMS", "*.css"):
        assert not [path for path in site.rglob(name) if "en" in path.parts]


def alike(one, other):
    """What two pages say in the same letters and is no code, figure or name of its own."""
    shared = set(one.texts) & set(other.texts)
    return [text for text in shared if re.search("[A-Za-z]", re.sub(PROPER, "", text))]


def test_nothing_of_an_english_page_is_left_in_indonesian(site):
    for here, there in pairs(site):
        assert alike(here, there) == [], here.path
        assert alike(here, here)  # the control: a page that is not translated is found


def test_figures_and_dates_are_written_as_the_language_writes_them(site):
    (version,) = site.glob("*/v1")
    here, there = Page(version / "ppwp" / "index.html"), Page(version / "en" / "ppwp" / "index.html")
    marks = str.maketrans(".,", ",.")
    for row, twin in zip(here.rows("Suara"), there.rows("Votes"), strict=True):
        assert [cell.translate(marks) for cell in row[1:3]] == twin[1:3]
    assert any("." in row[1] for row in here.rows("Suara"))
    assert "Versi 1, terbit Rabu, 27 November 2024, 11.00 WITA" in here.texts
    assert "Version 1, published Wednesday, 27 November 2024, 11:00 WITA" in there.texts


def test_the_digests_of_a_version_cover_its_english_pages(site):
    (version,) = site.glob("*/v1")
    sums = dict(reversed(line.split("  ")) for line in (version / "SHA256SUMS").read_text().splitlines())
    files = {str(path.relative_to(version)) for path in version.rglob("*") if path.is_file()}
    assert set(sums) == files - {"SHA256SUMS"}
    assert "en/ppwp/index.html" in sums
    page = version / "en" / "ppwp" / "index.html"
    page.write_text(page.read_text().replace("Votes", "Vote"))
    assert hashlib.sha256(page.read_bytes()).hexdigest() != sums["en/ppwp/index.html"]


def test_a_version_written_before_there_were_english_pages_is_linked_as_it_is(people, site, tmp_path):
    (old,) = site.glob("*/v1")
    for path in sorted((old / "en").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (old / "en").rmdir()
    confirmed(people, at=AT + 3 * HOUR)
    with scoped(Scope.system()):
        site_write(site)
    page = Page(old.parent / "en" / "index.html")
    assert [link for link in page.links if "v" in link and link.endswith("index.html")] == [
        "../v3/en/index.html",
        "../v2/en/index.html",
        "../v1/index.html",
    ]


def test_a_site_of_a_simulation_says_so_first(people, tmp_path, settings):
    settings.DEMO = True
    confirmed(people)
    with scoped(Scope.system()):
        (version,) = site_write(tmp_path)
    for page in (Page(version / "ppwp" / "index.html"), Page(version / "en" / "ppwp" / "index.html")):
        assert any(text.startswith("Simula") for text in page.texts)
    package = json.loads((version / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"].startswith("SIMULASI ")
