"""The tree as files of at most 256 hashes, so that anyone can serve, cache and check it (C2SP tlog-tiles)."""

from collections.abc import Callable, Iterator, Sequence

from ronda.methods.merkle.tree import ProofError, node_hash, tree_root

TILE_WIDTH = 256
TILE_HEIGHT = 8
HASH_BYTES = 32


def tile_path(level: int | None, number: int, width: int = TILE_WIDTH) -> str:
    """Path of a tile, or of a bundle of entries, below the log's address.

    Parameters
    ----------
    level : int or None
        Tile level, 0 holds leaf hashes; None for entry bundles.
    number : int
        Position of the tile in its level.
    width : int, default=256
        Hashes in it; fewer than 256 gives the partial form.

    Returns
    -------
    path : str
        With the number in groups of three digits.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    C2SP, tlog-tiles. Method note: docs/methods/merkle.md.

    Examples
    --------
    >>> tile_path(0, 1234067)
    'tile/0/x001/x234/067'
    >>> tile_path(None, 7, 12)
    'tile/entries/007.p/12'
    """
    if number < 0 or not 1 <= width <= TILE_WIDTH or (level is not None and not 0 <= level < TILE_HEIGHT):
        raise ValueError(f"no tile has level {level}, number {number} and width {width}")
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03d}")
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{'entries' if level is None else level}/{'/'.join(groups)}{partial}"


def tiles_of(old_size: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Tiles that a tree has and an older state of it did not have.

    Parameters
    ----------
    old_size, size : int
        Numbers of leaves, 0 <= old_size <= size.

    Yields
    ------
    level, number, width : int
        Lowest level first; only the last tile of a level can be partial.

    References
    ----------
    C2SP, tlog-tiles.

    Examples
    --------
    >>> list(tiles_of(0, 257))
    [(0, 0, 256), (0, 1, 1), (1, 0, 1)]
    >>> list(tiles_of(256, 257))
    [(0, 1, 1)]
    """
    level = 0
    while size:
        for number in range(old_size // TILE_WIDTH, (size + TILE_WIDTH - 1) // TILE_WIDTH):
            width = min(TILE_WIDTH, size - number * TILE_WIDTH)
            if old_size < number * TILE_WIDTH + width:
                yield level, number, width
        old_size, size, level = old_size // TILE_WIDTH, size // TILE_WIDTH, level + 1


def entries_pack(entries: Sequence[bytes]) -> bytes:
    """Bundle of entries, each after its length in two bytes.

    Parameters
    ----------
    entries : sequence of bytes
        At most 256, each at most 65,535 bytes.

    Returns
    -------
    bundle : bytes

    Raises
    ------
    ValueError
        If there are too many, or one is too long.

    References
    ----------
    C2SP, tlog-tiles.

    Examples
    --------
    >>> entries_pack([b"ab", b""])
    b'\\x00\\x02ab\\x00\\x00'
    """
    if len(entries) > TILE_WIDTH or any(len(entry) > 0xFFFF for entry in entries):
        raise ValueError(f"a bundle holds at most {TILE_WIDTH} entries of at most 65535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def entries_unpack(bundle: bytes) -> list[bytes]:
    """Entries of a bundle.

    Parameters
    ----------
    bundle : bytes
        As `entries_pack` gives it.

    Returns
    -------
    entries : list of bytes

    Raises
    ------
    ValueError
        If the bundle ends inside an entry or holds too many.

    References
    ----------
    C2SP, tlog-tiles.

    Examples
    --------
    >>> entries_unpack(entries_pack([b"ab", b""]))
    [b'ab', b'']
    """
    entries, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise ValueError(
                f"the bundle of {len(bundle)} bytes ends inside the entry that starts at byte {at}"
            )
        entries.append(bundle[at + 2 : end])
        at = end
    if len(entries) > TILE_WIDTH:
        raise ValueError(f"a bundle holds at most {TILE_WIDTH} entries, it has {len(entries)}")
    return entries


class TileReader:
    """Roots and proofs from tiles, reading only the tiles that a proof touches.

    Parameters
    ----------
    size : int
        Number of leaves of the tree.
    read : callable
        ``read(level, number, width)`` gives the bytes of a tile, `width` hashes of 32 bytes.

    Raises
    ------
    ProofError
        If a tile has another length than its width wants.

    Notes
    -----
    What comes back is as good as the tiles: the caller compares the root with a signed checkpoint.

    References
    ----------
    C2SP, tlog-tiles; RFC 6962, section 2.1. Method note: docs/methods/merkle.md.

    Examples
    --------
    >>> from ronda.methods.merkle import inclusion_path, leaf_hash, tree_root
    >>> hashes = [leaf_hash(n.to_bytes(2, "big")) for n in range(300)]
    >>> tiles = {0: hashes, 1: [tree_root(hashes[:256])]}
    >>> reader = TileReader(300, lambda level, n, width: b"".join(tiles[level][n * 256:n * 256 + width]))
    >>> reader.root() == tree_root(hashes), reader.inclusion(299) == inclusion_path(hashes, 299)
    (True, True)
    """

    def __init__(self, size: int, read: Callable[[int, int, int], bytes]) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], bytes] = {}

    def root(self) -> bytes:
        """Root of the tree."""
        return self._range(0, self.size) if self.size else tree_root([])

    def inclusion(self, index: int) -> list[bytes]:
        """Audit path of a leaf, lowest hash first."""
        if not 0 <= index < self.size:
            raise ValueError(f"the leaf index must be from 0 to {self.size - 1}, it is {index}")
        path: list[bytes] = []
        start, end = 0, self.size
        while end - start > 1:
            cut = start + (1 << (end - start - 1).bit_length() - 1)
            if index < cut:
                path.append(self._range(cut, end))
                end = cut
            else:
                path.append(self._range(start, cut))
                start = cut
        path.reverse()
        return path

    def consistency(self, old_size: int) -> list[bytes]:
        """Proof that the first `old_size` leaves are the beginning of this tree."""
        if not 0 <= old_size <= self.size:
            raise ValueError(f"the older size must be from 0 to {self.size}, it is {old_size}")
        if old_size in (0, self.size):
            return []
        path: list[bytes] = []
        start, end = 0, self.size
        while old_size < end:
            cut = start + (1 << (end - start - 1).bit_length() - 1)
            if old_size <= cut:
                path.append(self._range(cut, end))
                end = cut
            else:
                path.append(self._range(start, cut))
                start = cut
        if start:
            path.append(self._range(start, end))
        path.reverse()
        return path

    def _range(self, start: int, end: int) -> bytes:
        """Root over the leaves from `start` to `end`, which is a node of the tree."""
        width = end - start
        if width & (width - 1) == 0:
            return self._complete(width.bit_length() - 1, start)
        cut = start + (1 << (width - 1).bit_length() - 1)
        return node_hash(self._range(start, cut), self._range(cut, end))

    def _complete(self, height: int, start: int) -> bytes:
        level, inner = divmod(height, TILE_HEIGHT)
        first = start >> level * TILE_HEIGHT
        tile = self._tile(level, first // TILE_WIDTH)
        at = first % TILE_WIDTH * HASH_BYTES
        hashes = [tile[at + n * HASH_BYTES : at + (n + 1) * HASH_BYTES] for n in range(1 << inner)]
        return tree_root(hashes)

    def _tile(self, level: int, number: int) -> bytes:
        known = self._tiles.get((level, number))
        if known is None:
            there = self.size >> level * TILE_HEIGHT
            width = min(TILE_WIDTH, there - number * TILE_WIDTH)
            known = self._read(level, number, width)
            if len(known) != width * HASH_BYTES:
                path = tile_path(level, number, width)
                raise ProofError(f"{path} must have {width * HASH_BYTES} bytes, it has {len(known)}")
            self._tiles[level, number] = known
        return known
