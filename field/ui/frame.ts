// What stands around every screen of a person: head, the four delivery states, the bottom bar.
import type { State } from "../store.ts";
import { of, STATES } from "../store.ts";
import { t } from "../words.ts";
import type { Icon } from "./dom.ts";
import { h, icon, stateIcon } from "./dom.ts";
import { app } from "./state.ts";

export type Tab = "tasks" | "report" | "outbox" | "more";
const TABS: [Tab, Icon][] = [
  ["tasks", "tasks"],
  ["report", "plus"],
  ["outbox", "up"],
  ["more", "menu"],
];

export interface Framed {
  title: string;
  about: string;
  tab?: Tab;
  back?: () => void;
  foot?: Node;
  progress?: number;
}

let goTo: (tab: Tab) => void = () => undefined;
export const routes = (go: (tab: Tab) => void): void => void (goTo = go);

export async function frame(given: Framed, ...body: Node[]): Promise<HTMLElement> {
  return h(
    "div",
    { class: "phone" },
    banner(),
    head(given),
    given.progress !== undefined && h("progress", { class: "steps", max: 1, value: given.progress, "aria-hidden": "true" }),
    await strip(),
    h("main", { class: "fbody" }, ...body),
    given.foot ?? null,
    given.tab ? bottom(given.tab) : null,
  );
}

function banner(): HTMLElement {
  const { drill } = app.in.page;
  const word = drill === "latihan" ? t("drill") : drill ? t("simulated") : "";
  const isOn = navigator.onLine;
  return h(
    "div",
    { class: "sbar" },
    h("b", null, word),
    h("span", { class: isOn ? "" : "off", role: "status" }, t(isOn ? "online" : "offline")),
  );
}

function head(given: Framed): HTMLElement {
  return h(
    "header",
    { class: "fhead" },
    given.back && h("button", { class: "back", type: "button", "aria-label": t("back"), onclick: given.back }, icon("left")),
    h("div", { class: "grow" }, h("h1", { tabindex: -1 }, given.title), h("p", { "data-about": "" }, given.about)),
    app.in.person.isTraceless &&
      h("button", { class: "quick", type: "button", onclick: leave }, icon("out"), t("leave")),
  );
}

/** Away at once: no keys in memory, nothing on the screen, nothing to go back to. */
export function leave(): void {
  app.lock();
  document.body.replaceChildren();
  location.replace("about:blank");
}

async function strip(): Promise<HTMLElement> {
  const counts = await counted();
  return h(
    "section",
    { class: "deliv", "aria-label": t("states") },
    ...STATES.map((state) => h("div", { "data-state": state }, h("b", null, stateIcon(state), String(counts[state])), t(state))),
  );
}

async function counted(): Promise<Record<State, number>> {
  const counts: Record<State, number> = { saved: 0, received: 0, logged: 0, safe: 0 };
  for (const entry of await of(app.db, "outbox", app.in.person.id)) counts[entry.state] += 1;
  return counts;
}

/** New counts in the place of the old, without moving anything. */
export async function stripRenew(): Promise<void> {
  const counts = await counted();
  for (const state of STATES) {
    const place = app.root.querySelector(`.deliv [data-state=${state}] b`)?.lastChild;
    if (place) place.textContent = String(counts[state]);
  }
}

function bottom(current: Tab): HTMLElement {
  const items = TABS.map(([tab, name]) =>
    h("button", { type: "button", "aria-current": tab === current && "page", onclick: () => goTo(tab) }, icon(name), t(tab)),
  );
  return h("nav", { class: "bot", "aria-label": "Ronda" }, ...items);
}

export const empty = (title: string, why: string): HTMLElement =>
  h("div", { class: "empty" }, h("b", null, title), h("p", null, why));
