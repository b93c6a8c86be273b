"""What can be checked about a log from outside. Every check gives findings; none means that all holds."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from . import tree
from .ed25519 import signature_holds

KEY_FILE, CHECKPOINT_FILE = "log.vkey", "checkpoint"
SUMS_FILE, RECEIPT_END, INSIDE_END = "SHA256SUMS", ".terima.json", ".isi.json"  # of an evidence archive
MAX_SIZE = 1 << 40


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold: where, and what was wanted and what came."""

    where: str
    what: str


class UnreadableError(ValueError):
    """A text is not in the one form that the specification gives it."""


@dataclass(frozen=True)
class VerifierKey:
    """The node's name and Ed25519 public key, as published: `name+id+base64`."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]

    @property
    def text(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_b64(bytes([1]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        parts = text.strip().split("+", 2)
        key = cls(parts[0], _base64(parts[-1])[1:])
        if len(key.public) != 32 or key.text != text.strip():
            raise UnreadableError(f"a key is name+id+base64 of an Ed25519 key, this is {text!r}")
        return key


@dataclass(frozen=True)
class Checkpoint:
    size: int
    root: bytes

    @classmethod
    def parse(cls, note: str, key: VerifierKey) -> "Checkpoint":
        """The checkpoint of a note, once its signature by `key` has been checked."""
        body, gap, tail = note.rpartition("\n\n")
        if not gap or not tail.endswith("\n") or body.count("\n") != 2:
            raise UnreadableError("a checkpoint has three lines, an empty one and signature lines")
        origin, size, root = body.split("\n")
        if origin != key.name:
            raise UnreadableError(f"the log must be {key.name!r}, it is {origin!r}")
        if not any(_signed(line, (body + "\n").encode(), key) for line in tail[:-1].split("\n")):
            raise UnreadableError(f"no valid signature by {key.name!r}")
        return cls(_size(size), _base64(root))


def check_log(folder: Path, key: VerifierKey) -> tuple[list[Finding], list[bytes]]:
    """Recompute an exported log from its entries and compare every byte of it; also gives its leaf hashes."""
    findings: list[Finding] = []
    hashes: list[bytes] = []
    where = KEY_FILE
    try:
        if (folder / KEY_FILE).read_bytes() != f"{key.text}\n".encode():
            findings.append(Finding(KEY_FILE, "is not the key that was given"))
        where = CHECKPOINT_FILE
        checkpoint = Checkpoint.parse((folder / CHECKPOINT_FILE).read_bytes().decode(), key)
        for where, width in _tiles("entries", checkpoint.size):
            hashes += _entries((folder / where).read_bytes(), width)
    except (OSError, ValueError) as error:
        return [*findings, Finding(where, str(error))], []
    known = {KEY_FILE, CHECKPOINT_FILE, *(path for path, _ in _tiles("entries", checkpoint.size))}
    for level, row in enumerate(tree.levels(hashes)):
        for n, (path, width) in enumerate(_tiles(str(level), len(row))):
            known.add(path)
            findings += _differs(folder, path, b"".join(row[n * tree.WIDTH : n * tree.WIDTH + width]))
    if tree.root(hashes) != checkpoint.root:
        findings.append(Finding(CHECKPOINT_FILE, "its root is not the one that its entries give"))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    return findings + [Finding(path, "does not belong to this log") for path in sorted(there - known)], hashes


def check_consistency(older: str, key: VerifierKey, hashes: list[bytes]) -> list[Finding]:
    """Check that the log whose checkpoint someone kept is the beginning of the log with these leaf hashes."""
    where = "older checkpoint"
    try:
        old = Checkpoint.parse(older, key)
    except ValueError as error:
        return [Finding(where, str(error))]
    if old.size > len(hashes) or tree.root(hashes[: old.size]) != old.root:
        return [Finding(where, f"its {old.size} entries are not the beginning of these {len(hashes)}")]
    return []


def check_receipt(
    answer: bytes, message: bytes, key: VerifierKey, hashes: list[bytes] | None = None
) -> list[Finding]:
    """Check what the gate answered: the node signed for exactly this message, and the log holds it."""
    digest = sha256(message).digest()
    try:
        given = json.loads(answer)
        receipt, instant = given["receipt"], datetime.fromisoformat(given["received_at"])
        path, signature = _hashes(receipt["path"]), _base64(receipt["signature"])
        leaf = _leaf(_base64(receipt["salt"]), digest, instant)
        index, size = _count(receipt["index"]), _count(receipt["size"])
        about = (given["node"], given["id"], given["sha256"])
        wanted = (key.name, json.loads(message)["id"], digest.hex())
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        return [Finding("receipt", f"cannot be read: {error!r}")]
    findings = [] if about == wanted else [Finding("receipt", f"is about {about}, wanted {wanted}")]
    root = tree.root_by_path(leaf, index, size, path)
    signed = f"ronda receipt v1\n{key.name}\n{given['received_at']}\n{size}\n{_b64(root or b'')}\n"
    if not signature_holds(key.public, signed.encode(), signature):
        findings.append(Finding("receipt", f"was not signed by {key.name!r} for this message"))
    if hashes is not None and leaf not in hashes:
        findings.append(Finding("receipt", "the log does not hold this message"))
    return findings + (_in_log(given["log"], leaf, key) if given.get("log") else [])


def check_bundle(folder: Path, key: VerifierKey) -> tuple[list[Finding], int, int]:
    """Check an unpacked evidence archive; also how many files and messages were checked.

    Every file must be as `SHA256SUMS` says and no other may lie there; every message must be the one its receipt
    was given for.
    """
    listed = dict(_sums((folder / SUMS_FILE).read_text("utf-8")))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {
        SUMS_FILE
    }
    findings = [Finding(name, "is missing") for name in sorted(listed.keys() - there)]
    findings += [Finding(name, "is not on the list") for name in sorted(there - listed.keys())]
    for name in sorted(listed.keys() & there):
        if sha256((folder / name).read_bytes()).hexdigest() != listed[name]:
            findings.append(Finding(name, "is not what the list says"))
    receipts = sorted(name for name in there if name.endswith(RECEIPT_END))
    for name in receipts:
        message = folder / (name.removesuffix(RECEIPT_END) + ".json")
        if message.is_file():
            found = check_receipt((folder / name).read_bytes(), message.read_bytes(), key)
            findings += [Finding(name, one.what) for one in found]
            inside = folder / (name.removesuffix(RECEIPT_END) + INSIDE_END)
            if inside.is_file() and _inside(message.read_bytes()) != sha256(inside.read_bytes()).hexdigest():
                findings.append(
                    Finding(inside.relative_to(folder).as_posix(), "was not sealed in this message")
                )
    return findings, len(there), len(receipts)


def _inside(message: bytes) -> object:
    """The hash of what a sealed message holds, as it stands outside."""
    try:
        return json.loads(message)["body"]["sha256"]
    except (ValueError, KeyError, TypeError):
        return None


def _sums(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or not name:
            raise UnreadableError(f"{SUMS_FILE}: wanted a hash and a name, came {line[:80]!r}")
        yield name, digest


def _in_log(proof: dict[str, object], leaf: bytes, key: VerifierKey) -> list[Finding]:
    try:
        checkpoint = Checkpoint.parse(str(proof["checkpoint"]), key)
        path = _hashes(str(proof["path"]))
        found = tree.root_by_path(leaf, _count(proof["index"]), checkpoint.size, path)
    except (ValueError, KeyError, TypeError) as error:
        return [Finding("proof of inclusion", f"cannot be read: {error!r}")]
    return [] if found == checkpoint.root else [Finding("proof of inclusion", "leads to another root")]


def _leaf(salt: bytes, digest: bytes, instant: datetime) -> bytes:
    """Leaf hash of the salted commitment that stands in the log for a message."""
    micros = round(instant.timestamp() * 1_000_000)
    if len(salt) != 16:
        raise UnreadableError(f"a salt has 16 bytes, this has {len(salt)}")
    return tree.leaf(sha256(b"ronda message v1\n" + salt + digest + micros.to_bytes(8, "big")).digest())


def _tiles(kind: str, size: int) -> Iterator[tuple[str, int]]:
    """Path and width of each tile that `size` hashes or entries fill."""
    for number in range((size + tree.WIDTH - 1) // tree.WIDTH):
        width = min(tree.WIDTH, size - number * tree.WIDTH)
        digits = str(number)
        digits = digits.zfill((len(digits) + 2) // 3 * 3)
        groups = [digits[n : n + 3] for n in range(0, len(digits), 3)]
        path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        yield f"tile/{kind}/{path}{'' if width == tree.WIDTH else f'.p/{width}'}", width


def _entries(bundle: bytes, width: int) -> list[bytes]:
    hashes, at = [], 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle):
            raise UnreadableError(f"ends inside the entry that starts at byte {at}")
        hashes.append(tree.leaf(bundle[at + 2 : end]))
        at = end
    if len(hashes) != width:
        raise UnreadableError(f"must hold {width} entries, it holds {len(hashes)}")
    return hashes


def _differs(folder: Path, path: str, wanted: bytes) -> list[Finding]:
    try:
        same = (folder / path).read_bytes() == wanted
    except OSError as error:
        return [Finding(path, f"cannot be read: {error.strerror}")]
    return [] if same else [Finding(path, "is not what its entries give")]


def _signed(line: str, body: bytes, key: VerifierKey) -> bool:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or parts[1] != key.name:
        return False
    data = _base64(parts[2])
    return data[:4] == key.id and signature_holds(key.public, body, data[4:])


def _b64(data: bytes) -> str:
    return b64encode(data).decode()


def _base64(text: str) -> bytes:
    data = b64decode(text, validate=True)
    if _b64(data) != text:
        raise UnreadableError(f"not the one form of base64: {text!r}")
    return data


def _hashes(text: str) -> list[bytes]:
    data = _base64(text)
    if len(data) % 32:
        raise UnreadableError("a path is a row of 32-byte hashes")
    return [data[n : n + 32] for n in range(0, len(data), 32)]


def _size(text: str) -> int:
    if not text.isascii() or not text.isdigit() or str(int(text[:20])) != text or int(text) > MAX_SIZE:
        raise UnreadableError(f"a size is a plain number, this is {text!r}")
    return int(text)


def _count(value: object) -> int:
    if type(value) is int and 0 <= value <= MAX_SIZE:
        return value
    raise UnreadableError(f"a place or size is a whole number, this is {value!r}")
