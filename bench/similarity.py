"""Reports compared: precision and recall of the proposed pairs on generated reports, by how they were made.

The reports come from `ronda.reports.tests.generated`; seeds 1 to 10 were used to set the weights, the measured ones are
others. A pair counts as found when its two reports meet (one band, or one village within the hours) and score enough.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from itertools import combinations

from _report import Figure, arguments, report

from ronda.kernel.areas import station_code
from ronda.methods.similarity import (
    Account,
    Sketch,
    Vocabulary,
    Weights,
    band_keys,
    features,
    normalise,
    pair_score,
    sketch,
)
from ronda.reports.tests.generated import Told, labelled


def main() -> int:
    options = arguments(__doc__ or "")
    seeds = range(101, 103) if options.quick else range(101, 111)
    found: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    seen = 0
    for seed in seeds:
        seen += measured(seed, found, missed, wrong)
    hits, false = found.total(), wrong.total()
    figures = [
        Figure("reports", "reports compared", float(seen), ""),
        Figure("pairs_same", "pairs about one event", float(hits + missed.total()), ""),
        Figure("precision", "proposed pairs that are one event", 100 * hits / (hits + false), "%"),
        Figure("recall", "pairs of one event that are proposed", 100 * hits / (hits + missed.total()), "%"),
    ]
    for how in sorted(found | missed):
        share = 100 * found[how] / (found[how] + missed[how])
        figures.append(Figure(f"recall_{how.replace(' ', '_')}", f"recall, {how}", share, "%"))
    for how in sorted(wrong):
        figures.append(Figure(f"wrong_{how.replace(' ', '_')}", f"wrong pairs, {how}", float(wrong[how]), ""))
    return report("Similarity of reports", figures, options.json)


def measured(seed: int, found: Counter[str], missed: Counter[str], wrong: Counter[str]) -> int:
    told = labelled(seed, 150)
    words, weights = rules()
    made = [sketch(features(normalise(one.text, words))) for one in told]
    accounts = [account(one, of) for one, of in zip(told, made, strict=True)]
    proposed = {
        (a, b)
        for a, b in meeting(accounts, made, weights.received_within_h)
        if pair_score(accounts[a], accounts[b], weights).value >= weights.propose_from
    }
    same = {(a, b) for a, b in combinations(range(len(told)), 2) if told[a].event == told[b].event}
    for a, b in same:
        (found if (a, b) in proposed else missed)[_how(told[a], told[b])] += 1
    for a, b in proposed - same:
        wrong[_how(told[a], told[b])] += 1
    return len(told)


def _how(one: Told, other: Told) -> str:
    """How a pair differs: by what was changed, else by the harder of the two."""
    pair = (one.how, other.how)
    for how in ("same words, another place", "same words, another time"):
        if how in pair:
            return how
    if one.said == other.said:
        return "small changes"
    return "mixture" if "mixture" in pair else "other words"


def rules() -> tuple[Vocabulary, Weights]:
    import msgspec

    from ronda.law.similarity import similarity_rules

    law = similarity_rules()
    words = Vocabulary(law.written_out, frozenset(law.kept), frozenset(law.passed))
    return words, Weights(**msgspec.structs.asdict(law.weights))


def account(told: Told, made: Sketch) -> Account:
    station = station_code(told.village, told.station) if told.station else ""
    at = told.happened_at or told.at
    return Account(
        made.to_bytes(), made.size, told.village, station, at, told.happened_at is not None, told.kind
    )


def meeting(accounts: list[Account], made: list[Sketch], within_h: float) -> set[tuple[int, int]]:
    """Pairs that a lookup finds: a common key, or one village within some hours."""
    places: dict[object, list[int]] = defaultdict(list)
    keys = [set(band_keys(one)) for one in made]
    for number, one in enumerate(accounts):
        for key in (*keys[number], one.place):
            places[key].append(number)
    pairs = {pair for numbers in places.values() for pair in combinations(numbers, 2)}
    near = within_h * 3600
    return {
        (a, b)
        for a, b in pairs
        if keys[a] & keys[b] or abs((accounts[a].at - accounts[b].at).total_seconds()) <= near
    }


if __name__ == "__main__":
    sys.exit(main())
