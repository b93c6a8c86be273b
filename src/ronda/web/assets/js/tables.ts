// Column choice of a table, remembered in this browser; the whole row of a list opens its record.
import { all, on, one } from "./dom";

const key = (table: HTMLElement): string => `ronda-kolom-${table.id}`;

function chosen(table: HTMLElement): string[] {
  try {
    return JSON.parse(localStorage.getItem(key(table)) ?? "[]") as string[];
  } catch {
    return [];
  }
}

function apply(table: HTMLTableElement): void {
  const hidden = new Set(chosen(table));
  const heads = all<HTMLElement>("thead th[data-col]", table);
  for (const head of heads) {
    const at = Array.from(head.parentElement?.children ?? []).indexOf(head) + 1;
    const hide = hidden.has(head.dataset.col ?? "");
    for (const cell of all<HTMLElement>(`tr > :nth-child(${at})`, table)) cell.hidden = hide;
  }
  for (const box of all<HTMLInputElement>(`input[data-columns="${table.id}"]`)) box.checked = !hidden.has(box.value);
}

on("change", "input[data-columns]", (target) => {
  const box = target as HTMLInputElement;
  const table = one<HTMLTableElement>(`#${box.dataset.columns ?? ""}`);
  if (!table) return;
  const hidden = new Set(chosen(table));
  if (box.checked) hidden.delete(box.value);
  else hidden.add(box.value);
  localStorage.setItem(key(table), JSON.stringify([...hidden]));
  apply(table);
});

on("click", "tr[data-row]", (row, event) => {
  if ((event.target as Element).closest("a, button, input, label, summary") || getSelection()?.toString()) return;
  one<HTMLAnchorElement>("a", row)?.click();
});

const applyAll = (): void => all<HTMLTableElement>("table[data-choose]").forEach(apply);
document.body.addEventListener("htmx:afterSwap", applyAll);
applyAll();
