// What is to be done today: overdue first, then by time; what is done is one line.
import type { Form } from "../forms.ts";
import type { CallDuty, IncidentDuty, StepDuty } from "../node.ts";
import { unshut } from "../pin.ts";
import { of } from "../store.ts";
import type { Draft } from "../store.ts";
import { clock, moment, named, span, t } from "../words.ts";
import { h, icon, iconNamed, mark } from "./dom.ts";
import { begin, formOf, resume } from "./fill.ts";
import { empty, frame } from "./frame.ts";
import { app } from "./state.ts";

interface Duty {
  title: string;
  note: string;
  due: number;
  lateFrom: number;
  go: () => void;
}

const CLOCK_OFF_MS = 5 * 60_000;

export async function today(): Promise<Node> {
  const { page } = app.in;
  const told = await toldHere();
  const steps = page.steps.map((one) => ({ ...one, open: one.open.filter((code) => !told.has(`${one.form} ${code}`)) }));
  const calls = page.roll_calls.map((one) => ({ ...one, answered: one.answered || told.has(`${one.form} `) }));
  const incidents = page.incidents.map(incident);
  const open = [...steps.flatMap(step), ...calls.flatMap(call)].sort((a, b) => a.due - b.due);
  const done = steps.filter((one) => !one.open.length).length + calls.filter((one) => one.answered).length;
  const drafts = await Promise.all((await of(app.db, "drafts", app.in.person.id)).map(draftRow));
  const all = open.length + done;
  const isQuiet = !all && !incidents.length;
  const title = page.person.area_name || page.person.unit;
  const about = [page.person.role, page.election && named(page.election.name)].filter(Boolean).join(" · ");
  const body = [
    ...clockNote(),
    ...drafts,
    ...(incidents.length ? [h("h2", { class: "fday" }, t("incidents")), ...incidents.map(row)] : []),
    h("h2", { class: "fday" }, `${t("today")}, ${t("today_done", { a: done, b: all })}`),
    ...open.map(row),
    ...(done ? [doneRow(done)] : []),
    ...(isQuiet ? [empty(t("no_tasks"), t("no_tasks_why"))] : []),
  ];
  return frame({ title, about, tab: "tasks", foot: reportButton() }, ...body);
}

/** What this phone has told already, sent or not: form and station of every entry that is listed. */
async function toldHere(): Promise<Set<string>> {
  const entries = await of(app.db, "outbox", app.in.person.id);
  const labels = await Promise.all(entries.map((entry) => unshut<{ form: string; station: string }>(app.in.key, entry.label)));
  return new Set(labels.map((label) => `${label?.form} ${label?.station}`));
}

/** In a simulation it is the node whose clock is another. */
function clockNote(): HTMLElement[] {
  const offset = app.in.page.drill ? 0 : (app.in.offset ?? 0);
  return Math.abs(offset) > CLOCK_OFF_MS ? [h("p", { class: "note", role: "note" }, t("clock_off", { span: span(offset) }))] : [];
}

function reportButton(): Node {
  const form = app.in.forms?.forms.find((one) => one.kind === "report");
  if (!form) return h("p", { class: "note" }, t("no_key"));
  const button = h("button", { class: "bigbtn", type: "button", onclick: () => begin(form) }, icon("camera"), t("report_now"));
  return h("div", { class: "fact-bar" }, button);
}

function incident(one: IncidentDuty): Duty {
  const form = app.in.forms?.forms.find((form) => form.kind === "followup");
  const due = Date.parse(one.due_at);
  const go = (): void => void (form && begin(form, { incident: one.id }));
  return { title: one.title, note: `${one.label} · ${one.place}`, due, lateFrom: due, go };
}

function step(one: StepDuty): Duty[] {
  const form = formOf(one.form);
  if (!form || !one.open.length) return [];
  const note = one.stations === 1 ? t("station_left") : t("stations_left", { n: one.open.length, all: one.stations });
  return [timed(form, note, one)];
}

function call(one: CallDuty): Duty[] {
  const form = formOf(one.form);
  return form && !one.answered ? [timed(form, t("not_answered"), one)] : [];
}

function timed(form: Form, note: string, one: StepDuty | CallDuty): Duty {
  return { title: named(form.name), note, due: Date.parse(one.by), lateFrom: Date.parse(one.late_from), go: () => begin(form) };
}

function row(duty: Duty): HTMLElement {
  const now = app.now();
  const isLate = duty.lateFrom <= now;
  const isNear = !isLate && duty.due - now < 3_600_000;
  const zone = app.in.page.zone;
  const left = isLate ? t("late", { span: span(now - duty.lateFrom) }) : t("left", { span: span(duty.due - now) });
  return h(
    "button",
    { class: isLate ? "task late" : "task", type: "button", onclick: duty.go },
    mark(isLate ? "late" : isNear ? "proc" : "new"),
    h(
      "span",
      { class: "grow" },
      h("b", null, duty.title),
      h("small", null, `${left} · ${moment(duty.due, now, zone.key)} ${zone.name}`),
      h("small", { class: "quiet" }, duty.note),
    ),
    icon("right"),
  );
}

function doneRow(n: number): HTMLElement {
  return h("p", { class: "task done" }, mark("done"), h("b", null, t("tasks_done", { n })));
}

async function draftRow(draft: Draft): Promise<HTMLElement> {
  const label = await unshut<{ title: string }>(app.in.key, draft.box);
  return h(
    "button",
    { class: "task", type: "button", onclick: () => void resume(draft.id) },
    iconNamed("draft"),
    h("span", { class: "grow" }, h("b", null, label?.title ?? ""), h("small", null, t("draft_from", { when: clock(draft.at) }))),
    icon("right"),
  );
}
