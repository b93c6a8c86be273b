"""S21: impossible sheets are held, all of them; clean and confirmed ones are published."""

from collections import Counter
from fractions import Fraction

import pytest
from tests.counts import count
from tests.shared_data import shared

from ronda.law import election_laws
from ronda.methods.tally import Limits
from ronda.results.adapters.mapped import header_of, read_mapped
from ronda.results.adapters.publishable import Case, all_rules, sheet_rules, verdicts
from ronda.results.adapters.sirekap2024 import SOURCE, shape_of
from ronda.results.adapters.situng2019 import read_sheets
from ronda.results.adapters.situng_rows import figures_by_source
from ronda.results.domain import Figures, Held, Outcome, Reading
from ronda.results.tests.faults import FAULTS, faults

SEED = 20_240_214
REGENCIES = ("jembrana", "kota-malang", "jombang", "jember", "malang")
LIMITS = Limits(election_laws()["pemilu-2019"].station.voters_statutory_max, Fraction(2, 100))


def station(votes=(190, 42), *, valid=232, invalid=5, users=237, registered=292, source="ptps", **more):
    return Reading(source, Figures(tuple(votes), valid, invalid, users, registered), **more)


def case(*copies, registered=292, **known):
    return Case("5101011006001", copies or (station(), station(source="kp")), registered, **known)


def reasons(one):
    return set(verdicts([one], LIMITS)[0].reasons)


@pytest.fixture(scope="module")
def real():
    """Every station of the five regencies of 2019 with its two copies."""
    cases = []
    for regency in REGENCIES:
        stations = read_sheets(shared(f"results/pemilu2019_ppwp_tps_{regency}.csv"))
        by_source = figures_by_source(stations)
        for row in range(len(stations)):
            copies = [Reading(name, figures[row]) for name, figures in by_source.items()]
            there = tuple(copy for copy in copies if not copy.figures.is_empty)
            voters = next((copy.figures.registered for copy in there), None)
            cases.append(Case(f"{regency}-{row}", there, voters))
    return cases


@pytest.fixture(scope="module")
def clean(real):
    """Those that are whole, agree in all sums, and say the same twice."""
    return [one for one, said in zip(real, verdicts(real, LIMITS), strict=True) if said.is_publishable]


def test_most_real_sheets_are_clean_and_confirmed_and_are_published(real, clean):
    # 23,075 stations have both copies (README, column "both"); the rest of the difference breaks a sum or differs.
    assert len(real) == 23_619
    assert 0.9 < len(clean) / 23_075 < 1


def test_every_fault_put_into_a_real_sheet_is_held_and_none_published(clean):
    number = count("sheet_faults")
    kinds, spoilt = zip(*faults(clean, number, seed=SEED), strict=True)
    published = [
        kind for kind, said in zip(kinds, verdicts(spoilt, LIMITS), strict=True) if said.is_publishable
    ]
    print(f"S21: seed {SEED}, {number} faults of {len(FAULTS)} kinds, published {len(published)}")  # noqa: T201
    assert set(kinds) == set(FAULTS)
    assert published == []


NEEDED = ("R05", "R08", *Held.values)


@pytest.mark.parametrize("rule", NEEDED)
def test_with_one_rule_taken_away_faults_get_through(clean, rule):
    spoilt = [one for _, one in faults(clean, 3_000, seed=SEED)]
    said = verdicts(spoilt, LIMITS, rules=all_rules() - {rule})
    assert any(one.is_publishable for one in said)


def test_every_sheet_of_jawa_timur_that_sirekap_misread_is_held_for_its_sums():
    path = shared("results/pemilu2024_sirekap_ppwp_mismatch_jatim.csv")
    found = read_mapped(path, shape_of(header_of(path)).template, source=SOURCE).items
    cases = [Case(one.station, (Reading(SOURCE, one.figures),)) for one in found]
    sums = verdicts(cases, LIMITS, rules={"R05", Held.INCOMPLETE})
    assert len(sums) == 1910
    assert not any(one.is_publishable for one in verdicts(cases, LIMITS))
    assert Counter("R05" in one.reasons for one in sums) == {True: 1908, False: 2}
    assert all(Held.INCOMPLETE in one.reasons for one in sums if "R05" not in one.reasons)


def test_a_clean_sheet_that_two_hands_confirm_is_published():
    (said,) = verdicts([case()], LIMITS)
    assert (said.reasons, said.is_publishable, said.copy.source) == ((), True, "ptps")


def test_a_station_without_any_copy_is_held():
    assert reasons(Case("5101011006001", ())) >= {Held.INCOMPLETE}
    assert not verdicts([Case("5101011006001", ())], LIMITS)[0].is_publishable


def test_votes_up_to_the_last_spare_ballot_fit_and_one_more_does_not():
    full = {"votes": (290, 8), "valid": 298, "invalid": 0, "users": 298}
    one_more = {"votes": (290, 9), "valid": 299, "invalid": 0, "users": 299}
    assert reasons(case(station(**full), station(source="kp", **full))) == set()
    assert reasons(case(station(**one_more), station(source="kp", **one_more))) == {Held.OVER_BALLOTS}


def test_the_same_source_twice_confirms_nothing():
    assert reasons(case(station(), station())) == {Held.NOT_CONFIRMED}


def test_witnesses_of_two_parties_do_not_confirm_each_other_but_an_officers_copy_confirms_one():
    first, second = station(source="saksi-01"), station(source="saksi-02")
    assert reasons(case(first, second)) == {Held.NOT_CONFIRMED}
    assert reasons(case(first, second, station(source="sirekap"))) == set()


def test_two_people_who_entered_the_plano_decide_against_a_copy_that_differs():
    plano, other = station(source="plano"), station((191, 41), source="saksi-02")
    assert reasons(case(plano, other)) == {Held.COPIES_DIFFER, Held.NOT_CONFIRMED}
    assert reasons(case(plano, other, settled=frozenset({"plano"}))) == set()
    assert Held.COPIES_DIFFER in reasons(case(station(), other, settled=frozenset({"ptps"})))


def test_after_a_repeated_vote_the_first_copies_count_no_more():
    again = [
        station((200, 30), valid=230, users=235, source=name, outcome=Outcome.REVOTE)
        for name in ("ptps", "kp")
    ]
    (said,) = verdicts([case(station(source="plano"), *again)], LIMITS)
    assert (said.reasons, said.copy) == ((), again[0])


def test_a_correction_entry_lets_a_published_figure_fall():
    before = station((191, 41))
    assert reasons(case(published=before)) == {Held.FALLING}
    assert reasons(case(published=before, is_corrected=True)) == set()


def test_every_reason_has_a_sentence_and_every_rule_of_the_form_is_in_force():
    assert {"R01", "R02", "R03", "R05", "R06", "R08", "R15"} <= set(sheet_rules())
    assert all(Held(reason).label for reason in Held.values)
