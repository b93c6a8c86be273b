"""Putting leaves in order, signing checkpoints, writing the log out. Each step is one transaction."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.models import Exists, OuterRef

from ronda.kernel.keys import NodeKeys
from ronda.ledger import selectors
from ronda.ledger.adapters import (
    checkpoint_signed,
    frontier_of,
    group_sealed,
    receipt_again,
    tile_root,
)
from ronda.ledger.domain import MARK_AGE
from ronda.ledger.models import Checkpoint, Entry, Horizon, Leaf, Tile
from ronda.methods.merkle import TILE_WIDTH, Frontier, leaf_hash, tile_path, tiles_of

__all__ = [
    "group_sealed",
    "horizon_advance",
    "horizon_hold",
    "leaves_sequence",
    "log_export",
    "receipt_again",
]

STEP = 20_000


def horizon_hold(name: str) -> Horizon | None:
    """This reader's horizon, locked until the transaction ends; None when another worker holds it."""
    Horizon.objects.bulk_create([Horizon(name=name)], ignore_conflicts=True)
    return Horizon.objects.select_for_update(skip_locked=True).filter(name=name).first()


def horizon_advance(horizon: Horizon, *, highest: int, open_below: Callable[[int], bool]) -> None:
    """Move the floor up to a mark that has grown old, once nothing below it is left to do.

    Numbers are given before their transaction commits, so a lower number can appear after a higher one. Below a
    mark nothing new can appear once every transaction that had an id then has ended; its age covers those that had
    drawn a number but no id yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint"
            " FROM pg_current_snapshot() AS now"
        )
        at, oldest_running, next_id = cursor.fetchone()
    if horizon.marked_at is not None:
        if at - horizon.marked_at < MARK_AGE or oldest_running < horizon.mark_xid:
            return
        if not open_below(horizon.mark):
            horizon.floor = max(horizon.floor, horizon.mark)
    horizon.mark, horizon.marked_at, horizon.mark_xid = highest, at, next_id
    horizon.save(update_fields=["floor", "mark", "marked_at", "mark_xid"])


def leaves_sequence(*, keys: NodeKeys, at: datetime, step: int = STEP) -> int:
    """Give every leaf that has none its place in the tree and sign the new state; returns how many were placed.

    Takes what is not yet placed, never `n > last`: a lower number may commit after a higher one was placed.
    """
    horizon = horizon_hold("sequencer")
    if horizon is None:
        return 0
    placed = Entry.objects.filter(leaf=OuterRef("n"), leaf__gt=horizon.floor)
    waiting = Leaf.objects.filter(n__gt=horizon.floor).filter(~Exists(placed)).order_by("n")
    leaves = [(n, bytes(entry)) for n, entry in waiting.values_list("n", "entry")[:step]]
    if leaves:
        last = selectors.checkpoint_latest()
        frontier = frontier_of(last.size, bytes(last.peaks)) if last else Frontier()
        _place(frontier, leaves, keys, at)
    horizon_advance(
        horizon,
        highest=selectors.leaf_highest(),
        open_below=lambda mark: waiting.filter(n__lte=mark).exists(),
    )
    return len(leaves)


def _place(frontier: Frontier, leaves: list[tuple[int, bytes]], keys: NodeKeys, at: datetime) -> None:
    start = frontier.size
    Entry.objects.bulk_create(
        (Entry(position=start + index, leaf=n) for index, (n, _) in enumerate(leaves)), batch_size=5_000
    )
    hashes = [leaf_hash(entry) for _, entry in leaves]
    grown = frontier.extended(hashes)
    _tiles_complete(start, grown.size, hashes)
    Checkpoint.objects.create(
        size=grown.size,
        root=grown.root,
        peaks=b"".join(grown.peaks),
        note=checkpoint_signed(grown, node=keys.node, signing=keys.signing),
        at=at,
    )


def _tiles_complete(start: int, size: int, new: list[bytes]) -> None:
    """Store the tiles that became full, level by level; the roots of one level are the hashes of the next."""
    level = 0
    while size // TILE_WIDTH > start // TILE_WIDTH:
        begun = start // TILE_WIDTH * TILE_WIDTH
        old = selectors.tile_hashes(level, start // TILE_WIDTH, start - begun) if start > begun else b""
        hashes = old + b"".join(new)
        tiles = []
        for number in range(start // TILE_WIDTH, size // TILE_WIDTH):
            at = (number * TILE_WIDTH - begun) * 32
            full = hashes[at : at + TILE_WIDTH * 32]
            key = level * selectors.TILE_KEY + number
            tiles.append(Tile(id=key, level=level, number=number, hashes=full, root=tile_root(full)))
        Tile.objects.bulk_create(tiles, batch_size=500)
        new = [bytes(tile.root) for tile in tiles]
        start, size, level = start // TILE_WIDTH, size // TILE_WIDTH, level + 1


def log_export(folder: Path, *, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write the log as files that anyone can check with `ronda verify`; returns the number of entries."""
    checkpoint = selectors.checkpoint_latest()
    if checkpoint is None:
        raise ValueError("the log has no checkpoint yet: the worker has not put anything in order")
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"the folder must be empty: {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    size: int = checkpoint.size
    bundles = (size + TILE_WIDTH - 1) // TILE_WIDTH
    tiles = list(tiles_of(0, size))
    for number in range(bundles):
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        _write(folder / tile_path(None, number, width), selectors.entry_bundle(number, width))
        progress(number + 1, bundles + len(tiles))
    for done, (level, number, width) in enumerate(tiles, start=bundles + 1):
        _write(folder / tile_path(level, number, width), selectors.tile_hashes(level, number, width))
        progress(done, bundles + len(tiles))
    _write(folder / "checkpoint", checkpoint.note.encode())
    _write(folder / "log.vkey", (selectors.log_key() + "\n").encode())
    return size


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
