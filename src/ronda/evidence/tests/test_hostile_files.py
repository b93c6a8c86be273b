"""S18: hostile files crash no parent and are never served as they came. The control decodes in the parent."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image
from tests.counts import count

from ronda.evidence import decoding
from ronda.evidence.decoding import answer_read, decoded
from ronda.evidence.domain import Reason
from ronda.evidence.tests.pictures import jpeg, other

# One child for many files, so that twenty thousand take minutes: the same decoder under the same limits.
MANY = """
import sys, struct, json; sys.path.insert(0, sys.argv[1])
from ronda.evidence import child
child.limit(); read, write = sys.stdin.buffer, sys.stdout.buffer
while head := read.read(4):
    content = read.read(struct.unpack('>I', head)[0])
    try:
        facts, copy = child.decode(content)
    except child.Refused as refused:
        facts, copy = {'refused': str(refused)}, b''
    answer = json.dumps(facts).encode() + b'\\n' + copy
    write.write(struct.pack('>I', len(answer)) + answer); write.flush()
"""


class Child:
    """A child that decodes one file after another; a new one is started when a file ended it."""

    def __init__(self) -> None:
        self.ended = 0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-I", "-c", MANY, str(decoding.SOURCE)]
        return subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def answer(self, content: bytes) -> bytes | None:
        """What the child said; None if the file ended it."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(struct.pack(">I", len(content)) + content)
            stdin.flush()
            head = stdout.read(4)
        except OSError:
            head = b""
        if len(head) < 4:
            self.close()
            self.ended += 1
            self.process = self._start()
            return None
        return stdout.read(struct.unpack(">I", head)[0])

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def seeds() -> list[bytes]:
    return [
        jpeg(1, size=(96, 64), taken="2024:02:14 10:00:00", point=(-8.3, 114.6)),
        other("PNG", size=(64, 48)),
        other("WEBP", size=(64, 48)),
        other("PDF", size=(64, 48)),
    ]


def giant_png(rng: random.Random) -> bytes:
    """A header that promises a giant, and little behind it."""
    size = rng.choice((2**31 - 1, 10**6, 65_535))
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n", struct.pack(">I", 13) + ihdr + struct.pack(">I", zlib.crc32(ihdr))]
    return b"".join(parts) + rng.randbytes(60)


def hostile(rng: random.Random, whole: list[bytes]) -> bytes:
    """A photo or document with bytes changed, cut, doubled or put in, or a made-up header."""
    content = bytearray(rng.choice(whole))
    match rng.randrange(6):
        case 0:
            for _ in range(rng.choice((1, 3, 30))):
                content[rng.randrange(len(content))] = rng.randrange(256)
        case 1:
            del content[rng.randrange(len(content)) :]
        case 2:
            at = rng.randrange(len(content))
            content[at:at] = rng.randbytes(rng.choice((1, 64, 4096)))
        case 3:
            at = rng.randrange(len(content))
            content += content[at:] * rng.choice((1, 5))
        case 4:
            return giant_png(rng)
        case _:
            return bytes(content[: rng.randrange(4, 16)]) + rng.randbytes(rng.randrange(2_000))
    return bytes(content)


@pytest.mark.serial
def test_hostile_files_crash_no_parent_and_none_is_served_as_it_came(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rng, whole, child = random.Random(18), seeds(), Child()
    wanted = count("hostile_files")
    shown = 0
    try:
        for _ in range(wanted):
            content = hostile(rng, whole)
            answer = child.answer(content)
            found = decoding.Decoded(Reason.BROKEN) if answer is None else answer_read(answer)
            assert found.reason is not Reason.NONE or found.copy != content
            if found.copy:
                shown += 1
                assert found.copy[:3] == b"\xff\xd8\xff" or found.copy[:5] == b"%PDF-"
    finally:
        child.close()
    with capsys.disabled():
        sys.stdout.write(
            f"\nS18: {wanted} hostile files, seed 18: {shown} shown anew, {child.ended} ended the child\n"
        )


def test_hostile_files_through_the_real_way() -> None:
    """The same, each in a process of its own, as it is done in production."""
    rng, whole = random.Random(19), seeds()
    for _ in range(25):
        content = hostile(rng, whole)
        assert decoded(content).copy != content


def test_a_decoder_in_the_parent_would_end_it() -> None:
    """The control: what ends the child would end whoever decodes himself."""
    program = (
        "import sys, resource; resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))\n"
        "from PIL import Image; Image.MAX_IMAGE_PIXELS = None\n"
        "import io; Image.open(io.BytesIO(sys.stdin.buffer.read())).convert('RGB')"
    )
    out = io.BytesIO()
    Image.new("1", (60_000, 20_000)).save(out, "PNG")
    done = subprocess.run(
        [sys.executable, "-c", program], input=out.getvalue(), capture_output=True, check=False
    )
    assert done.returncode != 0
    assert decoded(out.getvalue()).reason is Reason.PIXELS
