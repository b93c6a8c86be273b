"""What the gate answers, as bytes: receipts, refusals and errors, always JSON."""

from base64 import b64encode
from dataclasses import dataclass
from uuid import UUID

import msgspec

from ronda.gate.parse import Malformed
from ronda.ledger.domain import Receipt, instant_text


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of one answer."""

    status: int
    body: bytes


def accepted(id_: UUID, digest: bytes, receipt: Receipt) -> Answer:
    """201: the message is on disk, and here is the proof. All parts are plain ASCII words."""
    return Answer(
        201,
        (
            f'{{"id":"{id_}","sha256":"{digest.hex()}","received_at":"{instant_text(receipt.at)}",'
            f'"node":"{receipt.node}","receipt":{{"salt":"{_b64(receipt.salt)}","index":{receipt.index},'
            f'"size":{receipt.size},"path":"{_b64(b"".join(receipt.path))}",'
            f'"signature":"{_b64(receipt.signature)}"}}}}'
        ).encode("ascii"),
    )


def conflict(id_: UUID, digest: bytes) -> Answer:
    """409: the id was taken by other bytes; these are kept as well."""
    return _error(409, "id", "bytes equal to those first received under this id", digest.hex(), id_)


def malformed(problem: Malformed, status: int = 422) -> Answer:
    return _error(status, problem.field, problem.wanted, problem.came)


def refused(why: str) -> Answer:
    return _error(401, "authorization", "a token of this node that is in force", why)


def forbidden(kind: str) -> Answer:
    return _error(403, "kind", "a kind of message that this token may send", kind)


def too_large(limit: str, came: str) -> Answer:
    return _error(413, "", f"at most {limit}", came)


def unavailable() -> Answer:
    """503: nothing was promised; sending again is safe and gives the same receipt."""
    return _error(503, "", "a database that answers", "none at the moment; send again")


def busy() -> Answer:
    """503: as many messages wait as may; nothing was promised, sending again is safe."""
    return _error(503, "", "room in the queue", "none at the moment; send again")


def error(status: int, field: str, wanted: str, came: str) -> Answer:
    return _error(status, field, wanted, came)


def batch(answers: list[Answer]) -> Answer:
    """One line for each line that came; 201 when all were accepted, else 207."""
    lines = b"\n".join(b'{"status":%d,"answer":%b}' % (one.status, one.body) for one in answers)
    return Answer(201 if all(one.status == 201 for one in answers) else 207, lines + b"\n")


def _error(status: int, field: str, wanted: str, came: str, id_: UUID | None = None) -> Answer:
    content: dict[str, object] = {"error": {"field": field, "wanted": wanted, "came": came}}
    if id_ is not None:
        content["id"] = str(id_)
    return Answer(status, msgspec.json.encode(content))


def _b64(data: bytes) -> str:
    return b64encode(data).decode("ascii")
