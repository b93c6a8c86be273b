"""A council with two electoral districts: parties add up, candidates stay in their district, sums agree."""

import csv
from dataclasses import replace

import pytest

from ronda.agencies.selectors import scope_of
from ronda.agencies.tests.factories import AT, cast
from ronda.elections.adapters.choices import ChoiceRow
from ronda.elections.selectors import election_for
from ronda.elections.services import choices_import
from ronda.kernel.areas import station_code
from ronda.kernel.scope import Scope, scoped
from ronda.publishing.selectors import totals_beside
from ronda.publishing.services import publication_confirm, publication_propose, site_write
from ronda.publishing.tests.reading import Page, number
from ronda.publishing.tests.test_publications import ORIGIN
from ronda.results.adapters.rows import SheetRow
from ronda.results.adapters.situng_rows import SheetPlan
from ronda.results.domain import Figures
from ronda.results.services import sheets_import
from ronda.results.tests.scene import registered

ELECTION, CONTEST = "pemilu-2024", "DPRD_KABKO"
WEST, EAST = ("Jembrana 1", ("51.01.01", "51.01.04")), ("Jembrana 2", ("51.01.02", "51.01.03"))
# Party to its candidates; the second district has other people, another number of them, and another third party.
LISTS = {
    WEST: {1: ("Ketut Satu", "Made Dua"), 2: ("Nyoman Tiga",), 5: ("Wayan Empat",)},
    EAST: {1: ("Putu Lima",), 2: ("Gede Enam", "Komang Tujuh", "Kadek Delapan"), 7: ()},
}
# Votes per row of the form: a party, then its candidates.
VOTES = {
    ("51.01.01.1006", 1): (10, 20, 5, 7, 30, 2, 9),
    ("51.01.01.1006", 2): (1, 2, 3, 4, 5, 6, 7),
    ("51.01.04.2004", 1): (0, 50, 1, 0, 2, 3, 0),
    ("51.01.02.2007", 7): (8, 1, 6, 5, 4, 3, 11),
    ("51.01.03.2001", 1): (2, 40, 0, 13, 0, 1, 70),
}
# By hand: party 1 has 10+20+5 + 1+2+3 + 0+50+1 in the west and 8+1 + 2+40 in the east.
BY_HAND = {"01": (92, 51), "02": (48, 32), "05": (27, 0), "07": (0, 81)}


def choices(lists):
    rows = []
    for (district, covers), parties in lists.items():
        for party, people in parties.items():
            for at, name in enumerate((f"Partai {party}", *people)):
                rows.append(ChoiceRow(CONTEST, "51.01", at, name, party, district, covers))
    return rows


def sheets(source):
    return [
        SheetRow(
            village,
            station_code(village, at),
            at,
            source,
            Figures(votes, valid=sum(votes), invalid=3, users=sum(votes) + 3, registered=280),
            "",
        )
        for (village, at), votes in VOTES.items()
    ]


def published(rows):
    """A regency that votes on these lists, every station published."""
    with scoped(Scope.system()):
        registered(VOTES)
        choices_import(election=election_for(ELECTION), choices=rows, at=AT)
        origin = replace(ORIGIN, election=ELECTION, contest=CONTEST)
        sheets_import(plan=SheetPlan(sheets=[*sheets("plano"), *sheets("ptps")]), origin=origin)
    posts = cast()
    with scoped(Scope.system()):
        one, two = (scope_of(posts[name]) for name in ("citra", "putri"))
    with scoped(one) as by:
        made = publication_propose(election=ELECTION, contests=[CONTEST], by=by, at=AT)
    with scoped(two) as by:
        return publication_confirm(publication=made.pk, digest=made.digest, by=by, at=AT)


@pytest.fixture
def council(db):
    """Two electoral districts of a regency."""
    return published(choices(LISTS))


@pytest.fixture
def site(council, tmp_path):
    with scoped(Scope.system()):
        (version,) = site_write(tmp_path)
    return version / "dprd_kabko"


def by_party(page):
    """Number of a party to its votes, as the page says."""
    return {row[0][:2]: number(row[1]) for row in page.rows("Suara partai") if row[0][:2].isdigit()}


def across(page, name):
    """A table of parts: head cell to votes by party."""
    head, *rows = page.tables[name]
    parties = [cell[:2] for cell in head[4:-1]]
    return {row[0]: dict(zip(parties, map(number, row[4:-1]), strict=True)) for row in rows}


def test_the_regency_adds_parties_up_over_its_districts(site):
    page = Page(site / "index.html")
    assert by_party(page) == {party: sum(votes) for party, votes in BY_HAND.items()}
    assert page.rows("Suara partai")[-2][:2] == ["Suara sah", "331"]
    assert sum(by_party(page).values()) == 331 == sum(map(sum, VOTES.values()))


def test_the_table_of_districts_adds_up_to_the_parties_of_the_regency(site):
    page = Page(site / "index.html")
    districts = across(page, "Daerah pemilihan")
    assert list(districts) == ["Dapil Jembrana 1", "Dapil Jembrana 2"]
    for party, total in by_party(page).items():
        assert sum(votes[party] for votes in districts.values()) == total
        assert [votes[party] for votes in districts.values()] == list(BY_HAND[party])
    parts = across(page, "Wilayah")
    assert all(sum(votes[one] for votes in parts.values()) == sum(BY_HAND[one]) for one in BY_HAND)


def test_the_page_of_each_district_says_what_the_table_says_of_it(site):
    districts = across(Page(site / "index.html"), "Daerah pemilihan")
    for at, name in enumerate(("jembrana-1", "jembrana-2")):
        page = Page(site / f"dapil-51.01-{name}.html")
        told = by_party(page)
        assert told == {party: votes[at] for party, votes in BY_HAND.items() if votes[at] or party in told}
        assert all(districts[f"Dapil Jembrana {at + 1}"][party] == votes for party, votes in told.items())


def test_candidates_stand_only_within_their_district(site):
    pages = {path.name: " ".join(Page(path).texts) for path in site.glob("*.html")}
    assert not [name for name in pages["index.html"].split() if name in ("Ketut", "Putu")]
    for name, text in pages.items():
        is_west = "jembrana-1" in name or name.startswith(("51.01.01", "51.01.04"))
        is_east = "jembrana-2" in name or name.startswith(("51.01.02", "51.01.03"))
        assert ("Ketut Satu" in text) is is_west
        assert ("Gede Enam" in text) is is_east


def test_a_candidate_has_the_votes_of_the_whole_district(site):
    rows = {row[0]: row[1] for row in Page(site / "dapil-51.01-jembrana-1.html").rows("Suara calon")}
    assert rows["1.1Ketut Satu"] == str(20 + 2 + 50)
    assert rows["01Partai 1 partai saja"] == str(10 + 1 + 0)
    rows = {row[0]: row[1] for row in Page(site / "dapil-51.01-jembrana-2.html").rows("Suara calon")}
    assert rows["2.2Komang Tujuh"] == str(4 + 0)


def test_every_table_of_parts_adds_up_to_the_page(site):
    for path in site.glob("*.html"):
        page = Page(path)
        if "Wilayah" in page.tables:
            parts, whole = across(page, "Wilayah"), by_party(page)
            assert {one: sum(votes[one] for votes in parts.values()) for one in whole} == whole


def test_a_station_shows_its_votes_by_party(site):
    rows = Page(site / "51.01.01.1006.html").rows("TPS")
    assert [row[:4] for row in rows] == [["001", "35", "37", "11"], ["002", "6", "9", "13"]]


def test_open_data_gives_each_row_the_name_on_its_own_paper(site):
    with (site.parent / "data" / "dprd_kabko-suara.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    fifth = {row["district"]: row["choice"] for row in rows if row["position"] == "5"}
    assert fifth == {"Jembrana 1": "Nyoman Tiga", "Jembrana 2": "Komang Tujuh"}
    assert sum(int(row["votes"]) for row in rows if row["party"] == "1") == sum(BY_HAND["01"])


def test_the_second_person_compares_parties_and_not_rows_of_different_papers(council):
    with scoped(Scope.system()):
        told = {line.label: line.votes for line in totals_beside(council)}
    assert told == {party: sum(votes) for party, votes in BY_HAND.items()}


def test_persons_on_different_papers_are_not_added_up_at_all(db, tmp_path):
    persons = [
        ChoiceRow(CONTEST, "51.01", at, f"Orang {at} {district}", 0, district, covers)
        for district, covers in LISTS
        for at in range(1, 8)
    ]
    made = published(persons)
    with scoped(Scope.system()):
        (version,) = site_write(tmp_path)
        told = [(line.label, line.votes) for line in totals_beside(made)]
    assert told == [("", 331)]
    page = Page(version / "dprd_kabko" / "index.html")
    assert set(page.tables) == {"Daerah pemilihan", "Wilayah"}
    assert any(text.startswith("Calon di tiap bagian wilayah ini berbeda") for text in page.texts)
    assert [row[-1] for row in page.rows("Daerah pemilihan")] == [str(83 + 28 + 56), str(38 + 126)]
    west = Page(version / "dprd_kabko" / "dapil-51.01-jembrana-1.html")
    assert west.rows("Suara")[1][:2] == ["02Orang 2 Jembrana 1", str(20 + 2 + 50)]


def test_rows_of_different_papers_added_by_place_would_be_wrong(site):
    """The control: what stands at the same place of both forms is not the same party."""
    by_place = [sum(column) for column in zip(*VOTES.values(), strict=True)]
    assert sum(by_place[:3]) != sum(BY_HAND["01"])
