// The app as a whole: opens the store, keeps itself on the phone, and leads from screen to screen.
import { open } from "../store.ts";
import { t } from "../words.ts";
import { h } from "./dom.ts";
import { choose } from "./choose.ts";
import { begin, close, exits, keepNow } from "./fill.ts";
import type { Tab } from "./frame.ts";
import { routes, stripRenew } from "./frame.ts";
import { listenInstall, more } from "./more.ts";
import { arriving, door } from "./people.ts";
import { sent, sentRows } from "./sent.ts";
import type { Screen } from "./state.ts";
import { app } from "./state.ts";
import { today } from "./today.ts";
import { wear } from "./wear.ts";

const WORKER = "/lapangan/worker.js";
const SCREENS: Record<Tab, Screen> = { tasks: today, report: choose, outbox: sent, more };
const LOCK_AFTER_MS = 10 * 60_000;
let tab: Tab = "tasks";
let away: [number, number] = [0, 0];
let scanned = "";

// Trusted Types: the app writes no markup; the one script address that it ever gives is that of its worker.
type Policies = { createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown };
(window as { trustedTypes?: Policies }).trustedTypes?.createPolicy("default", {
  createScriptURL: (address) => {
    if (address !== WORKER) throw new TypeError("not an address of the app");
    return address;
  },
});

async function go(wanted: Tab): Promise<void> {
  tab = wanted;
  close();
  await app.show(SCREENS[wanted]);
}

/** Something moved: counts and states change in place; a list is drawn again only when nobody is in it. */
async function news(): Promise<void> {
  if (!app.session || app.root.querySelector(".door")) return;
  await stripRenew();
  if (app.root.querySelector("form.ask")) return;
  const list = app.root.querySelector("[data-sent]");
  if (list) list.replaceChildren(...(await sentRows()));
  else if (tab === "tasks" && app.root.querySelector(".task, .empty")) await renewToday();
}

/** Duties are drawn anew in the body alone, so that the focus in head and foot stays. */
async function renewToday(): Promise<void> {
  const body = app.root.querySelector(".fbody");
  const next = (await today()) as HTMLElement;
  const [old, fresh] = [body?.textContent, next.querySelector(".fbody")?.textContent];
  const isTouched = body?.contains(document.activeElement);
  if (body && old !== fresh && !isTouched) {
    app.root.replaceChildren(next);
  }
}

function locked(): void {
  close();
  tab = "tasks";
  void app.show(door);
}

function listen(): void {
  window.addEventListener("online", () => (app.pulse(), connection()));
  window.addEventListener("offline", connection);
  window.addEventListener("focus", () => app.pulse());
  document.addEventListener("visibilitychange", () => (document.hidden ? leaving() : back()));
  window.addEventListener("hashchange", () => void start());
}

function leaving(): void {
  keepNow();
  away = [performance.now(), Date.now()];
}

/** A phone that lay about is locked: whoever picks it up need not be its person. One clock stops while the phone sleeps,
 * the other can be set; the longer time counts. */
function back(): void {
  const [ticks, time] = away;
  const gone = Math.max(performance.now() - ticks, Date.now() - time);
  if (app.session && gone > LOCK_AFTER_MS) app.lock();
  else app.pulse();
}

function connection(): void {
  const place = app.root.querySelector(".sbar [role=status]");
  if (!place) return;
  place.textContent = t(navigator.onLine ? "online" : "offline");
  place.classList.toggle("off", !navigator.onLine);
}

/** What came with the address is taken out of it at once: it stays in no history. */
function arrived(): { token: string; event: string } {
  const [, what, value = ""] = /^#(kunci|acara)=(.+)$/.exec(location.hash) ?? [];
  if (what) history.replaceState(null, "", "/lapangan/");
  const said = decodeURIComponent(value);
  return { token: what === "kunci" ? said : "", event: what === "acara" ? said : "" };
}

async function start(): Promise<void> {
  const { token, event } = arrived();
  scanned = event || scanned;
  if (token) await app.show(() => arriving(token));
  else if (!app.session) await app.show(door);
  else if (scanned) attend();
}

/** The form of the event whose code was scanned, once somebody is in. */
function attend(): void {
  const form = app.in.forms?.forms.find((one) => one.kind === "attendance");
  if (form) begin(form, { event: scanned });
  scanned = "";
}

async function entered(): Promise<void> {
  await go("tasks");
  if (scanned) attend();
}

async function run(): Promise<void> {
  wear();
  listenInstall();
  const place = document.querySelector<HTMLElement>("#app");
  if (!place) return;
  app.root = place;
  document.body.append(h("p", { id: "say", role: "status" }));
  try {
    app.db = await open();
  } catch {
    place.replaceChildren(h("div", { class: "phone" }, h("main", { class: "door" }, h("h1", null, "Ronda Lapangan"), h("p", null, t("no_db")))));
    return;
  }
  routes((wanted) => void go(wanted));
  exits(() => go("tasks"), () => go("outbox"));
  app.onLock = locked;
  app.onNews = () => void news();
  app.onEnter = () => void entered();
  listen();
  await start();
  void navigator.storage?.persist?.();
  void navigator.serviceWorker?.register(WORKER, { scope: "/lapangan/" });
}

void run();
