"""RFC 6962 against a second, literal writing of its definitions, and proofs that must not be forgeable."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronda.methods.merkle import (
    EMPTY_ROOT,
    Frontier,
    ProofError,
    batch_paths,
    consistency_path,
    inclusion_path,
    leaf_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

# The eight inputs and the roots are those of the reference tests of Certificate Transparency for RFC 6962;
# each root is also recomputed below by `literal_root`.
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def literal_root(entries: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962, section 2.1, word by word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\x01" + literal_root(entries[:k]) + literal_root(entries[k:])).digest()


def literal_path(index: int, entries: list[bytes]) -> list[bytes]:
    """Section 2.1.1, word by word."""
    if len(entries) == 1:
        return []
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if index < k:
        return [*literal_path(index, entries[:k]), literal_root(entries[k:])]
    return [*literal_path(index - k, entries[k:]), literal_root(entries[:k])]


def entries_of(size: int) -> list[bytes]:
    return [n.to_bytes(4, "big") for n in range(size)]


def hashes_of(size: int) -> list[bytes]:
    return [leaf_hash(entry) for entry in entries_of(size)]


def test_roots_of_the_known_vectors():
    hashes = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
    for size, root in enumerate(ROOTS, start=1):
        assert tree_root(hashes[:size]).hex() == root
        assert literal_root([bytes.fromhex(text) for text in INPUTS[:size]]).hex() == root
    assert tree_root([]) == EMPTY_ROOT == literal_root([])


@pytest.mark.parametrize("size", [*range(1, 40), 255, 256, 257])
def test_root_and_paths_follow_the_definition(size):
    entries, hashes = entries_of(size), hashes_of(size)
    root, paths = batch_paths(hashes)
    assert root == tree_root(hashes) == literal_root(entries) == Frontier().extended(hashes).root
    for index in range(size):
        path = inclusion_path(hashes, index)
        assert path == paths[index] == literal_path(index, entries)
        assert len(path) <= (size - 1).bit_length()
        verify_inclusion(hashes[index], index, size, path, root)


def test_every_pair_of_sizes_is_consistent():
    hashes = hashes_of(40)
    roots = [tree_root(hashes[:size]) for size in range(41)]
    for new in range(41):
        for old in range(new + 1):
            verify_consistency(old, roots[old], new, roots[new], consistency_path(hashes[:new], old))


@given(size=st.integers(1, 300), data=st.data())
@settings(max_examples=150, deadline=None)
def test_an_inclusion_proof_fits_one_leaf_at_one_place_only(size, data):
    hashes = hashes_of(size)
    root = tree_root(hashes)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(hashes, index)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else None
    wrong = [leaf_hash(b"wrong"), *([hashes[other]] if other is not None else [])]
    for leaf in wrong:
        with pytest.raises(ProofError):
            verify_inclusion(leaf, index, size, path, root)
    if other is not None:
        with pytest.raises(ProofError):
            verify_inclusion(hashes[index], other, size, path, root)
    for broken in (path[:-1], [*path, root], path[1:]) if path else ([root],):
        with pytest.raises(ProofError):
            verify_inclusion(hashes[index], index, size, broken, root)


@given(new=st.integers(2, 200), data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_removed_or_reordered_past_is_inconsistent(new, data):
    hashes = hashes_of(new)
    old = data.draw(st.integers(1, new - 1))
    at = data.draw(st.integers(0, old - 1))
    changed = [*hashes[:at], leaf_hash(b"changed"), *hashes[at + 1 :]]
    removed = [*hashes[:at], *hashes[at + 1 :], leaf_hash(b"filler")]
    reordered = [*hashes]
    reordered[at], reordered[new - 1] = reordered[new - 1], reordered[at]
    for forged in (changed, removed, reordered):
        with pytest.raises(ProofError):
            verify_consistency(
                old, tree_root(hashes[:old]), new, tree_root(forged), consistency_path(forged, old)
            )


@given(new=st.integers(3, 100), data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_consistency_proof_with_one_hash_changed_or_missing_fails(new, data):
    hashes = hashes_of(new)
    old = data.draw(st.integers(1, new - 1))
    path = consistency_path(hashes, old)
    at = data.draw(st.integers(0, len(path) - 1))
    for broken in (
        [*path[:at], leaf_hash(b"x"), *path[at + 1 :]],
        [*path[:at], *path[at + 1 :]],
        [*path, path[at]],
    ):
        with pytest.raises(ProofError):
            verify_consistency(old, tree_root(hashes[:old]), new, tree_root(hashes), broken)


@given(steps=st.lists(st.integers(0, 30), max_size=8))
def test_a_frontier_grown_in_any_steps_has_the_same_root(steps):
    hashes, frontier = hashes_of(sum(steps)), Frontier()
    for step in steps:
        frontier = frontier.extended(hashes[frontier.size : frontier.size + step])
    assert frontier.root == tree_root(hashes)


def test_proofs_stay_short():
    """S10: at most 20 hashes for a million entries."""
    size = 1 << 20
    hashes = [bytes(32)] * size
    assert len(inclusion_path(hashes, 777_777)) == 20


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_refuses_an_impossible_leaf(index, size):
    with pytest.raises(ValueError, match="index"):
        inclusion_path(hashes_of(size), index)
    with pytest.raises(ProofError):
        verify_inclusion(bytes(32), index, size, [], bytes(32))


def test_refuses_impossible_sizes():
    with pytest.raises(ValueError, match="older size"):
        consistency_path(hashes_of(2), 3)
    with pytest.raises(ProofError):
        verify_consistency(3, bytes(32), 2, bytes(32), [])
    with pytest.raises(ProofError):
        verify_consistency(3, bytes(32), 5, bytes(32), [])
    with pytest.raises(ValueError, match="peaks"):
        Frontier(3, (bytes(32),))
