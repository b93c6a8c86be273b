"""Django behind the server's own interface: bodies whole or not at all, answers in parts, a reader who goes away."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

APPLICATION = """
import asyncio
from types import SimpleNamespace
from ronda.config.bridge import bridged

heard = []

async def pages(scope, receive, send):
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            heard.append("broken after %d" % len(body))
            return
        body += message["body"]
        if not message["more_body"]:
            break
    if scope["path"] == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"first ", "more_body": True})
        await send({"type": "http.response.body", "body": b"last"})
        return
    if scope["path"] == "/wait":
        heard.append((await receive())["type"])
        return
    said = {
        "body": len(body), "heard": heard, "client": scope["client"][0], "query": scope["query_string"].decode(),
        "path": scope["path"], "x": [v.decode() for k, v in scope["headers"] if k == b"x-one"],
    }
    import json
    head = [(b"content-type", b"application/json"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    await send({"type": "http.response.start", "status": 201, "headers": head})
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})

async def application(request, exchange):
    await bridged(pages, request, exchange, lambda scope, receive: receive)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("bridge")
    (folder / "bridged_pages.py").write_text(APPLICATION)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    words = ["--interface", "rsgi", "--port", str(number), "--no-ws", "--log-level", "error"]
    source = Path(__file__).parents[3]
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", *words, "bridged_pages:application"],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{source}", "PATH": "/usr/bin:/bin"},
    )
    try:
        for _attempt in range(200):
            try:
                socket.create_connection(("127.0.0.1", number), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def sent(port: int, *parts: bytes, answered: bool = True) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        for part in parts:
            line.sendall(part)
            time.sleep(0.05)
        if not answered:
            return b""
        answer = b""
        while part := line.recv(65536):
            answer += part
        return answer


def said(port: int) -> dict[str, object]:
    answer = sent(port, b"GET /said?q=1&r=%20x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-One: 1\r\n\r\n")
    content: dict[str, object] = json.loads(re.search(rb"\{.*\}", answer)[0])  # type: ignore[index]  # it is there
    return content


def test_a_request_comes_through_as_it_was_sent(port: int) -> None:
    told = said(port)
    assert (told["path"], told["query"], told["client"], told["x"]) == (
        "/said",
        "q=1&r=%20x",
        "127.0.0.1",
        ["1"],
    )


def test_a_body_in_pieces_is_put_together_and_every_header_of_the_answer_goes_out(port: int) -> None:
    head = b"POST /said HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n"
    answer = sent(port, head, b"a" * 70_000, b"b" * 70_000, b"c" * 60_000)
    assert answer.startswith(b"HTTP/1.1 201")
    assert b'"body": 200000' in answer
    assert answer.count(b"set-cookie") == 2


def test_half_a_body_never_becomes_a_form(port: int) -> None:
    head = b"POST /said HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n"
    sent(port, head, b"a" * 40, answered=False)
    time.sleep(0.3)
    assert "broken after 40" in said(port)["heard"]  # type: ignore[operator]  # a list


def test_a_body_of_unknown_length_is_refused(port: int) -> None:
    head = b"POST /said HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert sent(port, head + b"3\r\nabc\r\n0\r\n\r\n").startswith(b"HTTP/1.1 411")


def test_an_answer_in_parts_goes_out_in_parts(port: int) -> None:
    answer = sent(port, b"GET /stream HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    assert b"first " in answer
    assert b"last" in answer


def test_who_waits_hears_that_the_reader_went_away(port: int) -> None:
    sent(port, b"GET /wait HTTP/1.1\r\nHost: h\r\n\r\n", answered=False)
    time.sleep(0.3)
    assert "http.disconnect" in said(port)["heard"]  # type: ignore[operator]  # a list
