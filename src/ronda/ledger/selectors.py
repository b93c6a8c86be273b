"""What anyone may know of the log: checkpoints, tiles, proofs. Nothing here says what a message holds."""

from collections.abc import Iterable

from django.db.models import Max

from ronda.kernel.keys import node_keys
from ronda.ledger.adapters import receipt_again
from ronda.ledger.domain import Proof, Receipt
from ronda.ledger.models import Checkpoint, Entry, Horizon, Leaf, LeafGroup, Tile
from ronda.methods.merkle import TILE_WIDTH, TileReader, entries_pack, leaf_hash, verifier_key

TILE_KEY = 1 << 48


def checkpoint_latest() -> Checkpoint | None:
    """The newest state of the tree that was signed."""
    return Checkpoint.objects.order_by("-size").first()


def horizon_floor(name: str) -> int:
    """Up to which number a reader of the log has nothing left to do."""
    return Horizon.objects.filter(name=name).values_list("floor", flat=True).first() or 0


def log_key() -> str:
    """The public key of this node's log, as verifiers want it."""
    keys = node_keys()
    return verifier_key(keys.node, keys.public)


def entries_between(start: int, end: int) -> list[bytes]:
    """Entries in the order of the tree, from `start` up to but not including `end`."""
    placed = Entry.objects.filter(position__gte=start, position__lt=end).order_by("position")
    numbers = list(placed.values_list("leaf", flat=True))
    entries = dict(Leaf.objects.filter(n__in=numbers).values_list("n", "entry"))
    return [bytes(entries[n]) for n in numbers]


def tile_hashes(level: int, number: int, width: int) -> bytes:
    """The hashes of a tile; of the last tile of a level also its first `width` ones."""
    stored = Tile.objects.filter(pk=level * TILE_KEY + number).values_list("hashes", flat=True).first()
    if stored is not None:
        return bytes(stored)[: width * 32]
    start = number * TILE_WIDTH
    if level == 0:
        return b"".join(map(leaf_hash, entries_between(start, start + width)))
    below = Tile.objects.filter(level=level - 1, number__gte=start, number__lt=start + width)
    return b"".join(bytes(root) for root in below.order_by("number").values_list("root", flat=True))


def entry_bundle(number: int, width: int) -> bytes:
    """A bundle of entries as tiles serve it."""
    start = number * TILE_WIDTH
    return entries_pack(entries_between(start, start + width))


def tree_reader(size: int) -> TileReader:
    """Roots and proofs of the tree of `size` entries."""
    return TileReader(size, tile_hashes)


def proof_for(leaf: int) -> Proof | None:
    """Proof that a leaf is under the newest checkpoint; None while it is not."""
    checkpoint = checkpoint_latest()
    position = Entry.objects.filter(leaf=leaf).values_list("position", flat=True).first()
    if checkpoint is None or position is None or position >= checkpoint.size:
        return None
    return Proof(position, tuple(tree_reader(checkpoint.size).inclusion(position)), checkpoint.note)


def receipts_for(leaves: Iterable[int]) -> dict[int, Receipt]:
    """The receipts of stored leaves, by leaf number."""
    found = {leaf.n: leaf for leaf in Leaf.objects.filter(n__in=list(leaves))}
    groups = LeafGroup.objects.in_bulk({leaf.group for leaf in found.values()})
    return {n: _receipt(leaf, groups[leaf.group]) for n, leaf in found.items()}


def _receipt(leaf: Leaf, group: LeafGroup) -> Receipt:
    return receipt_again(
        node=group.node,
        at=group.at,
        hashes=bytes(group.hashes),
        signature=bytes(group.signature),
        salt=bytes(leaf.salt),
        place=leaf.place,
    )


def leaf_highest() -> int:
    highest: int | None = Leaf.objects.aggregate(highest=Max("n"))["highest"]
    return highest or 0
