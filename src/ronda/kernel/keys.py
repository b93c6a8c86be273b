"""The secrets of one node: a signing key, two HMAC keys and an age identity, made on first start, in one 0600 file."""

import fcntl
import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import IdentityError, x25519

FILE_NAME = "node.json"


class KeyFileError(RuntimeError):
    """The key file cannot be used; the message says what was wanted and what came."""


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """What one node signs, checks and opens with. `kid` names the generation of the HMAC keys."""

    node: str
    kid: int
    signing: Ed25519PrivateKey
    scope: bytes
    gate: bytes
    sealing: x25519.Identity

    @property
    def recipient(self) -> str:
        """Whom phones seal their messages to, as age writes it."""
        return str(self.sealing.to_public())

    @property
    def public(self) -> bytes:
        """The 32 raw bytes of the Ed25519 public key."""
        return self.signing.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return f"NodeKeys(node={self.node!r}, kid={self.kid})"


def keys_folder() -> Path:
    """`$RONDA_VAR/keys`, by default `var/keys` in the project folder."""
    default = Path(__file__).resolve().parents[3] / "var"
    return Path(os.environ.get("RONDA_VAR") or default) / "keys"


def node_keys(folder: Path | None = None) -> NodeKeys:
    """Return this node's keys, creating them if this is the first start."""
    return _node_keys(folder or keys_folder())


@lru_cache(maxsize=8)
def _node_keys(folder: Path) -> NodeKeys:
    path = folder / FILE_NAME
    if not path.exists():
        _create(path)
    _complete(path)
    return _read(path)


def _create(path: Path) -> None:
    """Write a complete file under another name, then link it: of two processes starting at once, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    content = {
        "node": os.environ.get("RONDA_NODE") or f"ronda/{secrets.token_hex(4)}",
        "kid": 1,
        "signing": _encode(Ed25519PrivateKey.generate().private_bytes_raw()),
        "scope": _encode(secrets.token_bytes(32)),
        "gate": _encode(secrets.token_bytes(32)),
        "sealing": str(x25519.Identity.generate()),
    }
    draft = _written(path, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its keys are the node's keys
    finally:
        draft.unlink()
    _sync(path.parent)


def _complete(path: Path) -> None:
    """Give a file from before phones sealed their messages an identity; of two processes at it, one does it."""
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            content = json.loads(path.read_text(encoding="ascii"))
        except ValueError:
            return  # `_read` says what is wrong with it
        if not isinstance(content, dict) or "sealing" in content or "signing" not in content:
            return
        os.replace(_written(path, content | {"sealing": str(x25519.Identity.generate())}), path)
        _sync(path.parent)


def _written(path: Path, content: dict[str, object]) -> Path:
    """The content on disk beside the file, readable by its owner only."""
    draft = path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _read(path: Path) -> NodeKeys:
    if path.stat().st_mode & 0o077:
        raise KeyFileError(
            f"{path} must be readable by its owner only (0600), it is {path.stat().st_mode & 0o777:o}."
        )
    try:
        content = json.loads(path.read_text(encoding="ascii"))
        keys = NodeKeys(
            node=str(content["node"]),
            kid=int(content["kid"]),
            signing=Ed25519PrivateKey.from_private_bytes(b64decode(content["signing"], validate=True)),
            scope=b64decode(content["scope"], validate=True),
            gate=b64decode(content["gate"], validate=True),
            sealing=x25519.Identity.from_str(content["sealing"]),
        )
    except (ValueError, KeyError, TypeError, IdentityError) as error:
        raise KeyFileError(f"{path} is not a node key file: {error!r}.") from error
    if not keys.node or any(c.isspace() or c == "+" for c in keys.node):
        raise KeyFileError(f"{path}: the node name must have no space and no plus sign, it is {keys.node!r}.")
    if min(len(keys.scope), len(keys.gate)) < 32:
        raise KeyFileError(f"{path}: each HMAC key must have at least 32 bytes.")
    return keys


def _encode(data: bytes) -> str:
    return b64encode(data).decode("ascii")
