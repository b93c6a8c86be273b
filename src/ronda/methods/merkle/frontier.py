"""A growing tree that remembers only the roots of its complete parts: what a sequencer keeps."""

from collections.abc import Iterable
from dataclasses import dataclass

from ronda.methods.merkle.tree import EMPTY_ROOT, node_hash


@dataclass(frozen=True, slots=True)
class Frontier:
    """Roots of the complete subtrees of a tree of `size` leaves, largest first.

    Parameters
    ----------
    size : int
        Number of leaves.
    peaks : tuple of bytes
        One hash for each bit set in `size`.

    Raises
    ------
    ValueError
        If the number of hashes does not fit the size.

    References
    ----------
    RFC 6962, section 2.1: the left part of every split is complete. Method note: docs/methods/merkle.md.

    Examples
    --------
    >>> from ronda.methods.merkle import leaf_hash, tree_root
    >>> hashes = [leaf_hash(bytes([n])) for n in range(11)]
    >>> grown = Frontier().extended(hashes[:4]).extended(hashes[4:])
    >>> grown.size, grown.root == tree_root(hashes)
    (11, True)
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"{self.size} leaves need another number of peaks than {len(self.peaks)}")

    def extended(self, hashes: Iterable[bytes]) -> "Frontier":
        """The frontier after more leaves."""
        peaks, size = list(self.peaks), self.size
        for leaf in hashes:
            full, size = size, size + 1
            while full & 1:
                leaf = node_hash(peaks.pop(), leaf)
                full >>= 1
            peaks.append(leaf)
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """Root of the whole tree."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root
