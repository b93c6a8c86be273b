"""Text forms of a checkpoint and its signatures (C2SP tlog-checkpoint and signed-note)."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

ED25519 = b"\x01"


class NoteError(ValueError):
    """A note or checkpoint has another form than wanted; the message names the line."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: whose it is, how many entries, which root.

    Parameters
    ----------
    origin : str
        Name of the log, the same as the name of its key.
    size : int
        Number of entries.
    root : bytes
        32 bytes.

    References
    ----------
    C2SP, tlog-checkpoint.

    Examples
    --------
    >>> Checkpoint("ronda/a", 1, bytes(32)).size
    1
    """

    origin: str
    size: int
    root: bytes


def checkpoint_body(checkpoint: Checkpoint) -> str:
    """Text that is signed.

    Parameters
    ----------
    checkpoint : Checkpoint

    Returns
    -------
    body : str
        Three lines, each ended by a newline.

    References
    ----------
    C2SP, tlog-checkpoint. Method note: docs/methods/merkle.md.

    Examples
    --------
    >>> print(checkpoint_body(Checkpoint("ronda/a", 0, bytes(32))), end="")
    ronda/a
    0
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
    """
    return f"{checkpoint.origin}\n{checkpoint.size}\n{b64encode(checkpoint.root).decode()}\n"


def checkpoint_parse(body: str) -> Checkpoint:
    """Checkpoint of a body; only the one form that `checkpoint_body` writes is taken.

    Parameters
    ----------
    body : str

    Returns
    -------
    checkpoint : Checkpoint

    Raises
    ------
    NoteError
        If a line is missing, too many, or written in another way.

    References
    ----------
    C2SP, tlog-checkpoint.

    Examples
    --------
    >>> checkpoint_parse(checkpoint_body(Checkpoint("ronda/a", 12, bytes(32)))).size
    12
    """
    lines = body.split("\n")
    if len(lines) != 4 or lines[3]:
        raise NoteError(f"a checkpoint has three lines, this has {len(lines) - 1}")
    if not lines[1].isascii() or not lines[1].isdigit():
        raise NoteError(f"line 2 must be the number of entries, it is {lines[1]!r}")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _decoded(lines[2], "line 3"))
    if len(checkpoint.root) != 32 or checkpoint_body(checkpoint) != body:
        raise NoteError("the checkpoint is not written in its one form")
    return checkpoint


def key_id(name: str, public: bytes) -> bytes:
    """Four bytes that tell keys of one name apart.

    Parameters
    ----------
    name : str
        Name of the signer, without space and plus sign.
    public : bytes
        Ed25519 public key, 32 bytes.

    Returns
    -------
    id : bytes

    References
    ----------
    C2SP, signed-note.

    Examples
    --------
    >>> len(key_id("ronda/a", bytes(32)))
    4
    """
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """Public key as one line that is handed to verifiers.

    Parameters
    ----------
    name : str
    public : bytes
        Ed25519 public key, 32 bytes.

    Returns
    -------
    key : str
        ``name+id+base64``.

    References
    ----------
    C2SP, signed-note.

    Examples
    --------
    >>> verifier_key("ronda/a", bytes(32)).split("+")[0]
    'ronda/a'
    """
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519 + public).decode()}"


def note_join(body: str, name: str, public: bytes, signature: bytes) -> str:
    """Signed note: the body, an empty line, the signature line.

    Parameters
    ----------
    body : str
        Ends with a newline.
    name : str
        Name of the signer.
    public : bytes
        Its public key, 32 bytes.
    signature : bytes
        Ed25519 signature over the body, 64 bytes.

    Returns
    -------
    note : str

    References
    ----------
    C2SP, signed-note.

    Examples
    --------
    >>> note_join("x\\n", "ronda/a", bytes(32), bytes(64)).startswith("x\\n\\n\u2014 ronda/a ")
    True
    """
    return f"{body}\n\u2014 {name} {b64encode(key_id(name, public) + signature).decode()}\n"


def note_split(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Body and signatures of a note.

    Parameters
    ----------
    note : str

    Returns
    -------
    body : str
    signatures : list of (name, key id, signature)

    Raises
    ------
    NoteError
        If a line has another form.

    Notes
    -----
    Nothing is checked with a key here.

    References
    ----------
    C2SP, signed-note.

    Examples
    --------
    >>> body, signatures = note_split(note_join("x\\n", "ronda/a", bytes(32), bytes(64)))
    >>> body, signatures[0][0]
    ('x\\n', 'ronda/a')
    """
    body, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise NoteError("a signed note has a body, an empty line and signature lines")
    signatures = []
    for line in tail[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not parts[1]:
            raise NoteError(f"a signature line is a dash, a name and base64; this is {line!r}")
        data = _decoded(parts[2], "signature")
        if len(data) < 5:
            raise NoteError(f"the signature of {parts[1]!r} is too short")
        signatures.append((parts[1], data[:4], data[4:]))
    return body + "\n", signatures


def _decoded(text: str, where: str) -> bytes:
    """Base64 in its one form: what is decoded must encode to the same text."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise NoteError(f"{where} is not base64: {text!r}") from error
    if b64encode(data).decode() != text:
        raise NoteError(f"{where} is not written in the one form of base64: {text!r}")
    return data
