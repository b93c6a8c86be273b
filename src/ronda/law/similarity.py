"""Tables and weights with which reports are compared; set by us, dated and versioned, never law."""

from datetime import date
from functools import cache

from ronda.law.loader import LAW_ROOT, load_file
from ronda.law.rules import Struct, need_unique, refuse


class SimilarityWeights(Struct, frozen=True, kw_only=True):
    """The numbers of the pair score; docs/methods/similarity.md says what each does."""

    text: float
    place: float
    time: float
    kind: float
    photo: float
    text_full: float
    village: float
    other_place: float
    stated_within_h: float
    received_within_h: float
    unknown: float
    photo_bits: int
    propose_from: float


class Crowd(Struct, frozen=True, kw_only=True):
    """From how many reports on a group takes only those that share so much of the text (part of the ground, 0 to 1)."""

    begins_at: int
    text: float


class SimilarityRules(Struct, frozen=True, kw_only=True):
    """The file `similarity.yaml`."""

    version: int
    reviewed: date | None
    weights: SimilarityWeights
    crowd: Crowd
    written_out: dict[str, str]
    kept: tuple[str, ...]
    passed: tuple[str, ...]

    def __post_init__(self) -> None:
        for word in (*self.written_out, *self.kept, *self.passed):
            if word != word.casefold() or not word.isalnum():
                raise refuse("a word in lower case", repr(word))
        need_unique("version", [str(self.version)])


@cache
def similarity_rules() -> SimilarityRules:
    """The tables and weights in force."""
    return load_file(LAW_ROOT / "similarity.yaml", SimilarityRules)
