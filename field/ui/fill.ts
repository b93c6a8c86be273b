// Filling in a form: one step at a time, a draft after every change, and at the end one sealed message.
import { uuid7 } from "../bytes.ts";
import type { Answers, Definitions, Field, Form, Step } from "../forms.ts";
import { message, missing, nothing } from "../forms.ts";
import { shut, unshut } from "../pin.ts";
import type { FileRef } from "../queue.ts";
import { enqueue } from "../queue.ts";
import { draftDrop, get, write } from "../store.ts";
import type { Where } from "../where.ts";
import { follow } from "../where.ts";
import { clock, named, t } from "../words.ts";
import { h, icon, say } from "./dom.ts";
import { field } from "./fields.ts";
import { frame } from "./frame.ts";
import { app } from "./state.ts";

/** A photo of the draft: how it is sent, and the small copy that is shown. */
export interface Shot extends FileRef {
  shown: string;
}

/** What a draft holds; opens with the PIN. */
interface Kept {
  title: string;
  answers: Answers;
  shots: Shot[];
  step: number;
}

/** A form that is being filled in on the screen. */
export interface Filling {
  id: string;
  form: Form;
  definitions: Definitions;
  answers: Answers;
  shots: Shot[];
  step: number;
  savedAt: number;
  isEnding: boolean;
  changed: () => void;
  village: () => void;
}

let current: Filling | null = null;
let place: Where | null = null;
let stopPlace: () => void = () => undefined;
let soon = 0;
type Exit = () => Promise<void>;
let goHome: Exit = async () => undefined;
let goSent: Exit = async () => undefined;
export const exits = (home: Exit, sent: Exit): void => void ([goHome, goSent] = [home, sent]);

export const formOf = (id: string): Form | undefined => app.in.forms?.forms.find((form) => form.id === id);

/** A new draft; what is known already is filled in. */
export function begin(form: Form, given: Record<string, unknown> = {}): void {
  const { forms, page } = app.in;
  if (!forms) return;
  const answers = nothing();
  Object.assign(answers.fields, given);
  const only = page.places.length === 1 ? page.places[0] : undefined;
  if (only) answers.fields.place = only.code;
  if (only?.stations.length === 1 && form.id.includes(":")) answers.fields.station = only.stations[0];
  open({ id: uuid7(Date.now()), form, definitions: forms, answers, shots: [], step: 0, savedAt: 0 });
}

/** A draft goes on with the version of the forms it was begun with, whatever the node has today. */
export async function resume(id: string): Promise<void> {
  const draft = await get(app.db, "drafts", id);
  const kept = draft && (await unshut<Kept>(app.in.key, draft.box));
  const text = draft && (await get(app.db, "forms", draft.version))?.text;
  if (!draft || !kept || !text) return;
  const definitions = JSON.parse(text) as Definitions;
  const form = definitions.forms.find((one) => one.id === draft.form);
  if (form) open({ id, form, definitions, ...kept, savedAt: draft.at });
}

function open(given: Omit<Filling, "changed" | "village" | "isEnding">): void {
  const filling: Filling = { ...given, isEnding: false, changed: () => later(filling), village: () => undefined };
  current = filling;
  place = null;
  stopPlace();
  stopPlace = follow((where) => placed(where), () => placed(null));
  void app.show(screen);
}

function placed(where: Where | null): void {
  place = where ?? place;
  const shown = app.root.querySelector("[data-place]");
  if (shown) shown.textContent = place ? t("place_exact", { n: place.accuracy_m }) : t("place_none");
}

/** Forget what is on the screen; the draft is on disk. */
export function close(): void {
  stopPlace();
  window.clearTimeout(soon);
  current = null;
}

function later(filling: Filling): void {
  complain("");
  window.clearTimeout(soon);
  soon = window.setTimeout(() => void keep(filling), 400);
}

/** Keep what was typed last: the phone is put away, or the app may be ended. */
export function keepNow(): void {
  if (current?.savedAt) void keep(current);
}

/** Write the draft down, with the forms it was begun with: they may have left the phone since. One whose message is being
 * saved is no draft any more. */
export async function keep(filling: Filling): Promise<void> {
  const isOver = (): boolean => current !== filling || filling.isEnding;
  if (isOver() || !app.session) return;
  const { answers, shots, step, form, definitions } = filling;
  const { version } = definitions;
  try {
    const { key, person } = app.in;
    const box = await shut(key, { title: named(form.name), answers, shots, step } satisfies Kept);
    const isKnown = (await get(app.db, "forms", version)) !== undefined;
    const at = Date.now();
    if (isOver()) return;
    await write(app.db, ["drafts", "forms"], (work) => {
      if (!isKnown) work.objectStore("forms").put({ version, text: JSON.stringify(definitions) });
      work.objectStore("drafts").put({ id: filling.id, person: person.id, form: form.id, version, at, box });
    });
    filling.savedAt = at;
    const about = app.root.querySelector("[data-about]");
    if (about && current === filling) about.textContent = progress(filling);
    app.root.querySelector("[data-drop]")?.removeAttribute("hidden");
  } catch (error) {
    say(problem(error));
  }
}

/** What went wrong with saving, in words; what was saved before is not touched by it. */
export function problem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  return name === "QuotaExceededError" ? t("full") : t("not_saved", { why: name || String(error) });
}

function progress({ form, step, savedAt }: Filling): string {
  const steps = form.steps.length > 1 ? [t("step_of", { a: step + 1, b: form.steps.length })] : [];
  return [...steps, ...(savedAt ? [t("draft_saved", { when: clock(savedAt) })] : [])].join(" · ");
}

async function screen(): Promise<Node> {
  const filling = current;
  if (!filling) throw new Error("no form is open");
  const { form, step } = filling;
  const asked = form.steps[step];
  if (!asked) throw new Error("no such step");
  const isOld = filling.definitions.version !== app.in.forms?.version;
  const body = h(
    "form",
    { class: "ask", novalidate: true, onsubmit: (event: Event) => event.preventDefault() },
    h("div", { class: "q-h" }, h("h2", null, named(asked.name)), asked.hint && h("p", null, named(asked.hint))),
    isOld && h("p", { class: "note" }, t("old_form")),
    ...asked.fields.map((one) => field(filling, one)),
    step === form.steps.length - 1 && placeLine(),
    h("p", { class: "bad", role: "alert", "data-problem": "" }),
  );
  return frame(
    {
      title: named(form.name),
      about: progress(filling),
      back: () => void back(filling),
      progress: form.steps.length > 1 ? (step + 1) / form.steps.length : undefined,
      foot: isStuck(asked) ? undefined : h("div", { class: "fact-bar" }, forward(filling)),
    },
    body,
    dropping(filling),
  );
}

/** Two presses, and only where there is a draft: what was typed and photographed is gone with it. */
function dropping(filling: Filling): HTMLElement {
  const button = h("button", { class: "plain", type: "button", "data-drop": "", hidden: !filling.savedAt }, t("drop"));
  let isAsked = false;
  button.addEventListener("click", () => {
    if (isAsked) return void dropped(filling);
    isAsked = true;
    button.textContent = t("drop_sure");
    button.classList.add("bad");
  });
  return button;
}

/** Nothing to choose from, so there is no way on. */
const isStuck = (step: Step): boolean => !app.in.page.incidents.length && step.fields.some((one) => one.type === "incident" && one.needed);

function placeLine(): HTMLElement {
  const words = place ? t("place_exact", { n: place.accuracy_m }) : t("place_wait");
  return h("p", { class: "gps" }, icon("pin"), h("span", { "data-place": "", role: "status" }, words));
}

function forward(filling: Filling): HTMLElement {
  const { form, step } = filling;
  const next = form.steps[step + 1];
  const word = next ? t("next", { name: inside(named(next.name)) }) : t("save");
  const button = h("button", { class: "bigbtn", type: "button" }, word);
  button.addEventListener("click", () => void onward(filling, button));
  return button;
}

/** A title as it reads inside a sentence: a small first letter, but not of TPS. */
const inside = (title: string): string => title.replace(/\?$/, "").replace(/^[A-Z](?![A-Z])/, (first) => first.toLowerCase());

/** One press, one step: a second one that comes before the screen has changed does nothing. */
async function onward(filling: Filling, button: HTMLButtonElement): Promise<void> {
  if (button.disabled) return;
  const step = filling.form.steps[filling.step];
  const lacking = step && missing(step, withShots(filling))[0];
  if (lacking) return complain(lackWords(lacking, filling), lacking.id);
  button.disabled = true;
  if (filling.step < filling.form.steps.length - 1) return turn(filling, filling.step + 1);
  button.textContent = t("saving");
  filling.isEnding = true;
  try {
    await finish(filling);
  } catch (error) {
    filling.isEnding = false;
    complain(problem(error));
    button.disabled = false;
    button.textContent = t("save");
  }
}

/** What to do about a field: fill it in, or write a number that is one. */
function lackWords(field: Field, { answers }: Filling): string {
  const name = named(field.name);
  const isFilled = Boolean(answers.fields[field.id]);
  return field.type === "number" && isFilled ? `${name}: ${t("number_0", { n: field.most ?? "…" })}` : t("needed", { name });
}

const withShots = ({ answers, shots }: Filling): Answers => ({ ...answers, fields: { ...answers.fields, photos: shots } });

/** Say what is lacking and lead to it; nothing takes back what was said. */
function complain(text: string, id = ""): void {
  const shown = app.root.querySelector("[data-problem]");
  if (shown) shown.textContent = text;
  if (!text) return;
  shown?.scrollIntoView({ block: "nearest" });
  app.root.querySelector<HTMLElement>(`[data-field="${CSS.escape(id)}"] :is(input, textarea, select, button)`)?.focus();
}

async function turn(filling: Filling, step: number): Promise<void> {
  filling.step = step;
  await keep(filling);
  await app.show(screen);
}

async function back(filling: Filling): Promise<void> {
  if (filling.step > 0) return turn(filling, filling.step - 1);
  if (filling.savedAt) await keep(filling);
  close();
  await goHome();
}

async function dropped(filling: Filling): Promise<void> {
  close();
  await draftDrop(app.db, filling.id);
  await goHome();
}

const stationCode = (village: string, number: number): string => village.replaceAll(".", "") + String(number).padStart(3, "0");

/** The end: sealed, saved in one write with the end of the draft, and only then said to be saved. */
async function finish(filling: Filling): Promise<void> {
  const { form, answers, shots } = filling;
  const made = message(form, answers);
  if (place) made.body.location = place;
  const { page, person, key, offset } = app.in;
  const shown = [made.station ? `TPS ${made.station}` : "", shots.length ? t("photos_n", { n: shots.length }) : ""];
  const told = { form: form.id, station: made.station ? stationCode(made.place, made.station) : "" };
  const label = await shut(key, { title: named(form.name), note: shown.filter(Boolean).join(" · "), ...told });
  window.clearTimeout(soon);
  await enqueue(app.db, {
    person: person.id,
    recipient: page.node.recipient,
    inner: { kind: form.kind, election: page.election?.code ?? "", ...made },
    files: shots.map(({ shown: _shown, ...file }) => file),
    label,
    draft: filling.id,
    clocks: { now: Date.now(), monotonic: performance.now(), offset },
  });
  close();
  app.pulse();
  await goSent();
  say(t("was_saved"));
}
