"""Words of a message in a common form: short forms written out, affixes off, words of Java and Bali kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

_WORD = re.compile(r"\d+|[^\W\d_]+(?:-[^\W\d_]+)?")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_TWICE = re.compile(r"([^\W\d_]{3,})2\b")
_VOWELS = "aiueo"
_PARTICLES = ("lah", "kah", "pun", "nya", "ku", "mu")
_ENDINGS = ("kan", "an", "i")
_BEGINNINGS = ("ber", "ter", "per", "di", "ke", "se")
_LEAST = 4  # letters that must be left of a word, so that short words stay whole
_TEXT_MAX = 8000


@dataclass(frozen=True)
class Vocabulary:
    """Tables that the comparison of words needs; all words in lower case.

    Parameters
    ----------
    written_out : mapping of str to str
        Short forms, slang and words of Java and Bali, each with the Indonesian word it stands for.
    kept : frozenset of str
        Words that look as if they had an affix and have none (`petugas`, `kertas`); also roots that begin with k
        (`kirim`), so that `mengirim` finds them.
    passed : frozenset of str
        Words that say nothing about an event (`yang`, `di`).

    Examples
    --------
    >>> Vocabulary({"duit": "uang"}).written_out["duit"]
    'uang'
    """

    written_out: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()


def normalise(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The words of a text in their common form, in order.

    Parameters
    ----------
    text : str
        As it was written, any script; only the first 8,000 characters count.
    vocabulary : Vocabulary
        Short forms, words to keep, words to pass.

    Returns
    -------
    tuple of str
        Roots in lower case without stop words; numbers stay numbers.

    Notes
    -----
    The rules for affixes are light: two words with one root usually meet, a wrong cut does no harm as long as the same
    word is always cut the same way. No dictionary decides what is Indonesian, so nothing is lost that is not.

    References
    ----------
    Method note: docs/methods/similarity.md.

    Examples
    --------
    >>> normalise("Ada yg bagi2 amplop!!", Vocabulary({"yg": "yang"}, passed=frozenset({"yang", "ada"})))
    ('bagi', 'amplop')
    >>> normalise("membagikan, dibagikan, pembagian", Vocabulary())
    ('bagi', 'bagi', 'bagi')
    >>> normalise("Wonten tiyang ngedum jinah", Vocabulary())
    ('wonten', 'tiyang', 'ngedum', 'jinah')
    """
    plain = unicodedata.normalize("NFKC", text[:_TEXT_MAX]).casefold()
    plain = _TWICE.sub(r"\1", _DRAWN_OUT.sub(r"\1", plain))
    found = (_common(word, vocabulary) for word in _WORD.findall(plain))
    return tuple(word for words in found for word in words.split() if word not in vocabulary.passed)


def _common(word: str, vocabulary: Vocabulary) -> str:
    table = vocabulary.written_out
    if "-" in word:
        first, second = word.split("-", 1)
        is_doubled = second.startswith(first) or first.endswith(second)
        parts = (first,) if is_doubled else (first, second)
        return " ".join(_common(part, vocabulary) for part in parts)
    if word in table:
        return table[word]
    root = _root(word, vocabulary.kept)
    return table.get(root, root)


def _root(word: str, kept: frozenset[str]) -> str:
    """The word without particles, beginning and ending, as long as enough is left."""
    if word in kept or len(word) <= _LEAST or not word.isalpha():
        return word
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= _LEAST:
            word = word[: -len(particle)]
            break
    if word in kept:
        return word
    return _without_ending(_without_beginning(word, kept), kept)


def _without_ending(word: str, kept: frozenset[str]) -> str:
    for ending in _ENDINGS:
        if word not in kept and word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word[: -len(ending)]
    return word


def _without_beginning(word: str, kept: frozenset[str]) -> str:
    if word[:2] in ("me", "pe"):
        return _without_nasal(word, kept)
    for beginning in _BEGINNINGS:
        rest = word[len(beginning) :]
        if word.startswith(beginning) and len(rest) >= _LEAST:
            return _without_nasal(rest, kept) if rest.startswith("pem") else rest
    return word


def _without_nasal(word: str, kept: frozenset[str]) -> str:
    """`me` and `pe` with the sound that joins them: the letter they swallowed is put back."""
    for nasal, swallowed in (("ny", "s"), ("ng", ""), ("m", "p"), ("n", "t"), ("", "")):
        if not word[2:].startswith(nasal):
            continue
        rest = word[2 + len(nasal) :]
        if len(rest) < _LEAST - 1:
            return word
        if not nasal:
            return _plain(word, rest)
        if rest[0] not in _VOWELS:
            return rest
        return _with_k(rest, kept) if nasal == "ng" else swallowed + rest
    return word


def _with_k(rest: str, kept: frozenset[str]) -> str:
    swallowed = {f"k{rest}", f"k{_without_ending(rest, kept)}"}
    return f"k{rest}" if swallowed & kept else rest


def _plain(word: str, rest: str) -> str:
    """`me` and `pe` without a joining sound stand before l, m, n, r, w and y only; else they belong to the word."""
    return rest if rest[0] in "lmnrwy" and len(rest) >= _LEAST else word


def features(words: tuple[str, ...]) -> frozenset[str]:
    """What is compared of a text: its words, and each pair of neighbours.

    Parameters
    ----------
    words : tuple of str
        From `normalise`.

    Returns
    -------
    frozenset of str
        Empty for an empty text.

    Examples
    --------
    >>> sorted(features(("bagi", "amplop", "warung")))
    ['amplop', 'amplop warung', 'bagi', 'bagi amplop', 'warung']
    """
    return frozenset(words) | frozenset(map(" ".join, pairwise(words)))
