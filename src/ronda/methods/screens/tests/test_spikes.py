"""Spikes of the leader's share: how often a clean area stands out, what is found, and what is refused."""

import numpy as np
import pytest
from tests.shared_data import shared

from ronda.methods.screens import Turnout, fit_mixture, share_spikes
from ronda.methods.screens.spikes import _Clean

STATIONS, PER_VILLAGE, RUNS = 2_000, 8, 200
CANADA, MONTE_CARLO = 0.0389, 0.015  # percent; standard deviation over seeds, docs/methods/screens.md


def _area(rng, stations=STATIONS):
    """A made-up area of villages, which no mixture of beta-binomials fits exactly."""
    village = np.repeat(np.arange(stations // PER_VILLAGE), PER_VILLAGE)
    mean = np.clip(0.55 + rng.normal(0, 0.1, village.max() + 1), 0.05, 0.95)[village]
    size = mean * (1 - mean) / 0.06**2 - 1
    registered = rng.integers(150, 300, village.size)
    valid = rng.binomial(registered, rng.beta(30, 10, village.size))
    leader = rng.binomial(valid, rng.beta(mean * size, (1 - mean) * size))
    return Turnout(registered, valid, valid, leader)


def _rounded(units, stations):
    """The first stations report exactly 3/5 of a number of valid votes that five divides."""
    valid, leader = units.valid.copy(), units.leader.copy()
    valid[:stations] -= valid[:stations] % 5
    leader[:stations] = valid[:stations] * 3 // 5
    return units._replace(valid=valid, leader=leader)


def test_canada_2011_as_the_package_within_the_monte_carlo_error():
    rows = np.loadtxt(
        shared("forensics/canada2011_conservative_polls.csv.gz"), np.int64, delimiter=",", skiprows=1
    )
    voters, came, leader = rows.T
    found = share_spikes(Turnout(voters, came, came, leader), seed=1)
    assert found.units == 66_111
    assert abs(found.percent - CANADA) < 3 * MONTE_CARLO
    assert not found.stands_out


def test_a_clean_area_hardly_ever_stands_out():
    # One in a hundred by construction; of 20 areas two or more would come in 1.7 % of all series of seeds.
    found = [share_spikes(_area(np.random.default_rng(n), 600), seed=n, runs=RUNS) for n in range(20)]
    assert sum(one.stands_out for one in found) <= 1


def test_stations_rounded_to_three_fifths_are_found_with_a_growing_effect():
    clean = _area(np.random.default_rng(5))
    effects = []
    for stations in (40, 80, 160):
        found = share_spikes(_rounded(clean, stations), seed=5, runs=RUNS)
        assert found.stands_out
        assert found.excess.max() == found.excess[found.share == 0.6].item()
        effects.append(found.excess.max())
    assert effects == sorted(effects)
    # What the smooth fit takes for itself, and chance, are the rest.
    assert np.allclose(effects, (40, 80, 160), atol=20)


def test_the_same_seed_gives_the_same_result_in_any_order_of_stations():
    units = _rounded(_area(np.random.default_rng(3), 600), 20)
    order = np.random.default_rng(4).permutation(units.valid.size)
    one, other = (
        share_spikes(at, seed=3, runs=RUNS) for at in (units, Turnout(*(column[order] for column in units)))
    )
    assert one.p_value == other.p_value
    assert np.array_equal(one.share, other.share)


def test_expected_units_are_those_of_elections_drawn_station_by_station():
    units = _area(np.random.default_rng(8))
    turnout, share = fit_mixture(units.valid, units.registered), fit_mixture(units.leader, units.valid)
    expected = _Clean.of(units.registered, turnout, share).units.sum(axis=1)
    rng, rounds = np.random.default_rng(9), 100
    valid = _drawn(turnout, np.tile(units.registered, rounds), rng)
    votes = _drawn(share, valid, rng)[valid > 0]
    drawn = np.bincount(np.rint(votes / valid[valid > 0] * 1_000).astype(int), minlength=1_001) / rounds
    # Poisson errors of a hundred elections: five standard errors cover a thousand points.
    assert (np.abs(drawn - expected) < 5 * np.sqrt((expected + 0.1) / rounds)).all()


def _drawn(mixture, whole, rng):
    group = rng.choice(mixture.weight.size, whole.size, p=mixture.weight)
    a, b = mixture.mean * mixture.size, (1 - mixture.mean) * mixture.size
    return rng.binomial(whole, rng.beta(a[group], b[group]))


def test_says_nothing_about_few_stations_or_stations_without_votes():
    few = _area(np.random.default_rng(1), 480)
    assert share_spikes(few, seed=1) is None
    nothing = np.zeros(600, np.int64)
    assert share_spikes(Turnout(nothing + 300, nothing, nothing, nothing), seed=1) is None


@pytest.mark.parametrize("votes", [0, 200])
def test_an_area_that_votes_as_one_is_no_error(votes):
    valid = np.full(600, 200)
    found = share_spikes(Turnout(valid + 50, valid, valid, np.full(600, votes)), seed=1, runs=100)
    assert found.units == 600
    assert np.isfinite(found.p_value)


def test_impossible_counts_and_too_few_runs_are_refused_in_one_sentence():
    units = _area(np.random.default_rng(1), 600)
    with pytest.raises(ValueError, match="wanted 0 <= leader <= valid"):
        share_spikes(units._replace(leader=units.valid + 1), seed=1)
    with pytest.raises(ValueError, match="wanted at least two redrawn elections; came 1"):
        share_spikes(units, seed=1, runs=1)
    with pytest.raises(ValueError, match="wanted units with 0 <= part <= whole"):
        fit_mixture(np.array([2]), np.array([1]))
