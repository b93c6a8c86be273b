"""`ronda verify`: the outsider's check, as `python -m ronda.verify` runs it without anything else of Ronda."""

from __future__ import annotations

import sys

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def verify(words: tuple[str, ...]) -> None:
    """Check an exported log, its receipts and older checkpoints.

    Ends with 1 when something was changed, with 2 when it could not be checked.
    """
    from ronda.verify.__main__ import main

    sys.exit(main(list(words)))
