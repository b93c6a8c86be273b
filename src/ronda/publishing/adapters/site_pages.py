"""Pages of a version as plain HTML files: no script, no other origin, links that work from a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from ronda.elections.selectors import choice_list, contest_for, election_for
from ronda.kernel.areas import ancestors
from ronda.law import election_laws
from ronda.law.elections import ContestLaw
from ronda.law.forms import form_rules
from ronda.methods.coverage import Lead, worst_case
from ronda.places.selectors import area_names
from ronda.publishing.adapters.site_map import Part, drawing_of, map_svg
from ronda.publishing.adapters.site_tree import ContestTree
from ronda.publishing.domain import Count
from ronda.publishing.models import Correction, Publication
from ronda.results.domain import Held
from ronda.web.numbers import number_words, percent_words

LANGUAGE = "id"
CHOICES_ACROSS = 24


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One choice with its votes in an area."""

    number: str
    name: str
    votes: int
    share: float

    @property
    def width(self) -> str:
        return f"{self.share * 100:.1f}"


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of an area in the table of its parts."""

    name: str
    href: str
    count: Count
    votes: Sequence[int]


@dataclass
class Ballots:
    """What the ballot paper of a contest holds, village by village: electoral districts have papers of their own."""

    election: str
    contest: str
    of_village: dict[str, int] = field(default_factory=dict)
    choices: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def learn(self, villages: Iterable[str]) -> None:
        election = election_for(self.election)
        for village in villages:
            found = contest_for(election, self.contest, area=village) if election else None
            self.of_village[village] = found.pk if found else 0
            if found and found.pk not in self.choices:
                rows = choice_list(found)
                self.choices[found.pk] = [(_number(row.party, row.number), row.name) for row in rows]

    def below(self, code: str) -> list[tuple[str, str]] | None:
        """Choices of an area; None where its villages vote on different papers."""
        papers = {paper for village, paper in self.of_village.items() if village.startswith(code)}
        return self.choices.get(papers.pop(), []) if len(papers) == 1 else None

    def names(self) -> list[str]:
        """Names for the open data, where one paper holds for the whole area."""
        return [name for _number, name in self.below("") or []]


def _number(party: int | None, number: int | None) -> str:
    return f"{party}.{number}" if party and number else f"{party or number or 0:02d}"


@dataclass(frozen=True)
class Site:
    """One version with all that its pages are made of."""

    publication: Publication
    trees: Sequence[ContestTree]
    ballots: Mapping[str, Ballots]
    corrections: Sequence[Correction]
    names: Mapping[str, str]

    @classmethod
    def of(
        cls,
        publication: Publication,
        trees: Sequence[ContestTree],
        ballots: Mapping[str, Ballots],
        corrections: Sequence[Correction],
    ) -> Site:
        codes = {code for tree in trees for code in tree.counts}
        codes |= {publication.area, *ancestors(publication.area)} if publication.area else set()
        return cls(publication, trees, ballots, corrections, area_names(codes))

    def name(self, code: str) -> str:
        return self.names.get(code, code) if code else _("Indonesia")


def version_pages(site: Site) -> Iterator[tuple[str, str]]:
    """(path, HTML) of every page of a version."""
    with override(LANGUAGE):
        yield "index.html", _render("version", _version(site))
        for tree in site.trees:
            folder = tree.contest.lower()
            for code in [tree.root, *tree.pages]:
                yield f"{folder}/{_file(tree, code)}", _render("area", _area(site, tree, code))


def series_page(publications: Sequence[Publication], name: str) -> str:
    """The list of all versions of one series, the newest first."""
    with override(LANGUAGE):
        newest = publications[-1]
        context = {
            "publication": newest,
            "title": f"{_election_name(newest.election)} · {name}",
            "versions": publications[::-1],
            "up": f"v{newest.version}/",
        }
        return _render("series", context)


def root_page(series: Sequence[tuple[str, str, Publication]]) -> str:
    """The list of all series: (folder, name of the area, newest version)."""
    with override(LANGUAGE):
        rows = [
            (folder, f"{_election_name(newest.election)} · {name}", newest) for folder, name, newest in series
        ]
        first = f"{series[0][0]}/v{series[0][2].version}/"
        return _render("root", {"title": _("Hasil menurut salinan C.Hasil"), "series": rows, "up": first})


def _render(name: str, context: Mapping[str, object]) -> str:
    return render_to_string(f"publishing/site/{name}.html", dict(context))


def _file(tree: ContestTree, code: str) -> str:
    return "index.html" if code == tree.root else f"{code}.html"


def _version(site: Site) -> dict[str, object]:
    publication = site.publication
    rows = [
        (_contest_name(publication.election, tree.contest), f"{tree.contest.lower()}/index.html", tree.total)
        for tree in site.trees
    ]
    return {
        "publication": publication,
        "title": f"{_election_name(publication.election)} · {site.name(publication.area)}",
        "contests": rows,
        "corrections": site.corrections,
        "downloads": list(_downloads(site)),
        "up": "",
    }


def _downloads(site: Site) -> Iterator[tuple[str, str, str]]:
    """(address, file, what it holds) of the open data."""
    for tree in site.trees:
        for kind, words in (
            ("suara", _("suara per TPS dan pilihan")),
            ("tps", _("jumlah, asal salinan, dan versi per TPS")),
        ):
            name = f"{tree.contest.lower()}-{kind}.csv"
            yield f"data/{name}", name, words
    yield "data/koreksi.csv", "koreksi.csv", _("catatan koreksi")
    yield "datapackage.json", "datapackage.json", _("arti setiap kolom dan sidik berkas")
    yield "SHA256SUMS", "SHA256SUMS", _("sidik semua berkas versi ini")


def _area(site: Site, tree: ContestTree, code: str) -> dict[str, object]:
    count, paper = tree.counts[code], site.ballots[tree.contest].below(code)
    choices = _choices(count, paper)
    law = _contest_law(site.publication.election, tree.contest)
    parts = [_part(site, tree, one) for one in tree.children.get(code, ())]
    return {
        "publication": site.publication,
        "title": site.name(code),
        "contest": law.name.in_language(LANGUAGE) if law else tree.contest,
        "trail": [(site.name(one), _file(tree, one)) for one in _above(tree, code)],
        "count": count,
        "choices": choices,
        "is_mixed": paper is None and bool(count.published),
        "lead": _lead(count) if code == tree.root and law and law.choice_kind == "pair" else None,
        "parts": parts,
        "map": _map(site, tree, parts, tree.children.get(code, ())) if len(parts) > 1 else "",
        "across": choices if len(choices) <= CHOICES_ACROSS else [],
        "lines": tree.stations.get(code, ()),
        "is_village": tree.is_village(code),
        "reasons": _reasons(tree, code),
        "up": "../",
    }


def _above(tree: ContestTree, code: str) -> list[str]:
    if code == tree.root:
        return []
    between = [one for one in reversed(ancestors(code)) if len(one) > len(tree.root)]
    return [tree.root, *between]


def _choices(count: Count, paper: Sequence[tuple[str, str]] | None) -> list[ChoiceLine]:
    if paper is None:
        return []
    lines = []
    for at, votes in enumerate(count.votes):
        number, name = (
            paper[at] if at < len(paper) else (f"{at + 1:02d}", _("Pilihan %(number)s") % {"number": at + 1})
        )
        lines.append(ChoiceLine(number, name, votes, count.vote_share(at)))
    return lines


def _part(site: Site, tree: ContestTree, code: str) -> PartLine:
    paper = site.ballots[tree.contest].below(code)
    count = tree.counts[code]
    votes = count.votes if paper is not None and len(count.votes) <= CHOICES_ACROSS else []
    return PartLine(site.name(code), f"{code}.html", count, votes)


def _map(site: Site, tree: ContestTree, parts: Sequence[PartLine], codes: Sequence[str]) -> str:
    drawn = [
        Part(
            code,
            part.name,
            part.count.stations,
            part.href,
            part.count.step,
            percent_words(part.count.share),
            _words(part.count),
        )
        for code, part in zip(codes, parts, strict=True)
    ]
    return map_svg(drawing_of(drawn), drawn, label=_("Bagian wilayah menurut TPS yang terbit"))


def _words(count: Count) -> str:
    return _("%(published)s dari %(stations)s TPS terbit, %(share)s") % {
        "published": number_words(count.published),
        "stations": number_words(count.stations),
        "share": percent_words(count.share),
    }


def _lead(count: Count) -> Lead | None:
    if len(count.votes) < 2 or not count.published:
        return None
    return worst_case(np.array(count.votes, np.int64), count.open_votes)


def _reasons(tree: ContestTree, code: str) -> dict[str, str]:
    """Sentences for the reasons that hold stations of a village, by station."""
    found = {}
    for line in tree.stations.get(code, ()):
        if line.held:
            found[line.code] = "; ".join(reason_words(reason) for reason in line.held.reasons)
    return found


def reason_words(reason: str) -> str:
    """Why a sheet is held, as people read it."""
    if reason in Held.values:
        return str(Held(reason).label)
    return form_rules()[reason].name.in_language(LANGUAGE)


def _contest_law(election: str, contest: str) -> ContestLaw | None:
    law = election_laws().get(election)
    return next((one for one in law.contests if one.code == contest), None) if law else None


def _contest_name(election: str, contest: str) -> str:
    law = _contest_law(election, contest)
    return law.name.in_language(LANGUAGE) if law else contest


def _election_name(election: str) -> str:
    law = election_laws().get(election)
    return law.name.in_language(LANGUAGE) if law else election
