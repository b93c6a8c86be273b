// One question of a form as something to press or to type into.
import type { Field } from "../forms.ts";
import { wholeNumber } from "../forms.ts";
import { withOffset } from "../queue.ts";
import { moment, named, t } from "../words.ts";
import { h } from "./dom.ts";
import type { Filling } from "./fill.ts";
import { paper } from "./paper.ts";
import { photos } from "./photos.ts";
import { app } from "./state.ts";

type Made = (filling: Filling, field: Field) => HTMLElement;

const MAKERS: Record<Field["type"], Made> = {
  choice,
  text: (filling, field) => typed(filling, field, h("textarea", { id: field.id, rows: 5, maxlength: field.most })),
  line: (filling, field) => typed(filling, field, h("input", { id: field.id, type: "text", maxlength: field.most, autocomplete: "off" })),
  code: coded,
  number: numbered,
  flag,
  time,
  place,
  station,
  photos,
  incident,
  paper,
};

export function field(filling: Filling, asked: Field): HTMLElement {
  const made = MAKERS[asked.type](filling, asked);
  made.setAttribute("data-field", asked.id);
  return made;
}

function set(filling: Filling, field: Field, value: unknown): void {
  filling.answers.fields[field.id] = value;
  filling.changed();
}

function labelled(field: Field, input: HTMLElement): HTMLElement {
  return h("div", { class: "field" }, h("label", { for: field.id }, named(field.name), mustWord(field)), input);
}

const mustWord = (field: Field): HTMLElement | null => (field.needed ? h("small", null, ` · ${t("needs")}`) : null);

function typed(filling: Filling, field: Field, input: HTMLInputElement | HTMLTextAreaElement): HTMLElement {
  input.value = String(filling.answers.fields[field.id] ?? "");
  input.addEventListener("input", () => set(filling, field, input.value));
  return labelled(field, input);
}

/** Letters and digits as they stand under a QR code. */
function coded(filling: Filling, field: Field): HTMLElement {
  const input = h("input", { id: field.id, type: "text", class: "code", maxlength: field.most, autocomplete: "off", autocapitalize: "characters", spellcheck: "false" });
  input.addEventListener("input", () => (input.value = input.value.toUpperCase()));
  return typed(filling, field, input);
}

function numbered(filling: Filling, field: Field): HTMLElement {
  const most = field.most ?? 999;
  const input = h("input", { id: field.id, type: "text", inputmode: "numeric", pattern: "[0-9]*", autocomplete: "off" });
  input.value = String(filling.answers.fields[field.id] ?? "");
  const note = h("small", { class: "bad", role: "alert" });
  input.addEventListener("input", () => {
    const value = wholeNumber(input.value, most);
    note.textContent = value === null ? t("number_0", { n: most }) : "";
    set(filling, field, value === null ? input.value : value);
  });
  const made = labelled(field, input);
  made.append(note);
  return made;
}

function option(name: string, value: string, title: string, hint: string, isOn: boolean, pick: () => void): HTMLElement {
  const input = h("input", { type: "radio", name, value, checked: isOn || undefined, onchange: pick });
  return h("label", { class: "opt" }, input, h("span", { class: "rd" }), h("span", null, h("b", null, title), hint && h("small", null, hint)));
}

function choice(filling: Filling, field: Field): HTMLElement {
  const rows = filling.definitions.lists[field.of ?? ""] ?? [];
  const made = rows.map((one) =>
    option(field.id, one.id, named(one.name), named(one.hint), filling.answers.fields[field.id] === one.id, () => set(filling, field, one.id)),
  );
  const search = h("input", { type: "search", placeholder: t("search"), "aria-label": t("search") });
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase();
    for (const row of made) row.hidden = !row.textContent?.toLowerCase().includes(wanted);
  });
  const list = h("fieldset", { class: "opts" }, h("legend", { class: "sr" }, named(field.name)), ...made);
  return h("div", null, h("div", { class: "field" }, search), list);
}

function flag(filling: Filling, field: Field): HTMLElement {
  const input = h("input", { type: "checkbox", checked: filling.answers.fields[field.id] === true || undefined });
  input.addEventListener("change", () => set(filling, field, input.checked || undefined));
  return h("label", { class: "opt flag" }, input, h("span", { class: "rd sq" }), h("b", null, named(field.name)));
}

function time(filling: Filling, field: Field): HTMLElement {
  const input = h("input", { id: field.id, type: "datetime-local" });
  const kept = filling.answers.fields[field.id];
  const at = typeof kept === "string" ? kept : withOffset(Date.now());
  input.value = at.slice(0, 16);
  if (typeof kept !== "string") filling.answers.fields[field.id] = at;
  input.addEventListener("input", () => {
    const when = new Date(input.value).getTime();
    set(filling, field, Number.isNaN(when) ? undefined : withOffset(when));
  });
  return labelled(field, input);
}

function place(filling: Filling, field: Field): HTMLElement {
  const { places } = app.in.page;
  const chosen = String(filling.answers.fields[field.id] ?? "");
  const only = places.length === 1 ? places[0] : undefined;
  if (only) return h("p", { class: "fact" }, h("small", null, named(field.name)), h("b", null, only.name));
  const options = places.map((one) => h("option", { value: one.code, selected: one.code === chosen }, one.name));
  const list = h("select", { id: field.id }, h("option", { value: "" }, t("not_chosen")), ...options);
  list.addEventListener("change", () => {
    set(filling, field, list.value || undefined);
    filling.village();
  });
  return labelled(field, list);
}

/** The numbers of the village's stations as squares to press; a box to type into where the node told none. */
function station(filling: Filling, field: Field): HTMLElement {
  const made = h("div", { class: "field" });
  const fill = (): void => {
    const village = filling.answers.fields.place;
    const numbers = app.in.page.places.find((one) => one.code === village)?.stations ?? [];
    made.replaceChildren(...(numbers.length ? squares(filling, field, numbers) : Array.from(numbered(filling, field).childNodes)));
  };
  fill();
  filling.village = () => {
    set(filling, field, undefined); // a number belongs to its village
    fill();
  };
  return made;
}

function squares(filling: Filling, field: Field, numbers: number[]): Node[] {
  const buttons = numbers.map((n) => {
    const input = h("input", { type: "radio", name: field.id, value: n, class: "sr" });
    input.checked = filling.answers.fields[field.id] === n;
    input.addEventListener("change", () => set(filling, field, n));
    return h("label", null, input, h("span", null, String(n).padStart(2, "0")));
  });
  return [h("fieldset", { class: "squares" }, h("legend", null, named(field.name), mustWord(field)), h("div", null, ...buttons))];
}

function incident(filling: Filling, field: Field): HTMLElement {
  const { incidents, zone } = app.in.page;
  if (!incidents.length) return h("p", { class: "note" }, t("no_incidents"));
  const rows = incidents.map((one) => {
    const hint = `${one.label} · ${one.place} · ${moment(Date.parse(one.due_at), app.now(), zone.key)}`;
    return option(field.id, one.id, one.title, hint, filling.answers.fields[field.id] === one.id, () => set(filling, field, one.id));
  });
  return h("fieldset", { class: "opts" }, h("legend", { class: "sr" }, named(field.name)), ...rows);
}
