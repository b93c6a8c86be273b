"""Raw bytes to the socket of a running node: it answers below 500 or closes the line, never hangs, and goes on."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from ronda.gate.domain import Grant
from ronda.gate.tokens import token_key, token_make
from ronda.kernel.keys import node_keys
from tests.badinput.hostile import mutated, texts
from tests.badinput.readers import VALID_MESSAGE
from tests.badinput.trying import try_all
from tests.counts import count

pytestmark = pytest.mark.serial
HANG_S, HALF_S = 2.0, 0.2


@pytest.fixture
def node(live_database: Any, tmp_path: Path) -> Iterator[tuple[int, str]]:
    """The port of a running node and a token it accepts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    keys = node_keys(Path(live_database.environment["RONDA_VAR"]) / "keys")
    grant = Grant("bawaslu", "bawaslu", "51.01")
    token = token_make(grant, expires_s=int(time.time()) + 3600, key=token_key(keys), key_id=keys.kid)
    command = [sys.executable, "-m", "ronda.config.cli", "serve", "--port", str(port), "--workers", "1"]
    environment = {**live_database.environment, "RONDA_METRICS_PORT": "0"}
    with (tmp_path / "serve.log").open("w") as log:
        child = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _await(port, child)
        yield port, token
    finally:
        child.terminate()
        child.wait(20)


def _await(port: int, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        if _status(_sent(port, _request(b"GET", b"/healthz", [], b""))) == 200:
            return
        time.sleep(0.3)
    raise AssertionError("the node did not start")


def _sent(port: int, data: bytes) -> bytes:
    """What comes back on one connection. A sender that stops half-way hangs up after a moment."""
    parts: list[bytes] = []
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=HANG_S) as line:
            line.sendall(data)
            line.settimeout(HANG_S if _is_whole(data) else HALF_S)
            while part := line.recv(65536):
                parts.append(part)
    except TimeoutError:
        assert parts or not _is_whole(data), f"no answer within {HANG_S} s to {data[:200]!r}"
    except (ConnectionError, BrokenPipeError):
        pass
    return b"".join(parts)


def _is_whole(data: bytes) -> bool:
    """Whether a well-formed request has its whole body, so that an answer is owed."""
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    return bool(end and length and int(length[1]) == len(body) and b"expect" not in head)


def _status(answer: bytes) -> int | None:
    """The status of an answer; None when the line was closed without one."""
    words = answer.split(b" ", 2)
    return int(words[1]) if answer.startswith(b"HTTP/1.") and len(words) > 1 and words[1].isdigit() else None


def _request(method: bytes, path: bytes, headers: list[tuple[bytes, bytes]], body: bytes) -> bytes:
    lines = [method + b" " + path + b" HTTP/1.1", b"host: 127.0.0.1", b"connection: close"]
    lines += [name + b": " + value for name, value in headers]
    lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


PATHS = (
    b"/gate/v1/messages",
    b"/gate/v1/files/" + b"0" * 64,
    b"/gate/v1/files/..%2f..",
    b"/gate/v1/x",
    b"/gate/v1/messages?a=%00",
)
NAMES = (b"x-a", b"range", b"content-range", b"expect", b"cookie")
KINDS = (
    b"application/json",
    b"application/x-ndjson",
    b"",
    b"text/html; charset=\xff",
    b"multipart/form-data",
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[bool, bytes]:
    """A request near to a good one (`{token}` stands for a token), or plain noise."""
    if draw(st.integers(0, 5)) == 0:
        return False, draw(st.binary(max_size=200))
    bearer = draw(st.sampled_from((b"Bearer {token}", b"Bearer {token}", b"Bearer x", b"Basic eDp5", b"")))
    extra = draw(
        st.lists(
            st.tuples(st.sampled_from(NAMES), _line),
            max_size=3,
        )
    )
    headers = [(b"authorization", bearer), (b"content-type", draw(st.sampled_from(KINDS))), *extra]
    body = draw(
        mutated(VALID_MESSAGE)
        | st.binary(max_size=300)
        | st.lists(mutated(VALID_MESSAGE), max_size=4).map(b"\n".join)
    )
    method = draw(st.sampled_from((b"POST", b"POST", b"PUT", b"GET", b"HEAD", b"DELETE", b"PATCH", b"BREW")))
    whole = _request(method, draw(st.sampled_from(PATHS)), headers, body)
    if draw(st.integers(0, 7)) == 0:
        whole = whole[: draw(st.integers(0, len(whole)))]
    return True, whole


_line = texts.map(lambda text: text.encode("utf-8", "replace").replace(b"\r", b"").replace(b"\n", b"")[:80])


def test_any_bytes_are_answered_or_the_line_is_closed(node: tuple[int, str]) -> None:
    port, token = node

    def each(request: tuple[bool, bytes]) -> None:
        _is_request, data = request
        status = _status(_sent(port, data.replace(b"{token}", token.encode())))
        assert status is None or status < 500, f"{status} for {data[:300]!r}"

    try_all(requests(), count("badinput_gate"), each)
    assert _status(_sent(port, _request(b"GET", b"/healthz", [], b""))) == 200, "the node goes on"


def test_a_message_larger_than_allowed_is_refused_before_it_is_read(node: tuple[int, str]) -> None:
    port, token = node
    headers = [(b"authorization", b"Bearer " + token.encode()), (b"content-type", b"application/json")]

    assert _status(_sent(port, _request(b"POST", b"/gate/v1/messages", headers, b"x" * 300_000))) == 413


def test_control_a_status_of_500_is_seen() -> None:
    assert _status(b"HTTP/1.1 500 Internal Server Error\r\n\r\n") == 500
    assert _status(b"") is None
