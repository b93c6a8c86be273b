// The app as a whole: opens the store, keeps itself on the phone, and leads from screen to screen.
import { open } from "../store.ts";
import { t } from "../words.ts";
import { h } from "./dom.ts";
import { choose } from "./choose.ts";
import { close, exits, keepNow } from "./fill.ts";
import type { Tab } from "./frame.ts";
import { routes, stripRenew } from "./frame.ts";
import { listenInstall, more, wear } from "./more.ts";
import { arriving, door } from "./people.ts";
import { sent, sentRows } from "./sent.ts";
import type { Screen } from "./state.ts";
import { app } from "./state.ts";
import { today } from "./today.ts";

const WORKER = "/lapangan/worker.js";
const SCREENS: Record<Tab, Screen> = { tasks: today, report: choose, outbox: sent, more };
let tab: Tab = "tasks";

// Trusted Types: the app writes no markup; the one script address that it ever gives is that of its worker.
type Policies = { createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown };
(window as { trustedTypes?: Policies }).trustedTypes?.createPolicy("default", {
  createScriptURL: (address) => {
    if (address !== WORKER) throw new TypeError("not an address of the app");
    return address;
  },
});

function go(wanted: Tab): void {
  tab = wanted;
  close();
  void app.show(SCREENS[wanted]);
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
  document.addEventListener("visibilitychange", () => (document.hidden ? keepNow() : app.pulse()));
  window.addEventListener("hashchange", () => void start());
}

function connection(): void {
  const place = app.root.querySelector(".sbar [role=status]");
  if (!place) return;
  place.textContent = t(navigator.onLine ? "online" : "offline");
  place.classList.toggle("off", !navigator.onLine);
}

/** A code in the address is taken out of it at once: it stays in no history. */
function arrivingToken(): string {
  const found = /^#kunci=(.+)$/.exec(location.hash);
  if (!found?.[1]) return "";
  history.replaceState(null, "", "/lapangan/");
  return decodeURIComponent(found[1]);
}

async function start(): Promise<void> {
  const token = arrivingToken();
  if (token) await app.show(() => arriving(token));
  else if (!app.session) await app.show(door);
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
  routes(go);
  exits(() => go("tasks"), () => go("outbox"));
  app.onLock = locked;
  app.onNews = () => void news();
  app.onEnter = () => go("tasks");
  listen();
  await start();
  void navigator.storage?.persist?.();
  void navigator.serviceWorker?.register(WORKER, { scope: "/lapangan/" });
}

void run();
