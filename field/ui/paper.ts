// A paper form as boxes to copy figures into, and which of its sums do not hold.
import type { Fault, Field, PaperLine } from "../forms.ts";
import { faults, wholeNumber } from "../forms.ts";
import { named, t } from "../words.ts";
import { h, mark } from "./dom.ts";
import type { Filling } from "./fill.ts";

const LINES_NAMED = 3;

/** The boxes of the paper, part by part, with the sums that do not hold said at once and their lines marked. */
export function paper(filling: Filling, field: Field): HTMLElement {
  const asked = field.paper;
  const told = h("div", { class: "sums", role: "status" });
  if (!asked) return told;
  const boxes = filling.answers.boxes;
  const rows = asked.parts.flatMap((part) => part.lines).map((line) => ({ line, row: lineRow(line, box) }));
  const check = (): void => {
    const found = faults(asked, boxes);
    for (const { line, row } of rows) row.classList.toggle("odd", found.some((fault) => isIn(fault, line)));
    const note = h("p", { class: "quiet" }, t("figures_keep"));
    const agree = h("p", null, mark("done"), t("same_figures"));
    const said = found.map((fault) => faultRow(fault, rows.map(({ line }) => line)));
    told.replaceChildren(...(found.length ? [...said, note] : Object.keys(boxes).length ? [agree] : []));
  };
  function box(id: string, name: string): HTMLElement {
    const input = h("input", { type: "text", inputmode: "numeric", pattern: "[0-9]*", autocomplete: "off", "aria-label": name, maxlength: 6 });
    if (boxes[id] !== undefined) input.value = String(boxes[id]);
    input.addEventListener("input", () => {
      const value = wholeNumber(input.value, 999_999);
      input.setAttribute("aria-invalid", String(value === null));
      if (typeof value === "number") boxes[id] = value;
      else delete boxes[id];
      filling.changed();
      check();
    });
    return input;
  }
  const rowsOf = (lines: PaperLine[]): HTMLElement[] => rows.filter(({ line }) => lines.includes(line)).map(({ row }) => row);
  const parts = asked.parts
    .filter((part) => part.lines.length)
    .map((part) => h("section", { class: "paper" }, h("h3", null, partName(part.id)), ...rowsOf(part.lines)));
  check();
  return h("div", null, ...parts, told);
}

const isIn = ({ check }: Fault, line: PaperLine): boolean =>
  line.boxes.some(({ id }) => check.left.includes(id) || check.right.includes(id));

/** A sum that does not hold, with the lines of the paper that it is about; of many lines, the last, where their sum stands. */
function faultRow(fault: Fault, lines: PaperLine[]): HTMLElement {
  const { check, left, right } = fault;
  const refs = lines.filter((line) => isIn(fault, line)).map((line) => line.ref).filter(Boolean);
  const where = refs.length > LINES_NAMED ? refs.slice(-1) : refs;
  const words = t(check.kind === "equal" ? "figures_off" : "figures_over", { a: left, b: right });
  const title = where.length ? `${where.join(", ")} · ${words}` : words;
  return h("p", null, mark("new"), h("span", null, h("b", null, title), h("small", null, named(check.message))));
}

const PARTS = ["voters", "ballots", "disability", "choices", "totals", "signatures"] as const;
const partName = (id: string): string => t(`part_${PARTS.find((part) => part === id) ?? "totals"}`);

function lineRow(line: PaperLine, box: (id: string, name: string) => HTMLElement): HTMLElement {
  const name = line.kind === "total" ? t("total_of_party") : named(line.name);
  const cells = line.boxes.map(({ id, column }) => {
    const word = column === "l" || column === "p" || column === "j" ? t(`col_${column}`) : "";
    return h("span", { class: "cell" }, word && h("small", { "aria-hidden": "true" }, word), box(id, `${line.ref} ${name} ${word}`.trim()));
  });
  return h("div", { class: cells.length > 1 ? "line wide" : "line" }, h("span", null, line.ref && h("small", null, line.ref), name), h("span", { class: "cells" }, ...cells));
}
