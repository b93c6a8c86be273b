"""`python -m ronda.verify LOG --key KEY`: prints what was checked and what is wrong."""

import argparse
import sys
from pathlib import Path

from .checks import (
    KEY_FILE,
    Finding,
    VerifierKey,
    check_bundle,
    check_consistency,
    check_log,
    check_receipt,
)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="ronda verify", description="Check a node's log and its receipts.")
    parser.add_argument("log", nargs="?", type=Path, help="folder of an exported log")
    parser.add_argument("--key", help="the node's public key, name+id+base64, or a file that holds it")
    parser.add_argument(
        "--older", type=Path, action="append", default=[], help="a checkpoint kept from before"
    )
    parser.add_argument("--receipt", type=Path, help="what the gate answered (JSON)")
    parser.add_argument("--message", type=Path, help="the message of that receipt, byte for byte as sent")
    parser.add_argument("--bundle", type=Path, help="folder of an unpacked evidence archive")
    args = parser.parse_args(argv)
    if args.bundle is not None:
        return _bundle(args)
    if (args.receipt is None) != (args.message is None) or not (args.log or (args.receipt and args.key)):
        parser.error("give a log, or a receipt with its message and the node's --key, or all of them")
    try:
        text = args.key or (args.log / KEY_FILE).read_text("utf-8")
        key = VerifierKey.parse(Path(text).read_text("utf-8") if "+" not in text else text)
        findings = _run(args, key)
    except (OSError, ValueError) as error:
        return _say(f"cannot check: {error}", code=2)
    for finding in findings:
        _say(f"WRONG    {finding.where}: {finding.what}")
    return _say(f"{len(findings)} wrong" if findings else "nothing was changed", code=int(bool(findings)))


def _bundle(args: argparse.Namespace) -> int:
    """An evidence archive: every file as its list says, every message as its receipt says."""
    try:
        text = args.key or (args.bundle / KEY_FILE).read_text("utf-8")
        key = VerifierKey.parse(Path(text).read_text("utf-8") if "+" not in text else text)
        findings, files, messages = check_bundle(args.bundle, key)
    except (OSError, ValueError) as error:
        return _say(f"cannot check: {error}", code=2)
    _say(f"key      {key.name} {key.id.hex()}" + ("" if args.key else "  (the archive's own: compare it)"))
    _say(f"bundle   {files} files, {messages} messages with their receipts")
    for finding in findings:
        _say(f"WRONG    {finding.where}: {finding.what}")
    return _say(f"{len(findings)} wrong" if findings else "nothing was changed", code=int(bool(findings)))


def _run(args: argparse.Namespace, key: VerifierKey) -> list[Finding]:
    _say(f"key      {key.name} {key.id.hex()}" + ("" if args.key else "  (the log's own: compare it)"))
    findings: list[Finding] = []
    hashes: list[bytes] | None = None
    if args.log is not None:
        findings, hashes = check_log(args.log, key)
        _say(f"log      {len(hashes)} entries, root and all tiles recomputed")
        for older in args.older:
            _say(f"older    {older}")
            findings += check_consistency(older.read_text("utf-8"), key, hashes)
    if args.receipt is not None:
        _say(f"receipt  {args.receipt}")
        findings += check_receipt(args.receipt.read_bytes(), args.message.read_bytes(), key, hashes)
    return findings


def _say(line: str, code: int = 0) -> int:
    sys.stdout.write(line + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
