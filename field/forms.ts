// Forms are generated from the server's definition: what is asked, what is missing, and the message that comes of it.
export interface Words {
  id: string;
  en: string;
}

export interface PaperBox {
  id: string;
  column: string;
  into: string;
}

export interface PaperLine {
  ref: string;
  kind: string;
  name: Words;
  boxes: PaperBox[];
}

export interface PaperCheck {
  rule: string;
  kind: "equal" | "at_most" | "digits";
  left: string[];
  right: string[];
  allowed: number;
  severity: string;
  message: Words;
}

export interface Paper {
  parts: { id: string; lines: PaperLine[] }[];
  choices: number;
  checks: PaperCheck[];
}

export interface Field {
  id: string;
  type: "choice" | "text" | "line" | "code" | "number" | "flag" | "time" | "place" | "station" | "photos" | "incident" | "paper";
  name: Words;
  needed: boolean;
  into?: string;
  of?: string;
  most?: number;
  paper?: Paper;
}

export interface Step {
  name: Words;
  hint: Words | null;
  fields: Field[];
}

export interface Form {
  id: string;
  kind: string;
  icon: string;
  name: Words;
  body: Record<string, string>;
  steps: Step[];
}

export interface Definitions {
  version: string;
  lists: Record<string, { id: string; group: string; name: Words; hint: Words }[]>;
  forms: Form[];
}

/** What was filled in, by field; the boxes of a paper by box. */
export interface Answers {
  fields: Record<string, unknown>;
  boxes: Record<string, number>;
}

export const nothing = (): Answers => ({ fields: {}, boxes: {} });

export const fieldsOf = (form: Form): Field[] => form.steps.flatMap((step) => step.fields);

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** Fields of a step that must be filled in and are not, or hold what cannot be sent. */
export function missing(step: Step, answers: Answers): Field[] {
  return step.fields.filter((field) => {
    const value = answers.fields[field.id];
    if (isEmpty(value)) return field.needed;
    return field.type === "number" && !isNumber(value, field.most ?? Number.MAX_SAFE_INTEGER);
  });
}

const isNumber = (value: unknown, most: number): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;

export interface Message {
  place: string;
  station?: number;
  body: Record<string, unknown>;
}

/** The answers as a message: each goes where the definition says. */
export function message(form: Form, answers: Answers): Message {
  const made: Message = { place: "", body: { ...form.body } };
  for (const field of fieldsOf(form)) {
    const value = answers.fields[field.id];
    if (field.type === "paper" && field.paper) paperInto(made.body, field.paper, answers.boxes);
    if (!field.into || isEmpty(value)) continue;
    if (field.into === "place") made.place = String(value);
    else if (field.into === "station") made.station = Number(value);
    else made.body[field.into.slice("body.".length)] = value;
  }
  return made;
}

function paperInto(body: Record<string, unknown>, paper: Paper, boxes: Record<string, number>): void {
  const votes: (number | null)[] = Array.from({ length: paper.choices }, () => null);
  for (const box of boxesOf(paper)) {
    const value = boxes[box.id];
    if (value === undefined) continue;
    const [, name = "", at] = box.into.split(".");
    if (at === undefined) body[name] = value;
    else votes[Number(at)] = value;
  }
  body.votes = votes;
}

export const boxesOf = (paper: Paper): PaperBox[] =>
  paper.parts.flatMap((part) => part.lines.flatMap((line) => line.boxes));

/** A sum that does not hold between figures that are all there, and the two numbers. */
export interface Fault {
  check: PaperCheck;
  left: number;
  right: number;
}

export function faults(paper: Paper, boxes: Record<string, number>): Fault[] {
  const found: Fault[] = [];
  for (const check of paper.checks) {
    if (check.kind === "digits") {
      const wide = check.left.map((id) => boxes[id] ?? 0).find((value) => value > check.allowed);
      if (wide !== undefined) found.push({ check, left: wide, right: check.allowed });
      continue;
    }
    const [left, right] = [total(check.left, boxes), total(check.right, boxes)];
    if (left === null || right === null) continue;
    const over = check.kind === "equal" ? Math.abs(left - right) > check.allowed : left > right;
    if (over) found.push({ check, left, right });
  }
  return found;
}

function total(ids: string[], boxes: Record<string, number>): number | null {
  let sum = 0;
  for (const id of ids) {
    const value = boxes[id];
    if (value === undefined) return null;
    sum += value;
  }
  return ids.length ? sum : null;
}

/** A whole number that fits; undefined for nothing, null for what is none. */
export function wholeNumber(text: string, most: number): number | null | undefined {
  const clean = text.trim();
  if (!clean) return undefined;
  return /^\d{1,9}$/.test(clean) && Number(clean) <= most ? Number(clean) : null;
}
