// The live line. One tab of a browser holds the connection and tells the others; ids only come over it.
// Lists never move by themselves: a pill counts what is new until it is taken. Figures refresh in place.
import { all, one, say } from "./dom";
import { clockSet, type Clock } from "./times";

type News = { record: string; subject: string; name: string; area: string };

const body = document.body;
const address = body.dataset.live;
const words = body.dataset;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("ronda-live") : null;

function show(state: "on" | "wait" | "off"): void {
  for (const place of all<HTMLElement>("[data-conn]")) {
    place.dataset.state = state;
    const text = state === "on" ? words.wordOn : state === "off" ? words.wordOff : words.wordWait;
    const label = one("span", place);
    if (label && text && label.textContent !== text) label.textContent = text;
  }
}

function count(pill: HTMLElement): void {
  const number = Number(pill.dataset.count ?? "0") + 1;
  pill.dataset.count = String(number);
  const label = one("span", pill);
  const text = (number === 1 ? words.wordOne : words.wordMany)?.replace("%n", String(number)) ?? String(number);
  if (label) label.textContent = text;
  if (pill.hidden) {
    pill.hidden = false;
    say(text);
  }
}

const meant = (element: HTMLElement, news: News, list: string): boolean => {
  const records = list.split(" ");
  if (!records.includes(news.record) && !records.includes("*")) return false;
  if (element.dataset.area && !news.area.startsWith(element.dataset.area)) return false;
  return !element.dataset.subject || element.dataset.subject === news.subject;
};

let holding = false;
const stale = new Set<Element>();

// The first change shows at once; after it the page waits as long as the answers took, ten times over, so that many
// open pages cannot load a node more than it bears on the night itself.
const GATHER_MS = 30;
const REST_MS = { least: 700, most: 4000, times: 10 };
let waiting: number | undefined;
let restUntil = 0;

function refresh(): void {
  waiting = undefined;
  if (document.hidden) return;
  restUntil = performance.now() + REST_MS.least;
  for (const element of stale) {
    if (element.isConnected) window.htmx.trigger(element, "fresh");
  }
  stale.clear();
}

function refreshSoon(): void {
  if (!stale.size) return;
  waiting ??= window.setTimeout(refresh, Math.max(GATHER_MS, restUntil - performance.now()));
}

const asked = new WeakMap<Element, number>();
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target instanceof HTMLElement && event.target.dataset.fresh) asked.set(event.target, performance.now());
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const began = event.target instanceof Element ? asked.get(event.target) : undefined;
  if (began === undefined) return;
  const now = performance.now();
  const rest = Math.min(REST_MS.most, Math.max(REST_MS.least, (now - began) * REST_MS.times));
  restUntil = Math.max(restUntil, now + rest);
});

function take(news: News): void {
  for (const pill of all<HTMLElement>("[data-news]")) {
    if (meant(pill, news, pill.dataset.news ?? "")) count(pill);
  }
  for (const element of all<HTMLElement>("[data-fresh]")) {
    if (meant(element, news, element.dataset.fresh ?? "")) stale.add(element);
  }
  refreshSoon();
}

document.addEventListener("visibilitychange", refreshSoon);
document.body.addEventListener("htmx:afterRequest", (event) => {
  const pill = event.target;
  if (pill instanceof HTMLElement && pill.dataset.news !== undefined && pill.isConnected) {
    pill.hidden = true;
    pill.dataset.count = "0";
  }
});

function connect(url: string): void {
  const source = new EventSource(url);
  source.addEventListener("news", (event) => {
    const news = JSON.parse((event as MessageEvent<string>).data) as News;
    channel?.postMessage({ news });
    take(news);
  });
  source.addEventListener("clock", (event) => {
    const clock = JSON.parse((event as MessageEvent<string>).data) as Clock;
    channel?.postMessage({ clock });
    clockSet(clock);
  });
  source.addEventListener("leave", () => location.reload());
  source.onopen = () => tell("on");
  source.onerror = () => tell(navigator.onLine ? "wait" : "off");
}

function tell(state: "on" | "wait" | "off"): void {
  channel?.postMessage({ state });
  show(state);
}

if (address) {
  channel?.addEventListener("message", (event: MessageEvent<{ news?: News; clock?: Clock; state?: "on" | "wait" | "off"; ask?: boolean }>) => {
    if (event.data.news) take(event.data.news);
    if (event.data.clock) clockSet(event.data.clock);
    if (event.data.state) show(event.data.state);
    if (event.data.ask && holding) tell(one<HTMLElement>("[data-conn]")?.dataset.state === "on" ? "on" : "wait");
  });
  addEventListener("offline", () => show("off"));
  addEventListener("online", () => show("wait"));
  if (navigator.locks && channel) {
    channel.postMessage({ ask: true });
    void navigator.locks.request("ronda-live", () => {
      holding = true;
      connect(address);
      return new Promise(() => undefined);
    });
  } else {
    connect(address);
  }
}
