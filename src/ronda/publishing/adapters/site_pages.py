"""Pages as plain HTML files in two languages: no script, no other origin, links that work from a folder.

Indonesian pages stand where a folder begins, English ones under `en/`; what both link to is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from ronda.publishing.adapters.site_area import Site, area_file, area_page, district_page
from ronda.publishing.adapters.site_tree import ContestTree
from ronda.publishing.adapters.site_words import contest_name, election_name
from ronda.publishing.models import Publication
from ronda.web.context import drill

FOLDERS = {"id": "", "en": "en/"}
NAMES = {"id": "Bahasa Indonesia", "en": "English"}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in a list. Versions written before there were English pages are linked as they are."""

    publication: Publication
    folder: str
    languages: Collection[str]

    def href(self, language: str) -> str:
        return f"{self.folder}{FOLDERS[language] if language in self.languages else ''}index.html"


def version_pages(site: Site) -> Iterator[tuple[str, str]]:
    """(path, HTML) of every page of a version."""
    yield from _both("index.html", "version", partial(_version, site))
    for tree in site.trees:
        folder = tree.contest.lower()
        for code in [tree.root, *tree.pages]:
            path = f"{folder}/{area_file(tree, code)}"
            yield from _both(path, "area", partial(area_page, site, tree, code))
        for one, file in tree.district_files.items():
            if len(tree.districts[one]) > 1:
                path = f"{folder}/{file}"
                yield from _both(path, "area", partial(district_page, site, tree, one))


def series_pages(versions: Sequence[VersionLine], name: str) -> Iterator[tuple[str, str]]:
    """The list of all versions of one series, the newest first."""
    newest = versions[-1]

    def context() -> Mapping[str, object]:
        return {
            "publication": newest.publication,
            "title": _title(newest.publication, name),
            "versions": versions[::-1],
            "style": newest.folder,
        }

    yield from _both("index.html", "series", context)


def root_pages(series: Sequence[tuple[str, str, VersionLine]]) -> Iterator[tuple[str, str]]:
    """The list of all series: (folder, name of the area, newest version)."""

    def context() -> Mapping[str, object]:
        return {
            "title": _("Hasil menurut salinan C.Hasil"),
            "series": [(folder, _title(newest.publication, name), newest) for folder, name, newest in series],
            "style": series[0][2].folder,
        }

    yield from _both("index.html", "root", context)


def _both(path: str, template: str, context: Callable[[], Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    """A page in every language. `up` leads to where its folder begins, `here` from there to the pages of a language."""
    for language, folder in FOLDERS.items():
        other = next(one for one in FOLDERS if one != language)
        up = "../" * f"{folder}{path}".count("/")
        place = {
            "language": language,
            "up": up,
            "here": folder,
            "other": {"code": other, "name": NAMES[other], "href": f"{up}{FOLDERS[other]}{path}"},
            "drill": drill(),
        }
        with override(language):
            text = render_to_string(f"publishing/site/{template}.html", {**context(), **place})
        yield f"{folder}{path}", text


def _version(site: Site) -> Mapping[str, object]:
    election = site.publication.election
    return {
        "publication": site.publication,
        "title": _title(site.publication, site.name(site.publication.area)),
        "contests": [
            (contest_name(election, tree.contest), f"{tree.contest.lower()}/index.html", tree.total)
            for tree in site.trees
        ],
        "corrections": site.corrections,
        "downloads": list(_downloads(site.trees)),
    }


def _downloads(trees: Sequence[ContestTree]) -> Iterator[tuple[str, str, str]]:
    """(address, file, what it holds) of the open data."""
    for tree in trees:
        for kind, words in (
            ("suara", _("suara per TPS dan pilihan")),
            ("tps", _("jumlah, asal salinan, dan versi per TPS")),
        ):
            name = f"{tree.contest.lower()}-{kind}.csv"
            yield f"data/{name}", name, words
    yield "data/koreksi.csv", "koreksi.csv", _("catatan koreksi")
    yield "datapackage.json", "datapackage.json", _("arti setiap kolom dan sidik berkas")
    yield "SHA256SUMS", "SHA256SUMS", _("sidik semua berkas versi ini")


def _title(publication: Publication, name: str) -> str:
    return f"{election_name(publication.election)} · {name or _('Indonesia')}"
