import assert from "node:assert/strict";
import { test } from "node:test";

import type { Field, Form, Paper } from "../forms.ts";
import { faults, message, missing, nothing, wholeNumber } from "../forms.ts";

const words = { id: "kata", en: "word" };
const box = (id: string, into: string): { id: string; column: string; into: string } => ({ id, column: "", into });
const paper: Paper = {
  choices: 3,
  parts: [
    {
      id: "choices",
      lines: [{ ref: "1", kind: "", name: words, boxes: [box("v0", "body.votes.0"), box("v1", "body.votes.1"), box("v2", "body.votes.2")] }],
    },
    { id: "totals", lines: [{ ref: "V.A", kind: "", name: words, boxes: [box("sah", "body.valid"), box("ss_diterima", "body.ss_diterima")] }] },
  ],
  checks: [
    { rule: "R05", kind: "equal", left: ["v0", "v1", "v2"], right: ["sah"], allowed: 0, severity: "error", message: words },
    { rule: "R09", kind: "at_most", left: ["sah"], right: ["ss_diterima"], allowed: 0, severity: "error", message: words },
    { rule: "R01", kind: "digits", left: ["v0", "sah"], right: [], allowed: 999, severity: "error", message: words },
  ],
};

const asked = (id: string, type: Field["type"], more: Partial<Field> = {}): Field => ({ id, type, name: words, needed: false, ...more });
const form: Form = {
  id: "sheet:BUP",
  kind: "sheet",
  icon: "sheet",
  name: words,
  body: { contest: "BUP" },
  steps: [
    {
      name: words,
      hint: null,
      fields: [
        asked("place", "place", { into: "place", needed: true }),
        asked("station", "station", { into: "station", needed: true }),
        asked("note", "text", { into: "body.note" }),
        asked("queue", "number", { into: "body.queue", most: 999 }),
        asked("paper", "paper", { paper }),
      ],
    },
  ],
};

test("each answer goes where the definition says, and what was not filled in goes nowhere", () => {
  const answers = { fields: { place: "51.01.02.2007", station: 3, note: "" }, boxes: { v0: 10, v2: 0, sah: 12 } };

  assert.deepEqual(message(form, answers), {
    place: "51.01.02.2007",
    station: 3,
    body: { contest: "BUP", votes: [10, null, 0], valid: 12 },
  });
});

test("an empty box is not a zero", () => {
  assert.deepEqual(message(form, nothing()).body.votes, [null, null, null]);
});

test("a step is held up by what it needs and by a number that is none", () => {
  const [step] = form.steps;
  assert.ok(step);
  assert.deepEqual(missing(step, nothing()).map((field) => field.id), ["place", "station"]);
  const full = { place: "51.01.02.2007", station: 3, queue: "banyak" };
  assert.deepEqual(missing(step, { fields: full, boxes: {} }).map((field) => field.id), ["queue"]);
  assert.deepEqual(missing(step, { fields: { ...full, queue: 12 }, boxes: {} }), []);
});

test("a sum is judged only when all its figures are there", () => {
  const told = (boxes: Record<string, number>): string[] => faults(paper, boxes).map((fault) => fault.check.rule);
  assert.deepEqual(told({ v0: 10, v1: 5, sah: 12 }), []);
  assert.deepEqual(told({ v0: 10, v1: 5, v2: 0, sah: 12 }), ["R05"]);
  assert.deepEqual(told({ v0: 10, v1: 5, v2: 0, sah: 15, ss_diterima: 14 }), ["R09"]);
  assert.deepEqual(told({ v0: 1_750 }), ["R01"]);
});

test("a box holds a whole number that fits, nothing, or what is none", () => {
  assert.deepEqual(["12", " 7 ", "0", "", "  "].map((text) => wholeNumber(text, 999)), [12, 7, 0, undefined, undefined]);
  assert.deepEqual(["1000", "-1", "1,5", "x", "1e2"].map((text) => wholeNumber(text, 999)), [null, null, null, null, null]);
});
