// People to call, and what this phone is set to.
import { change, of, write } from "../store.ts";
import { spoken, t } from "../words.ts";
import { h, icon } from "./dom.ts";
import { frame } from "./frame.ts";
import { removing } from "./people.ts";
import { app } from "./state.ts";
import { setLanguage, setTheme, theme } from "./wear.ts";

type Install = Event & { prompt(): Promise<unknown> };
let install: Install | null = null;

export function listenInstall(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    install = event as Install;
  });
}

export async function more(): Promise<Node> {
  const { page, person, forms } = app.in;
  const waiting = (await of(app.db, "outbox", person.id)).filter((entry) => entry.state === "saved").length;
  return frame(
    { title: t("more"), about: `${page.person.name} · ${page.person.unit}`, tab: "more" },
    section(t("people"), ...people()),
    section(t("settings"), select(t("language"), languages(), spoken(), languageTo), select(t("theme"), themes(), theme(), setTheme), traceless()),
    section(t("storage"), await storage(), ...installing()),
    h(
      "div",
      { class: "acts" },
      h("button", { class: "bigbtn alt", type: "button", onclick: () => app.lock() }, icon("lock"), t("lock")),
      removing(person, waiting),
      h("p", { class: "quiet" }, t("version", { app: (await appVersion()).slice(0, 7), forms: (forms?.version ?? "–").slice(0, 7) })),
    ),
  );
}

/** The build that the worker keeps on this phone. */
async function appVersion(): Promise<string> {
  const kept = (await caches.keys()).find((name) => name.startsWith("ronda-lapangan-"));
  return kept?.replace("ronda-lapangan-", "") ?? "–";
}

const section = (title: string, ...body: Node[]): HTMLElement => h("section", { class: "sec" }, h("h2", { class: "fday" }, title), ...body);

function people(): HTMLElement[] {
  const rows = app.in.page.people;
  if (!rows.length) return [h("p", { class: "note" }, t("no_people"))];
  return rows.map((one) =>
    h(
      "div",
      { class: "task" },
      h("span", { class: "grow" }, h("b", null, one.name), h("small", null, `${one.role} · ${one.unit}`), !one.phone && h("small", { class: "quiet" }, t("no_phone"))),
      one.phone && h("a", { class: "callbtn", href: `tel:${one.phone.replace(/[^\d+]/g, "")}`, "aria-label": t("call", { name: one.name }) }, icon("phone"), one.phone),
    ),
  );
}

function select(name: string, options: [string, string][], value: string, act: (value: string) => void): HTMLElement {
  const id = `set-${name}`;
  const list = h("select", { id }, ...options.map(([key, word]) => h("option", { value: key, selected: key === value }, word)));
  list.addEventListener("change", () => act(list.value));
  return h("div", { class: "field" }, h("label", { for: id }, name), list);
}

const languages = (): [string, string][] => [["id", "Bahasa Indonesia"], ["en", "English"]];
const themes = (): [string, string][] => [["auto", t("theme_auto")], ["light", t("theme_light")], ["dark", t("theme_dark")]];

/** The node says roles, names of incidents and the like in the new language, so it is asked again. */
function languageTo(value: string): void {
  setLanguage(value);
  app.askAgain();
  void app.show(more);
}

function traceless(): HTMLElement {
  const { person } = app.in;
  const input = h("input", { type: "checkbox", checked: person.isTraceless || undefined });
  input.addEventListener("change", () => void setTraceless(input.checked));
  return h("label", { class: "opt flag" }, input, h("span", { class: "rd sq" }), h("span", null, h("b", null, t("traceless")), h("small", null, t("traceless_why"))));
}

/** From now on nothing that was received is listed; what stands in the list already goes at once. */
async function setTraceless(isOn: boolean): Promise<void> {
  const { person } = app.in;
  person.isTraceless = isOn;
  await change(app.db, "people", person.id, (row) => (row.isTraceless = isOn));
  if (isOn) await forgetReceived(person.id);
  await app.show(more);
}

async function forgetReceived(person: string): Promise<void> {
  const rows = (await of(app.db, "outbox", person)).filter((entry) => entry.state !== "saved");
  await write(app.db, ["outbox"], (work) => {
    for (const row of rows) work.objectStore("outbox").delete(row.id);
  });
}

async function storage(): Promise<HTMLElement> {
  const isKept = (await navigator.storage?.persisted?.()) ?? false;
  return h("p", { class: "note plainnote" }, t(isKept ? "storage_kept" : "storage_loose"));
}

function installing(): HTMLElement[] {
  const offered = install;
  if (!offered) return [];
  return [h("button", { class: "bigbtn alt", type: "button", onclick: () => void offered.prompt() }, t("install"))];
}
