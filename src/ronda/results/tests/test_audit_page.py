"""Public draws on their page: the list first, then the seed, then the stations, as `ronda audit` gives them."""

import csv
import io

import numpy as np
import pytest
from click.testing import CliRunner
from django.test import Client

from ronda.agencies.tests.factories import cast, sign_in
from ronda.config.cli import cli
from ronda.kernel import clock
from ronda.kernel.areas import station_code
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.methods.coverage import Stratum, stratified_estimate
from ronda.results import selectors
from ronda.results.adapters.audit_results import parts_of, shares_of
from ronda.results.models import AuditDraw, AuditList
from ronda.results.services import AuditRefused, Plan, audit_draw, audit_freeze, sheets_receive
from ronda.results.tests.scene import ELECTION, message, registered

REGENCY = "51.01"
VILLAGES = ("51.01.02.2007", "51.01.03.2001")
PLACES = [(village, number) for village in VILLAGES for number in range(1, 13)]
CODES = [station_code(*place) for place in PLACES]
SEED, ORIGIN = "31415926535897932384", "dadu sepuluh sisi di kantor KPU"
BAWASLU = Scope("bawaslu", "bawaslu", REGENCY, (0, 1, 2, 3))
HOME = f"/hasil/{ELECTION}/PPWP/{REGENCY}/audit/"


@pytest.fixture
def system(db):
    with scoped(Scope.system()) as scope:
        registered(PLACES)
        yield scope


def votes_at(number):
    """Every station has its own figures, 240 valid votes."""
    return [100 + 5 * number, 100 - 5 * number, 40]


def came(places, **body):
    sheets_receive(
        [
            message(place=village, station=number, **{"votes": votes_at(number)} | body)
            for village, number in places
        ]
    )


def freeze(kind="missing", by=BAWASLU, **plan):
    with scoped(by):
        return audit_freeze(
            election=ELECTION, contest="PPWP", area=REGENCY, plan=Plan(kind, **plan), by=by, at=clock.now()
        )


def draw(frozen, number=6, seed=SEED, origin=ORIGIN, by=BAWASLU):
    with scoped(by):
        return audit_draw(frozen=frozen, seed=seed, origin=origin, number=number, by=by, at=clock.now())


def browser(name="citra"):
    client, people = Client(), cast()
    sign_in(client, people[name])
    return client


def page_of(client, frozen):
    return client.get(f"{HOME}{frozen.pk}/").content.decode()


def place_of(code):
    return PLACES[CODES.index(code)]


# ------------------------------------------------------------------------------------------- missing stations


def test_the_list_is_what_is_missing_with_its_digest_and_the_sums_of_what_is_in(system):
    came(PLACES[:8])
    frozen = freeze()
    lines = frozen.body.splitlines()
    assert lines[0] == "unit,bound"
    assert [line.split(",") for line in lines[1:]] == [[code, "286"] for code in CODES[8:]]
    assert (frozen.stations, frozen.counted) == (16, 8)
    assert (
        frozen.counted_votes == np.sum([votes_at(number) for _village, number in PLACES[:8]], axis=0).tolist()
    )
    assert freeze().pk == frozen.pk, "the same list is frozen once"
    assert EventRow.objects.filter(name="audit.list_frozen").count() == 1
    assert AuditLine.objects.filter(action="audit.list_frozen", subject=frozen.pk).count() == 1


def test_the_command_draws_the_same_stations_from_the_downloaded_list(system, tmp_path):
    came(PLACES[:8])
    frozen, client = freeze(), browser()
    made = draw(frozen)
    files = {name: client.get(f"{HOME}{frozen.pk}/{name}.csv").content for name in ("daftar", "undian")}
    path = tmp_path / "daftar.csv"
    path.write_bytes(files["daftar"])
    words = ["audit", "draw", str(path), "--digest", frozen.digest, "--seed", SEED, "--draws", "6"]
    said = CliRunner().invoke(cli, [*words, "--method", "alpha"])
    assert said.output == files["undian"].decode()
    assert [row["unit"] for row in csv.DictReader(io.StringIO(said.output))] == made.drawn
    assert len(set(made.drawn)) == 6
    assert not set(made.drawn) & set(CODES[:8])
    assert client.get(f"{HOME}{frozen.pk}/lain.csv").status_code == 404


def test_the_command_estimates_from_a_list_of_stations_alone_and_plans_nothing_from_it(system, tmp_path):
    came(PLACES[:8])
    frozen = freeze()
    made = draw(frozen)
    listed, forms = tmp_path / "daftar.csv", tmp_path / "form.csv"
    listed.write_text(frozen.body + "\n")
    rows = [",".join(map(str, [code, *votes_at(place_of(code)[1])])) for code in made.drawn]
    forms.write_text("\n".join(["unit,01,02,03", *rows]) + "\n")
    words = ["--digest", frozen.digest, "--seed", SEED, "--draws", "6"]
    said = CliRunner().invoke(cli, ["audit", "estimate", str(listed), str(forms), *words])
    assert said.exit_code == 0, said.output
    assert said.output.startswith("6 of 16 stations drawn")
    assert CliRunner().invoke(cli, ["audit", "plan", str(listed)]).exit_code == 1
    assert CliRunner().invoke(cli, ["audit", "draw", str(listed), *words]).exit_code == 1, "macro needs votes"


def test_a_list_that_was_changed_is_refused_by_the_command(system, tmp_path):
    came(PLACES[:8])
    frozen = freeze()
    path = tmp_path / "daftar.csv"
    path.write_text(frozen.body.replace(",286", ",285", 1) + "\n")
    words = ["audit", "draw", str(path), "--digest", frozen.digest, "--seed", SEED, "--draws", "6"]
    assert CliRunner().invoke(cli, [*words, "--method", "alpha"]).exit_code == 1


def test_nothing_is_estimated_before_every_drawn_station_is_in(system):
    came(PLACES[:8])
    frozen = freeze()
    made = draw(frozen)
    came([place_of(code) for code in made.drawn[:5]])
    text = page_of(browser(), frozen)
    assert "5 dari 6 TPS terundi sudah masuk." in text
    assert "Perkiraan baru sah bila semua TPS terundi masuk" in text
    assert "Perkiraan bagian suara" not in text


def test_once_all_are_in_the_share_has_its_interval_and_the_form_of_its_variance(system):
    came(PLACES[:8])
    frozen = freeze()
    made = draw(frozen, 8)
    came([place_of(code) for code in made.drawn])
    text = page_of(browser(), frozen)
    assert "Semua 8 TPS terundi sudah masuk. Bersama 8 TPS yang sudah masuk saat daftar dibekukan" in text
    assert "mewakili seluruh 24 TPS" in text
    assert "Ragam dihitung antar-TPS, bukan antar-pemilih, dengan koreksi populasi terbatas." in text
    leader = [votes_at(place_of(code)[1])[0] for code in made.drawn]
    groups = [
        [row for row, code in enumerate(made.drawn) if code[:6] == part] for part in ("510102", "510103")
    ]
    sizes = [sum(code[:6] == part for code in CODES[8:]) for part in ("510102", "510103")]
    assert all(len(group) >= 2 for group in groups), "the seed draws two or more in both districts"
    strata = [
        Stratum(size, np.array(leader)[group], np.full(len(group), 240))
        for size, group in zip(sizes, groups, strict=True)
    ]
    in_then = [votes_at(number)[0] for _village, number in PLACES[:8]]
    strata.append(Stratum(8, np.array(in_then), np.full(8, 240)))
    low, high = stratified_estimate(strata).interval(confidence=0.95)
    for bound in (low, high):
        assert f"{bound * 100:.2f}".replace(".", ",") in text
    assert "berlapis dalam 2 kelompok kecamatan" in text


def test_the_seed_of_a_list_stays_and_a_larger_draw_begins_with_the_smaller_one(system):
    came(PLACES[:8])
    frozen = freeze()
    first, again = draw(frozen), draw(frozen)
    assert first.pk == again.pk
    more = draw(frozen, 9, seed="9" * 20, origin="lain")
    assert (more.seed, more.origin, more.position) == (SEED, ORIGIN, 2)
    assert more.drawn[:6] == first.drawn
    with pytest.raises(AuditRefused, match="tidak dapat dikurangi"):
        draw(frozen, 4)
    assert EventRow.objects.filter(name="audit.stations_drawn").count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"seed": "12345"}, "Benih terdiri atas 10 angka"),
        ({"seed": "acak sekali ya"}, "Benih terdiri atas"),
        ({"seed": "١٢٣٤٥٦٧٨٩٠"}, "Benih terdiri atas"),
        ({"origin": "  "}, "dari mana benih itu"),
        ({"number": 1}, "Jumlah undian 2 sampai 16"),
        ({"number": 17}, "Jumlah undian 2 sampai 16"),
    ],
)
def test_a_draw_that_says_too_little_is_refused_in_words(system, wrong, said):
    came(PLACES[:8])
    frozen = freeze()
    with pytest.raises(AuditRefused, match=said):
        draw(frozen, **wrong)
    assert not AuditDraw.objects.exists()


def test_nothing_missing_is_nothing_to_draw_and_too_few_in_are_drawn_with_the_others(system):
    came(PLACES[:1])
    assert (freeze().stations, freeze().counted) == (24, 0)
    came(PLACES[1:])
    with pytest.raises(AuditRefused, match="Semua TPS sudah masuk"):
        freeze()


def _population():
    """Stations that come in first are another kind than those that come late."""
    rng = np.random.default_rng(11)
    leader = np.concatenate([rng.binomial(240, 0.6, 300), rng.binomial(240, 0.42, 200)])
    return np.column_stack([leader, 240 - leader]), [f"51010{1 + at % 4}2001{at:03d}" for at in range(500)]


def _held(draws, estimated):
    """How often the interval holds the share of the whole population."""
    votes, codes = _population()
    truth, held = votes[:, 0].sum() / votes.sum(), 0
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        low, high = estimated(votes, codes, rng).interval(confidence=0.95)
        held += low <= truth <= high
    return held / draws


def test_intervals_from_drawn_stations_hold_the_truth_and_those_from_what_came_in_do_not():
    def drawn(votes, codes, rng):
        picked = rng.choice(np.arange(300, 500), 40, replace=False)
        names = [codes[at] for at in picked]
        return shares_of(codes[300:], names, votes[picked], 300, votes[:300].sum(axis=0).tolist()).estimates[
            0
        ]

    def convenient(votes, _codes, rng):
        picked = rng.choice(300, 40, replace=False)
        return stratified_estimate([Stratum(500, votes[picked, 0], votes[picked].sum(axis=1))])

    assert _held(300, drawn) >= 0.91  # 95 percent less three standard errors
    assert _held(300, convenient) < 0.2


def test_districts_with_one_drawn_station_are_taken_together_and_never_left_out():
    listed = [f"5101{district:02d}2001{n:03d}" for district in (1, 2, 3) for n in range(1, 6)]
    parts = parts_of(listed, [listed[0], listed[1], listed[5], listed[10]])
    assert sorted((part.stations, part.drawn) for part in parts) == [(5, (0, 1)), (10, (2, 3))]
    parts = parts_of(listed, [listed[0], listed[1], listed[5]])
    assert [(part.stations, sorted(part.drawn)) for part in parts] == [(15, [0, 1, 2])]


# --------------------------------------------------------------------------------- the recapitulation against C


@pytest.fixture
def columns(system, monkeypatch):
    """What the plenum read out: as the forms, until a test moves votes."""
    found = {station_code(*place): votes_at(place[1]) for place in PLACES}
    monkeypatch.setattr(selectors, "_columns", [lambda _election, _contest, _area: found])
    return found


def recap_freeze(method="macro", risk_percent=5):
    return freeze("recap", method=method, risk_percent=risk_percent)


@pytest.mark.parametrize("method", ["macro", "alpha"])
def test_clean_forms_of_the_planned_size_bring_the_risk_below_its_limit(columns, method):
    frozen = recap_freeze(method)
    draw(frozen, frozen.planned)
    came(PLACES)
    text = page_of(browser(), frozen)
    assert "batas 5" in text
    assert ": cukup." in text
    assert "membenarkan pemenang menurut rekap" in text


def test_too_small_a_draw_says_go_on_and_offers_it(columns):
    frozen = recap_freeze()
    draw(frozen, 1)
    came(PLACES)
    text = page_of(browser(), frozen)
    assert ": lanjutkan." in text
    assert "Undi lagi" in text


def test_forms_that_are_not_there_count_at_their_worst(columns):
    frozen = recap_freeze()
    made = draw(frozen, frozen.planned)
    came([place for place in PLACES if station_code(*place) != made.drawn[0]])
    text = page_of(browser(), frozen)
    assert "Risiko terukur 100,0\u00a0%, batas 5\u00a0%: lanjutkan." in text
    assert "1 TPS terundi belum ada salinan kertasnya" in text


def test_a_copy_that_was_not_taken_from_paper_is_no_form(columns):
    frozen = recap_freeze()
    draw(frozen, frozen.planned)
    came(PLACES, agency="kpu", sender="kpu")
    assert "100,0\u00a0%" in page_of(browser(), frozen)


def test_votes_that_the_recapitulation_gave_the_winner_are_shown_and_raise_the_risk(columns):
    moved = station_code(*PLACES[3])
    frozen = recap_freeze("alpha")
    clean = draw(frozen, 24)
    came([place for place in PLACES if place != PLACES[3]])
    came([PLACES[3]], votes=[20, 180, 40])
    text = page_of(browser(), frozen)
    assert moved in clean.drawn
    assert "Menguntungkan pemenang" in text
    assert f"+{(votes_at(4)[0] - 20) - (votes_at(4)[1] - 180)}" in text


def test_a_recapitulation_that_is_not_whole_is_not_frozen(columns):
    columns.popitem()
    with pytest.raises(AuditRefused, match="1 dari 24 TPS belum dibaca"):
        recap_freeze()


def test_seats_that_are_shared_are_not_audited_here(system):
    with scoped(BAWASLU), pytest.raises(AuditRefused, match="satu pemenang"):
        audit_freeze(
            election=ELECTION,
            contest="DPR",
            area=REGENCY,
            plan=Plan("recap", "macro", 5),
            by=BAWASLU,
            at=clock.now(),
        )


def test_the_page_freezes_and_draws_and_never_names_anybody_a_fraud(columns):
    client = browser()
    frozen = client.post(HOME, {"kind": "recap", "risk": "5", "method": "macro"})
    assert frozen.status_code == 302
    body = {"seed": "3141592653 5897932384", "origin": ORIGIN, "number": "3"}
    assert client.post(frozen.url, body).status_code == 302
    text = client.get(frozen.url).content.decode()
    assert SEED in text
    assert f"--seed {SEED}" in text
    assert not [word for word in ("curang", "manipul", "fraud") if word in text.lower()]
    assert "Dibekukan" in client.get(HOME).content.decode()
    wrong = client.post(HOME, {"kind": "recap", "risk": "7", "method": "macro"})
    assert wrong.status_code == 200
    assert client.post(HOME, {"kind": "x"}).status_code == 200
    assert AuditList.objects.count() == 1


STRANGERS = ("bagas", "oka", "indra", "dewa", "eka", "lestari", "made", "hadi")


def test_the_pages_exist_for_the_supervisor_and_for_kpu_alone(system):
    came(PLACES[:8])
    frozen, people, client = freeze(), cast(), Client()
    draw(frozen)
    pages = (HOME, f"{HOME}{frozen.pk}/", f"{HOME}{frozen.pk}/daftar.csv")
    for name in STRANGERS:
        sign_in(client, people[name])
        assert [client.get(page, follow=True).status_code for page in pages] == [404] * 3, name
    sign_in(client, people["gita"])
    assert [client.get(page).status_code for page in pages] == [200] * 3


def test_kpu_reads_list_seed_and_draw_but_no_figure_of_a_copy_and_draws_nothing(system):
    came(PLACES[:8])
    frozen = freeze()
    made = draw(frozen, 8)
    came([place_of(code) for code in made.drawn])
    client = browser("gita")
    text = page_of(client, frozen)
    assert SEED in text
    assert "Perkiraan bagian suara" not in text
    assert "TPS terundi sudah masuk" not in text
    assert client.post(HOME, {"kind": "missing"}).status_code == 404
    assert client.post(f"{HOME}{frozen.pk}/", {"number": "9"}).status_code == 404
    assert str(frozen.pk) in client.get("/hasil/").content.decode()


@pytest.mark.parametrize("kind", ["polri", "tni", "partai", "pemantau", "kejaksaan", "publik"])
def test_the_database_itself_gives_others_no_list_and_no_draw(system, kind):
    came(PLACES[:8])
    draw(freeze())
    with scoped(Scope(kind, kind, REGENCY, (0, 1, 2, 3, 4))):
        assert not AuditList.objects.exists()
        assert not AuditDraw.objects.exists()


def test_an_area_elsewhere_and_an_unknown_election_are_not_found(system):
    client = browser()
    for page in (
        f"/hasil/{ELECTION}/PPWP/51.99/audit/",
        f"/hasil/{ELECTION}/PPWP/x/audit/",
        f"/hasil/tidak-ada/PPWP/{REGENCY}/audit/",
        f"{HOME}01890000-0000-7000-8000-000000000000/",
    ):
        assert client.get(page).status_code == 404, page
