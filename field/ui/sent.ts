// What was sent and how far each is.
import { unshut } from "../pin.ts";
import type { Entry } from "../store.ts";
import { change, of, STATES } from "../store.ts";
import { sentShare } from "../sync.ts";
import { figure, moment, t } from "../words.ts";
import { h, mark, stateIcon } from "./dom.ts";
import { empty, frame } from "./frame.ts";
import { app } from "./state.ts";

export async function sent(): Promise<Node> {
  const rows = await sentRows();
  return frame({ title: t("outbox"), about: t("none_lost"), tab: "outbox" }, h("div", { "data-sent": "" }, ...rows));
}

export async function sentRows(): Promise<HTMLElement[]> {
  const entries = (await of(app.db, "outbox", app.in.person.id)).sort((a, b) => b.at - a.at);
  if (entries.length) return Promise.all(entries.map(row));
  return [empty(t("nothing_sent"), t(app.in.person.isTraceless ? "traceless_empty" : "nothing_sent_why"))];
}

async function row(entry: Entry): Promise<HTMLElement> {
  const label = await unshut<{ title: string; note?: string }>(app.in.key, entry.label);
  const at = STATES.indexOf(entry.state);
  const track = STATES.map((_state, n) => h("i", { class: n <= at ? "y" : "" }));
  return h(
    "article",
    { class: "msg", "data-state": entry.state },
    h("b", null, label?.title ?? ""),
    h("small", null, [label?.note, moment(entry.at, Date.now())].filter(Boolean).join(" · ")),
    h("div", { class: "track", "aria-hidden": "true" }, ...track),
    h("span", { class: entry.problem ? "st bad" : "st" }, stateIcon(entry.state), words(entry)),
    became(entry),
    entry.problem && h("button", { class: "plain", type: "button", onclick: () => void again(entry) }, t("again")),
  );
}

/** What the node told last of how far a report is. */
function became(entry: Entry): HTMLElement | undefined {
  const told = app.in.page.became?.[entry.id];
  if (!told) return undefined;
  const when = moment(Date.parse(told.at), Date.now());
  return h("span", { class: "st became" }, mark(told.is_over ? "done" : "proc"), `${told.words} · ${when}`);
}

function words(entry: Entry): string {
  if (entry.problem === "receipt") return t("say_receipt");
  if (entry.problem) return t("say_refused", { why: entry.problem });
  if (entry.state === "received") return t("say_received");
  if (entry.state === "logged") return t("say_logged", { n: figure(entry.index) });
  if (entry.state === "safe") return t("say_safe");
  const share = sentShare(entry);
  return share ? t("say_sending", { n: Math.floor(share * 100) }) : t("say_saved");
}

async function again(entry: Entry): Promise<void> {
  await change(app.db, "outbox", entry.id, (row) => (row.problem = ""));
  app.pulse();
  await app.show(sent);
}
