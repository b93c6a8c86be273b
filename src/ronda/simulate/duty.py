"""The duty officers of a drill: they sign in like people and do, page by page, what waits for them.

Not everything: some reports stay for whoever watches, some hand-overs stay without an answer. What is done with a
report comes from the seed and the report alone; when it is done depends on the pace of the drill.
"""

import asyncio
import heapq
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

import httpx

from ronda.law import incident_kinds
from ronda.simulate.browser import Browser, Form, Page
from ronda.simulate.player import DrillTime
from ronda.simulate.seeded import stream
from ronda.simulate.stage import Stage

log = logging.getLogger("ronda.simulate")
ROUND_S = 1.5
CHIEF, SECOND = "Citra", "Putri"
DESK_OF = {
    "polri": "Oka",
    "kpu": "Gita",
    "kesbangpol": "Hadi",
    "tni": "Indra",
    "satpolpp": "Joko",
    "kejaksaan": "Kartika",
    "bpbd": "Budi",
}
_REPORT = re.compile(r"/laporan/([0-9a-f]{8}-[0-9a-f-]{27})(?:$|[?#])")
_INCIDENT = re.compile(r"/kejadian/([0-9a-f]{8}-[0-9a-f-]{27})")
_REQUESTS = (
    "Mohon petugas terdekat mendatangi lokasi dan melaporkan keadaan.",
    "Mohon ditangani sesuai kewenangan dan kabari piket pengawas.",
    "Mohon dipastikan di lapangan, lalu sampaikan hasilnya lewat serah terima ini.",
)
_DONE = (
    "Petugas sudah ke lokasi, keadaan pulih dan dicatat dalam berita acara.",
    "Sudah diselesaikan bersama KPPS dan pengawas desa, pemungutan berlanjut.",
    "Sudah ditindaklanjuti, pihak terkait menerima penjelasan di tempat.",
)
_REFUSALS = ("Di luar kewenangan kami, mohon diarahkan ke lembaga yang menangani.",)


@dataclass
class DutyTally:
    """What the duty officers did."""

    verified: int = 0
    rejected: int = 0
    handed: int = 0
    accepted: int = 0
    refused: int = 0
    finished: int = 0
    closed: int = 0


Act = Callable[[], Awaitable[None]]


@dataclass
class _Agenda:
    """Acts in order of the drill's time."""

    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    def add(self, at: datetime, act: Act) -> None:
        heapq.heappush(self.acts, (at, next(self.numbers), act))

    def due(self, now: datetime) -> list[Act]:
        ready = []
        while self.acts and self.acts[0][0] <= now:
            ready.append(heapq.heappop(self.acts)[2])
        return ready


async def duty_work(url: str, stage: Stage, drill: DrillTime, tally: DutyTally | None = None) -> None:
    """Work until cancelled. A page that fails is tried again in the next round; the play goes on without it."""
    desk = _Desk(url, stage, drill, tally or DutyTally())
    try:
        await desk.work()
    finally:
        await desk.leave()


class _Desk:
    """All duty officers of one regency, each with a browser of their own."""

    def __init__(self, url: str, stage: Stage, drill: DrillTime, tally: DutyTally) -> None:
        self._url, self._stage, self._drill, self.tally = url, stage, drill, tally
        self._browsers: dict[str, Browser] = {}
        self._clients: list[httpx.AsyncClient] = []
        self._agenda = _Agenda()
        self._seen: dict[str, datetime] = {}

    async def leave(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def work(self) -> None:
        while True:
            try:
                await self._round()
            except (httpx.HTTPError, _NotThereError) as problem:
                log.info(f"a duty officer could not work: {type(problem).__name__}")
            await asyncio.sleep(ROUND_S)

    async def _round(self) -> None:
        now = self._drill.now()
        for act in self._agenda.due(now):
            await act()
        chief = await self._browser(CHIEF)
        inbox = await chief.open("/laporan")
        for report in dict.fromkeys(found[1] for link in inbox.links if (found := _REPORT.search(link))):
            if report not in self._seen:
                self._seen[report] = now
                rng = self._rng(report)
                if rng.random() < 0.85:
                    delay = timedelta(minutes=rng.uniform(3, 45))
                    self._agenda.add(now + delay, lambda report=report: self._triage(report))  # type: ignore[misc]

    def _rng(self, *names: str) -> Random:
        return stream(self._stage.day.seed, "duty", *names)

    async def _browser(self, name: str) -> Browser:
        """The browser of a person, signed in on first use."""
        if name not in self._browsers:
            client = httpx.AsyncClient(base_url=self._url, timeout=30)
            self._clients.append(client)
            browser = Browser(client)
            page = await browser.open("/masuk/")
            form = page.form_to("/masuk/demo/")
            post = self._stage.desks.get(name)
            if form is None or post is None:
                raise _NotThereError(f"nobody called {name} can sign in")
            await browser.submit(page, form, {"post": post})
            self._browsers[name] = browser
        return self._browsers[name]

    async def _triage(self, report: str) -> None:
        chief, rng = await self._browser(CHIEF), self._rng(report, "triage")
        page = await chief.open(f"/laporan/{report}")
        form = page.form_to("/verifikasi")
        if form is None:
            return
        if rng.random() < 0.12:
            await self._reject(chief, report, rng)
            return
        kind = form.values.get("kind") or "other"
        given = {**_ground(form.values, rng), "kind": kind, "incident": "baru"}
        after = await chief.submit(page, form, given)
        if found := _INCIDENT.search(after.url):
            self.tally.verified += 1
            self._follow(found[1], kind, rng)

    async def _reject(self, chief: Browser, report: str, rng: Random) -> None:
        page = await chief.open(f"/laporan/{report}/tolak")
        form = page.form_to("/tolak")
        if form is not None:
            note = "Pengawas desa sudah memeriksa di tempat, tidak ditemukan."
            await chief.submit(page, form, {"reason": "not_happened", "note": note})
            self.tally.rejected += 1

    def _follow(self, incident: str, kind: str, rng: Random) -> None:
        """What happens to an incident from here on, by whom and when."""
        known = incident_kinds().get(kind)
        agency = known.agency if known else "bawaslu"
        at = self._drill.now()
        if agency not in DESK_OF:
            self._at(at, rng, 3, 15, CHIEF, incident, "start")
            self._finish_later(at, rng, CHIEF, incident)
            return
        self._at(at, rng, 2, 10, CHIEF, incident, "hand-over", {"desk": f"{agency}|{self._area}"})
        partner, answer = DESK_OF[agency], rng.random()
        if answer < 0.8:
            self._at(at, rng, 12, 60, partner, incident, "accept")
            self._finish_later(at, rng, partner, incident)
        elif answer < 0.88:
            self._at(at, rng, 12, 60, partner, incident, "refuse", {"reason": rng.choice(_REFUSALS)})

    @property
    def _area(self) -> str:
        return self._stage.day.world.area

    def _finish_later(self, at: datetime, rng: Random, who: str, incident: str) -> None:
        if rng.random() < 0.7:
            number = f"BA/{rng.randint(1, 400):03d}/{self._stage.day.world.voting_on.year}"
            given = {"note": rng.choice(_DONE), "evidence_kind": "document", "document": number}
            self._at(at, rng, 70, 160, who, incident, "finish", given)
            if rng.random() < 0.75:
                note = "Berita acara dibaca, pelapor dan petugas membenarkan."
                self._at(at, rng, 165, 240, SECOND, incident, "close", {"note": note})

    def _at(
        self,
        at: datetime,
        rng: Random,
        low: float,
        high: float,
        who: str,
        incident: str,
        act: str,
        given: dict[str, str] | None = None,
    ) -> None:
        words = given or {}
        if act == "hand-over":
            words = {**words, "request": rng.choice(_REQUESTS)}
        moment = at + timedelta(minutes=rng.uniform(low, high))
        self._agenda.add(moment, lambda: self._act(who, incident, act, words))

    async def _act(self, who: str, incident: str, act: str, given: dict[str, str]) -> None:
        """Open the incident, press the button of the act, fill in its form."""
        browser = await self._browser(who)
        page = await browser.open(f"/kejadian/{incident}")
        if form := page.form_to(f"/{act}"):
            await browser.submit(page, form, given)
        elif any(link.endswith(f"/{act}") for link in page.links):
            page = await browser.open(f"/kejadian/{incident}/{act}")
            form = page.form_to(f"/{act}") or _own_form(page)
            if form is None:
                return
            after = await browser.submit(page, form, given)
            if after.status >= 400:
                log.warning(f"the act {act} was refused with status {after.status}")
                return
        else:
            return
        self._count(act)

    def _count(self, act: str) -> None:
        name = {
            "hand-over": "handed",
            "accept": "accepted",
            "refuse": "refused",
            "finish": "finished",
            "close": "closed",
        }.get(act)
        if name:
            setattr(self.tally, name, getattr(self.tally, name) + 1)


def _ground(proposed: Mapping[str, str], rng: Random) -> dict[str, str]:
    """What the form proposes, else a paper that the duty officer had before them."""
    if proposed.get("source_check"):
        return {}
    return {"source_check": "document", "document": f"LHP/{rng.randint(1, 400):03d}"}


def _own_form(page: Page) -> Form | None:
    return next((form for form in page.forms if form.method == "post" and not form.action), None)


class _NotThereError(RuntimeError):
    """A page has not what it should have."""
