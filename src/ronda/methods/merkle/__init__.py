"""The Merkle tree of RFC 6962, its proofs, its tiles and its signed checkpoints.

Takes entries and hashes, gives roots, proofs and file contents. Never reads a file, a key store or a clock.
Method note: docs/methods/merkle.md.
"""

from ronda.methods.merkle.batch import batch_paths
from ronda.methods.merkle.frontier import Frontier
from ronda.methods.merkle.note import (
    Checkpoint,
    NoteError,
    checkpoint_body,
    checkpoint_parse,
    key_id,
    note_join,
    note_split,
    verifier_key,
)
from ronda.methods.merkle.tiles import (
    TILE_WIDTH,
    TileReader,
    entries_pack,
    entries_unpack,
    tile_path,
    tiles_of,
)
from ronda.methods.merkle.tree import (
    EMPTY_ROOT,
    ProofError,
    consistency_path,
    inclusion_path,
    inclusion_root,
    leaf_hash,
    node_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "EMPTY_ROOT",
    "TILE_WIDTH",
    "Checkpoint",
    "Frontier",
    "NoteError",
    "ProofError",
    "TileReader",
    "batch_paths",
    "checkpoint_body",
    "checkpoint_parse",
    "consistency_path",
    "entries_pack",
    "entries_unpack",
    "inclusion_path",
    "inclusion_root",
    "key_id",
    "leaf_hash",
    "node_hash",
    "note_join",
    "note_split",
    "tile_path",
    "tiles_of",
    "tree_root",
    "verifier_key",
    "verify_consistency",
    "verify_inclusion",
]
