"""Hashes, roots, inclusion and consistency proofs, as RFC 6962 section 2.1 defines them."""

from collections.abc import Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


class ProofError(ValueError):
    """A proof does not lead where it should; the message says what was wanted and what came."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry: SHA-256 over 0x00 and the entry.

    Parameters
    ----------
    entry : bytes
        Any bytes, also none.

    Returns
    -------
    hash : bytes
        32 bytes.

    References
    ----------
    RFC 6962, section 2.1. Method note: docs/methods/merkle.md.

    Examples
    --------
    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 over 0x01, the left and the right hash.

    Parameters
    ----------
    left, right : bytes
        32 bytes each.

    Returns
    -------
    hash : bytes
        32 bytes.

    References
    ----------
    RFC 6962, section 2.1.

    Examples
    --------
    >>> node_hash(EMPTY_ROOT, EMPTY_ROOT) == leaf_hash(EMPTY_ROOT + EMPTY_ROOT)
    False
    """
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size` (size >= 2)."""
    return 1 << (size - 1).bit_length() - 1


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """Root over leaf hashes in their order.

    Parameters
    ----------
    hashes : sequence of bytes
        Leaf hashes of 32 bytes; none gives the root of the empty tree.

    Returns
    -------
    root : bytes
        32 bytes.

    Notes
    -----
    Pairing level by level and carrying an odd last hash up unchanged gives the same tree as the recursive
    definition: every complete left part has a power of two of leaves.

    References
    ----------
    RFC 6962, section 2.1.

    Examples
    --------
    >>> tree_root([]) == EMPTY_ROOT
    True
    >>> a, b, c = (leaf_hash(text) for text in (b"a", b"b", b"c"))
    >>> tree_root([a, b, c]) == node_hash(node_hash(a, b), c)
    True
    """
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of one leaf: the hashes that lead from it to the root, lowest first.

    Parameters
    ----------
    hashes : sequence of bytes
        All leaf hashes of the tree.
    index : int
        Position of the leaf, 0 <= index < len(hashes).

    Returns
    -------
    path : list of bytes
        At most ceil(log2(n)) hashes.

    Raises
    ------
    ValueError
        If the leaf does not exist.

    References
    ----------
    RFC 6962, section 2.1.1.

    Examples
    --------
    >>> hashes = [leaf_hash(bytes([n])) for n in range(5)]
    >>> len(inclusion_path(hashes, 0)), len(inclusion_path(hashes, 4))
    (3, 1)
    """
    size = len(hashes)
    if not 0 <= index < size:
        raise ValueError(f"the leaf index must be from 0 to {size - 1}, it is {index}")
    path: list[bytes] = []
    level = list(hashes)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level, index = above, index // 2
    return path


def inclusion_root(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Root to which an audit path leads.

    Parameters
    ----------
    leaf : bytes
        Leaf hash, 32 bytes.
    index, size : int
        Position of the leaf and number of leaves, 0 <= index < size.
    path : sequence of bytes
        Audit path, lowest hash first.

    Returns
    -------
    root : bytes
        32 bytes.

    Raises
    ------
    ProofError
        If the numbers are impossible or the path has a length that the position does not allow.

    References
    ----------
    RFC 9162, section 2.1.3.2 (the same tree as RFC 6962).

    Examples
    --------
    >>> hashes = [leaf_hash(bytes([n])) for n in range(7)]
    >>> inclusion_root(hashes[5], 5, 7, inclusion_path(hashes, 5)) == tree_root(hashes)
    True
    """
    if not 0 <= index < size:
        raise ProofError(f"the leaf index must be from 0 to {size - 1}, it is {index}")
    node, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofError(f"the path of leaf {index} in {size} is too long: {len(path)} hashes")
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError(f"the path of leaf {index} in {size} is too short: {len(path)} hashes")
    return root


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf is in the tree with this root.

    Parameters
    ----------
    leaf : bytes
        Leaf hash, 32 bytes.
    index, size : int
        Position of the leaf and number of leaves.
    path : sequence of bytes
        Audit path, lowest hash first.
    root : bytes
        The root that is trusted.

    Raises
    ------
    ProofError
        If the path leads to another root.

    References
    ----------
    RFC 9162, section 2.1.3.2.

    Examples
    --------
    >>> hashes = [leaf_hash(b"a"), leaf_hash(b"b")]
    >>> verify_inclusion(hashes[0], 0, 2, [hashes[1]], tree_root(hashes))
    """
    found = inclusion_root(leaf, index, size, path)
    if found != root:
        raise ProofError(f"leaf {index} of {size} leads to root {found.hex()}, wanted {root.hex()}")


def consistency_path(hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Proof that the first `old_size` leaves are still the beginning of this tree.

    Parameters
    ----------
    hashes : sequence of bytes
        All leaf hashes of the newer tree.
    old_size : int
        Number of leaves of the older tree, 0 <= old_size <= len(hashes).

    Returns
    -------
    path : list of bytes
        Empty when the older tree is empty or the same.

    Raises
    ------
    ValueError
        If the older tree would be larger.

    References
    ----------
    RFC 6962, section 2.1.2.

    Examples
    --------
    >>> hashes = [leaf_hash(bytes([n])) for n in range(7)]
    >>> [len(consistency_path(hashes, n)) for n in range(8)]
    [0, 3, 2, 4, 1, 4, 3, 0]
    """
    if not 0 <= old_size <= len(hashes):
        raise ValueError(f"the older size must be from 0 to {len(hashes)}, it is {old_size}")
    if old_size in (0, len(hashes)):
        return []
    return _subproof(hashes, old_size, whole=True)


def _subproof(hashes: Sequence[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    size = len(hashes)
    if old_size == size:
        return [] if whole else [tree_root(hashes)]
    cut = _split(size)
    if old_size <= cut:
        return [*_subproof(hashes[:cut], old_size, whole=whole), tree_root(hashes[cut:])]
    return [*_subproof(hashes[cut:], old_size - cut, whole=False), tree_root(hashes[:cut])]


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the older tree is the beginning of the newer one.

    Parameters
    ----------
    old_size, new_size : int
        Numbers of leaves.
    old_root, new_root : bytes
        Roots of both trees.
    path : sequence of bytes
        Consistency proof.

    Raises
    ------
    ProofError
        If something was changed, removed or reordered, or the proof does not fit the sizes.

    References
    ----------
    RFC 9162, section 2.1.4.2.

    Examples
    --------
    >>> hashes = [leaf_hash(bytes([n])) for n in range(6)]
    >>> roots = [tree_root(hashes[:n]) for n in range(7)]
    >>> verify_consistency(3, roots[3], 6, roots[6], consistency_path(hashes, 3))
    """
    if not 0 <= old_size <= new_size:
        raise ProofError(f"the older size must be from 0 to {new_size}, it is {old_size}")
    if old_size in (0, new_size):
        expected = EMPTY_ROOT if old_size == 0 else new_root
        if path or old_root != expected:
            raise ProofError(f"the trees of {old_size} and {new_size} leaves do not belong together")
        return
    hashes = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not hashes:
        raise ProofError(f"the proof from {old_size} to {new_size} is empty")
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofError(f"the proof from {old_size} to {new_size} is too long")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last or old != old_root or new != new_root:
        raise ProofError(f"the tree of {old_size} leaves is not the beginning of the tree of {new_size}")
