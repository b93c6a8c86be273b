"""Words, sketches and pairs: what must meet, what must not, and what never counts."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from ronda.methods.similarity import (
    HASHES,
    Account,
    Vocabulary,
    Weights,
    band_keys,
    estimated_jaccard,
    features,
    normalise,
    pair_score,
    sketch,
)

WORDS = Vocabulary(
    {"yg": "yang", "duit": "uang", "dhuwit": "uang", "wong": "orang"},
    kept=frozenset({"petugas", "kirim", "kertas"}),
    passed=frozenset({"yang", "di", "ada"}),
)
WEIGHTS = Weights(0.4, 0.2, 0.2, 0.2, 0.35, 0.3, 0.6, 0.4, 2, 4, 0.5, 6, 0.48)
NOON = datetime(2024, 11, 27, 5, tzinfo=UTC)


def account(text: str, **changes: object) -> Account:
    made = sketch(features(normalise(text, WORDS)))
    told = Account(made.to_bytes(), made.size, "51.01.02.2003", "", NOON, True, "money_politics")
    return replace(told, **changes)


BAGI = account("Ada orang membagikan amplop di warung Bu Tutik")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("membagikan", "dibagikan"),
        ("memukul", "pemukulan"),
        ("menyebarkan", "disebar"),
        ("mengirim", "pengiriman"),
        ("mengancam", "diancam"),
        ("bagi-bagi", "bagi2"),
        ("duitnya", "dhuwit"),
        ("lamaaaa", "lama"),
    ],
)
def test_words_with_one_root_meet(one, other):
    assert normalise(one, WORDS) == normalise(other, WORDS)


def test_words_of_java_and_bali_stay_words():
    assert normalise("Wonten tiyang ngedum ring jumah", Vocabulary()) == (
        "wonten",
        "tiyang",
        "ngedum",
        "ring",
        "jumah",
    )


def test_words_that_only_look_as_if_they_had_an_affix_are_kept():
    assert normalise("petugas kertas", WORDS) == ("petugas", "kertas")


@pytest.mark.parametrize("text", ["", "   ", "!!!", "\ud800", "😀", "di", "a" * 100_000])
def test_degenerate_texts_have_a_sketch(text):
    made = sketch(features(normalise(text, WORDS)))
    assert len(made.to_bytes()) == 2 * HASHES
    assert len(band_keys(made)) in (0, 16)


def test_the_estimate_is_near_the_truth():
    rng = np.random.default_rng(7)
    errors = []
    for trial in range(300):
        shared, own = int(rng.integers(0, 30)), int(rng.integers(1, 15))
        one = {f"{trial} w{n}" for n in range(shared)} | {f"{trial} a{n}" for n in range(own)}
        other = {f"{trial} w{n}" for n in range(shared)} | {f"{trial} b{n}" for n in range(own)}
        truth = shared / (shared + 2 * own)
        errors.append(estimated_jaccard(sketch(one).to_bytes(), sketch(other).to_bytes()) - truth)
    # 300 estimates, each with a standard error of at most 1/16: the mean within three of its own
    assert abs(np.mean(errors)) < 3 * 0.0625 / 300**0.5
    assert np.std(errors) < 0.0625


def test_like_texts_share_a_key_and_unlike_ones_seldom_do():
    keys = [set(band_keys(sketch({f"{n}-{word}" for word in range(20)}))) for n in range(200)]
    assert not any(one & other for at, one in enumerate(keys) for other in keys[:at])
    near = set(band_keys(sketch({f"3-{word}" for word in range(1, 21)})))
    assert near & keys[3]


def test_order_is_irrelevant():
    other = account("Warga menerima uang", at=NOON + timedelta(minutes=40))
    assert pair_score(BAGI, other, WEIGHTS) == pair_score(other, BAGI, WEIGHTS)


def test_the_same_words_at_the_same_place_and_time_are_proposed():
    assert pair_score(BAGI, BAGI, WEIGHTS).value >= WEIGHTS.propose_from


@pytest.mark.parametrize(
    "changes",
    [
        {"place": "51.01.02.2004"},
        {"at": NOON + timedelta(hours=20)},
    ],
)
def test_the_same_words_about_another_place_or_time_are_not(changes):
    assert pair_score(BAGI, replace(BAGI, **changes), WEIGHTS).value < WEIGHTS.propose_from


def test_the_same_words_about_two_stations_are_not():
    one, other = replace(BAGI, station="5101022003001"), replace(BAGI, station="5101022003002")
    score = pair_score(one, other, WEIGHTS)
    assert score.is_elsewhere
    assert score.value < WEIGHTS.propose_from


def test_a_wider_area_is_no_contradiction():
    assert not pair_score(BAGI, replace(BAGI, place="51.01"), WEIGHTS).is_elsewhere
    assert not pair_score(BAGI, replace(BAGI, place=""), WEIGHTS).is_elsewhere


def test_more_in_common_never_scores_less():
    other = account("Warga menerima sembako", kind="", is_stated=False)
    plain = pair_score(BAGI, other, WEIGHTS).value
    assert pair_score(BAGI, replace(other, kind="money_politics"), WEIGHTS).value > plain
    photo = 0xFFFF_0000_FFFF_0000
    seen = replace(BAGI, photos=(photo,)), replace(other, photos=(photo ^ 0b101,))
    assert pair_score(*seen, WEIGHTS).value > plain


def test_two_reports_without_words_are_not_told_the_same_way():
    empty = account("")
    assert pair_score(empty, empty, WEIGHTS).text == 0


def test_an_account_has_no_author():
    names = {field.name for field in fields(Account)}
    assert names == {"signature", "size", "place", "station", "at", "is_stated", "kind", "photos"}
