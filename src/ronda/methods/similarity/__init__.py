"""How alike two reports are, and which of a million are worth comparing: words, sketches, a score of a pair.

Takes texts, places, instants, kinds and photo hashes, with the tables and weights as arguments. Gives a score from 0
(nothing in common) to 1 (the same event, told the same way) with the part of each ground, which a person can check.
Never takes an author, an agency or a party: there is no field for them. Method note: docs/methods/similarity.md.
"""

from ronda.methods.similarity.pairs import Account, PairScore, Weights, pair_score
from ronda.methods.similarity.sketches import (
    BANDS,
    HASHES,
    ROWS,
    Sketch,
    band_keys,
    estimated_jaccard,
    sketch,
)
from ronda.methods.similarity.words import Vocabulary, features, normalise

__all__ = [
    "BANDS",
    "HASHES",
    "ROWS",
    "Account",
    "PairScore",
    "Sketch",
    "Vocabulary",
    "Weights",
    "band_keys",
    "estimated_jaccard",
    "features",
    "normalise",
    "pair_score",
    "sketch",
]
