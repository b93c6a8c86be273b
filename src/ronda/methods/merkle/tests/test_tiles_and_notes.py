"""Tiles give the same roots and proofs as the whole tree; notes have one written form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronda.methods.merkle import (
    TILE_WIDTH,
    Checkpoint,
    NoteError,
    ProofError,
    TileReader,
    checkpoint_body,
    checkpoint_parse,
    consistency_path,
    entries_pack,
    entries_unpack,
    inclusion_path,
    leaf_hash,
    note_join,
    note_split,
    tile_path,
    tiles_of,
    tree_root,
)

HASHES = [leaf_hash(n.to_bytes(4, "big")) for n in range(70_000)]


def tiles_for(hashes: list[bytes]) -> dict[tuple[int, int, int], bytes]:
    levels = [hashes]
    while len(levels[-1]) >= TILE_WIDTH:
        below = levels[-1]
        levels.append(
            [tree_root(below[n : n + TILE_WIDTH]) for n in range(0, len(below) - TILE_WIDTH + 1, TILE_WIDTH)]
        )
    return {
        (level, number, width): b"".join(levels[level][number * TILE_WIDTH : number * TILE_WIDTH + width])
        for level, number, width in tiles_of(0, len(hashes))
    }


def reader_for(size: int) -> TileReader:
    tiles = tiles_for(HASHES[:size])
    return TileReader(size, lambda level, number, width: tiles[level, number, width])


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537, 70_000])
def test_tiles_give_the_roots_and_proofs_of_the_whole_tree(size):
    reader, hashes = reader_for(size), HASHES[:size]
    assert reader.root() == tree_root(hashes)
    for index in {0, 1, size // 2, size - 1} & set(range(size)):
        assert reader.inclusion(index) == inclusion_path(hashes, index)
    for old in {0, 1, 2, 255, 256, 300, 65_536, size // 3, size - 1, size} & set(range(size + 1)):
        assert reader.consistency(old) == consistency_path(hashes, old)


@given(size=st.integers(1, 900), data=st.data())
@settings(max_examples=60, deadline=None)
def test_tiles_agree_for_any_leaf_and_older_size(size, data):
    reader = reader_for(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    assert reader.inclusion(index) == inclusion_path(HASHES[:size], index)
    assert reader.consistency(old) == consistency_path(HASHES[:size], old)


@given(old=st.integers(0, 1500), more=st.integers(0, 800))
def test_new_tiles_are_those_the_older_tree_lacked(old, more):
    before, after = set(tiles_of(0, old)), set(tiles_of(0, old + more))
    assert set(tiles_of(old, old + more)) == after - before


def test_a_tile_of_wrong_length_is_refused():
    with pytest.raises(ProofError, match=r"tile/0/000\.p/5 must have 160 bytes, it has 128"):
        TileReader(5, lambda *_: bytes(128)).root()


def test_refuses_leaves_and_sizes_that_do_not_exist():
    with pytest.raises(ValueError, match="leaf index"):
        reader_for(3).inclusion(3)
    with pytest.raises(ValueError, match="older size"):
        reader_for(3).consistency(4)
    for wrong in ((0, -1, 256), (8, 0, 256), (0, 0, 0), (0, 0, 257)):
        with pytest.raises(ValueError, match="no tile"):
            tile_path(*wrong)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_entries_come_back_as_packed(entries):
    assert entries_unpack(entries_pack(entries)) == entries


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x02a", b"\x00\x00" * 257])
def test_a_broken_bundle_is_refused(bundle):
    with pytest.raises(ValueError, match="bundle"):
        entries_unpack(bundle)


@given(size=st.integers(0, 10**12), root=st.binary(min_size=32, max_size=32))
def test_a_checkpoint_comes_back_as_written(size, root):
    checkpoint = Checkpoint("ronda/51.01", size, root)
    body, signatures = note_split(note_join(checkpoint_body(checkpoint), "ronda/51.01", bytes(32), bytes(64)))
    assert checkpoint_parse(body) == checkpoint
    assert signatures[0][0] == "ronda/51.01"


@pytest.mark.parametrize("field", ["ronda/a\n01\n", "ronda/a\n-1\n", "ronda/a\n١\n", "ronda/a\n1\n\n"])
def test_a_checkpoint_has_one_written_form(field):
    with pytest.raises(NoteError):
        checkpoint_parse(field + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")


def test_base64_with_loose_last_bits_is_refused():
    body = "ronda/a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n"
    with pytest.raises(NoteError, match="one form"):
        checkpoint_parse(body)


@pytest.mark.parametrize(
    "note", ["", "a\n", "a\n\n", "a\n\n— x", "a\n\n- x AAAA\n", "a\n\n— x AAAA\n", "a\n\n— x *\n"]
)
def test_a_broken_note_is_refused(note):
    with pytest.raises(NoteError):
        note_split(note)
