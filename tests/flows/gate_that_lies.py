"""The gate with its promise broken on purpose: it answers first and commits a little later. For one test only."""

import asyncio
from typing import Any

from ronda.config.server import application
from ronda.gate import answers
from ronda.gate.commit import Committer, Pending
from ronda.kernel import clock
from ronda.ledger.services import group_sealed

__all__ = ["application"]
LATE_S = 0.15
_true_answer = Committer._answer
_one_at_a_time = asyncio.Lock()
_running: set[asyncio.Task[None]] = set()


async def _answer_first(self: Any, connection: Any, group: list[Pending]) -> None:
    keys = self._keys
    sealed = group_sealed([one.digest for one in group], node=keys.node, signing=keys.signing, at=clock.now())
    for place, one in enumerate(group):
        one.answer = answers.accepted(one.incoming.id, one.digest, sealed.receipt(place))
    copies = [Pending(one.grant, one.raw, one.digest, one.incoming) for one in group]
    task = asyncio.create_task(_commit_later(self, connection, copies))
    _running.add(task)
    task.add_done_callback(_running.discard)


async def _commit_later(committer: Any, connection: Any, group: list[Pending]) -> None:
    await asyncio.sleep(LATE_S)
    async with _one_at_a_time:
        await _true_answer(committer, connection, group)


Committer._answer = _answer_first  # type: ignore[method-assign]
