"""The index of every village with a thousand runs of its uncertainty, beside the same in plain NumPy.

83,771 villages, 61 indicators in 4 dimensions as IKP 2024 has them, 3 of 100 values missing. The peer makes the same
runs one after the other with whole-table operations: weighted means, ranks, quantiles. `--quick`: 50 runs of both.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
from _report import Figure, arguments, report
from numpy.typing import NDArray

from ronda.methods.index import (
    Choices,
    Scale,
    Structure,
    choice_sensitivity,
    contributions,
    draw_runs,
    equal_weights,
    normalised,
    scored,
    spread_cutoffs,
    uncertainty,
)

VILLAGES, RUNS, SEED, MISSING_SHARE = 83_771, 1_000, 20221216, 0.03
SUBS = {"sosial politik": (16, 3), "penyelenggaraan": (24, 5), "kontestasi": (15, 2), "partisipasi": (6, 2)}
Floats = NDArray[np.floating]
T = TypeVar("T")


def villages() -> tuple[Floats, Scale, Structure]:
    rng = np.random.default_rng(SEED)
    paths = [(name, f"{name} {n % subs}") for name, (count, subs) in SUBS.items() for n in range(count)]
    raw = rng.gamma(1.0, 2.0, (VILLAGES, len(paths)))
    raw[rng.random(raw.shape) < MISSING_SHARE] = np.nan
    scale = Scale(np.zeros(len(paths)), np.full(len(paths), 20.0), np.ones(len(paths), dtype=bool))
    return raw, scale, equal_weights(paths)


def plain(raw: Floats, scale: Scale, structure: Structure, n_runs: int) -> Floats:
    """The same runs as anybody would write them: table by table; the 5th, 50th and 95th of 100 of each rank."""
    choices, rng = Choices(), np.random.default_rng(SEED)
    runs = draw_runs(structure, choices, n_runs, rng)
    tables = [normalised(raw, scale, how) for how in choices.normalisations]
    ranks = np.empty((n_runs, len(raw)), dtype=np.int32)
    for at in range(n_runs):
        one = Structure(structure.dimension_of, runs.weights[at], runs.dimension_weights[at])
        values = tables[runs.normalisation[at]] + rng.normal(0, choices.error_points, raw.shape)
        way = choices.aggregations[runs.aggregation[at]]
        index = scored(values, one, aggregation=way, least_known_share=0).index
        ranks[at, np.argsort(-index)] = np.arange(1, len(raw) + 1)
    return np.asarray(np.quantile(ranks, (0.05, 0.5, 0.95), axis=0))


def main() -> int:
    given = arguments(__doc__ or "")
    n_runs = 50 if given.quick else RUNS
    raw, scale, structure = villages()
    made, made_s = timed(
        partial(uncertainty, raw, scale, structure, cutoffs=spread_cutoffs, n_runs=n_runs, seed=SEED)
    )
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    _peer, peer_s = timed(partial(plain, raw, scale, structure, n_runs))
    values = normalised(raw, scale)
    _parts, parts_s = timed(partial(contributions, values, structure))
    _shares, sobol_s = timed(partial(choice_sensitivity, raw[:514], scale, structure, n=256))
    wide = int(np.median(made.rank[:, 2] - made.rank[:, 0]))
    print(f"the place of half of the villages is known to within {wide:,} of {VILLAGES:,}")
    figures = [
        Figure(
            "uncertainty_s", f"{VILLAGES:,} x {raw.shape[1]} x {n_runs:,} runs", made_s, "s", 10.0, peer_s
        ),
        Figure("peak_gb", "peak memory", peak_gb, "GB", 2.0),
        Figure("contributions_s", "parts of every village's index", parts_s, "s"),
        Figure("sobol_s", "Sobol shares of 514 regencies", sobol_s, "s"),
    ]
    return report("Index", figures, given.json)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
