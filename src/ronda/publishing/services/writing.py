"""Confirmed versions become folders of plain files. A version is written once; repeating adds nothing."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from django.contrib.staticfiles import finders

from ronda import web
from ronda.places.selectors import area_names
from ronda.publishing import selectors
from ronda.publishing.adapters.site_area import Site
from ronda.publishing.adapters.site_data import package, tables
from ronda.publishing.adapters.site_pages import FOLDERS, VersionLine, root_pages, series_pages, version_pages
from ronda.publishing.adapters.site_tree import contest_tree
from ronda.publishing.models import Publication

FONT = "plus-jakarta-sans-latin-wght-normal.woff2"
FONT_SOURCE = "@fontsource-variable/plus-jakarta-sans/files/"
STYLE = "gaya.css"
SUMS = "SHA256SUMS"


def site_write(root: Path) -> list[Path]:
    """Write every version that was let out and has no folder yet, and the lists above them; the new folders."""
    out = list(selectors.publications_out())
    series = [list(group) for _key, group in groupby(out, key=lambda one: (one.election, one.area))]
    new = [
        folder
        for versions in series
        for publication in versions
        if not (folder := root / series_of(publication) / f"v{publication.version}").exists()
        and _version_write(publication, folder)
    ]
    if new:
        _lists_write(root, series)
    return new


def series_of(publication: Publication) -> str:
    """The folder of all versions of one election and area."""
    return f"{publication.election}-{publication.area or 'nasional'}"


def _version_write(publication: Publication, folder: Path) -> bool:
    """All files beside their place first, then the folder in one step: readers never see half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".baru-") as beside:
        made = Path(beside) / folder.name
        sums = []
        for path, content in sorted(_files(publication)):
            target = made / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
        (made / SUMS).write_text("".join(sums), encoding="utf-8")
        shutil.move(made, folder)
    return True


def _files(publication: Publication) -> Iterator[tuple[str, bytes]]:
    sheets = {contest: selectors.sheets_of(publication, contest) for contest in publication.contests}
    ballots = selectors.ballots_of(publication)
    trees = [
        contest_tree(publication, contest, ballots[contest], rows, selectors.held_of(publication, contest))
        for contest, rows in sheets.items()
    ]
    corrections = list(
        selectors.corrections_in(publication.election, publication.area).filter(
            created_at__lte=publication.created_at
        )
    )
    for path, text in version_pages(Site.of(publication, trees, corrections)):
        yield path, text.encode()
    made = tables(publication, sheets, ballots, corrections)
    yield from ((one.path, one.content) for one in made)
    yield "datapackage.json", package(publication, made)
    yield from _look()


def _look() -> Iterator[tuple[str, bytes]]:
    """The tokens of the pages inside, the style of the pages outside, and the letters if they are built."""
    tokens = Path(web.__file__).parent / "assets" / "css" / "tokens.css"
    own = Path(__file__).parents[1] / "site.css"
    text = tokens.read_text(encoding="utf-8").replace(FONT_SOURCE, "") + own.read_text(encoding="utf-8")
    yield STYLE, text.encode()
    found = finders.find(f"web/build/{FONT}")
    if isinstance(found, str):
        yield FONT, Path(found).read_bytes()


def _lists_write(root: Path, series: Sequence[Sequence[Publication]]) -> None:
    names = area_names({versions[-1].area for versions in series})
    rows = []
    for versions in series:
        folder, name = series_of(versions[-1]), names.get(versions[-1].area, versions[-1].area)
        lines = [_line(root, f"{folder}/", one) for one in versions]
        rows.append((folder, name, lines[-1]))
        within = [_line(root / folder, "", one) for one in versions]
        _replace_all(root / folder, series_pages(within, name))
    _replace_all(root, root_pages(rows))


def _line(root: Path, before: str, publication: Publication) -> VersionLine:
    folder = f"{before}v{publication.version}/"
    written = [language for language, under in FOLDERS.items() if (root / folder / under).is_dir()]
    return VersionLine(publication, folder, written)


def _replace_all(root: Path, pages: Iterator[tuple[str, str]]) -> None:
    for path, text in pages:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(".baru")
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
