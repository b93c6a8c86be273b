// Entry of a form with the keyboard alone: Enter goes on, a point is a zero, Alt moves the photo, Ctrl Enter ends.
import { all, on, one } from "./dom";

const STEP = 60;
const view = { zoom: 1, turn: 0, x: 0, y: 0 };

function show(): void {
  const image = one<HTMLImageElement>("[data-photo] img");
  if (image) image.style.transform = `translate(${view.x}px, ${view.y}px) rotate(${view.turn}deg) scale(${view.zoom})`;
}

const acts: Record<string, () => void> = {
  in: () => (view.zoom = Math.min(8, view.zoom * 1.25)),
  out: () => (view.zoom = Math.max(0.5, view.zoom / 1.25)),
  turn: () => (view.turn = (view.turn + 90) % 360),
  left: () => (view.x += STEP),
  right: () => (view.x -= STEP),
  up: () => (view.y += STEP),
  down: () => (view.y -= STEP),
};

const keys: Record<string, string> = {
  "+": "in",
  "=": "in",
  "-": "out",
  r: "turn",
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

function photo(act: string | undefined): boolean {
  if (!act || !acts[act] || !one("[data-photo]")) return false;
  acts[act]();
  show();
  return true;
}

on("click", "[data-photo-do]", (button) => photo(button.dataset.photoDo));

let from: { x: number; y: number } | null = null;
on("pointerdown", "[data-photo]", (place, event) => {
  from = { x: event.clientX - view.x, y: event.clientY - view.y };
  place.setPointerCapture(event.pointerId);
});
on("pointermove", "[data-photo]", (_place, event) => {
  if (!from) return;
  view.x = event.clientX - from.x;
  view.y = event.clientY - from.y;
  show();
});
document.addEventListener("pointerup", () => (from = null));

/** The box that is read next: down the column of a table, else the next one of the form. */
function after(box: HTMLInputElement, form: HTMLElement): HTMLInputElement | undefined {
  const cell = box.closest("td");
  const row = box.closest("tr");
  if (cell && row?.parentElement) {
    const column = Array.from(row.children).indexOf(cell);
    const rows = Array.from(row.parentElement.children);
    const below = rows[rows.indexOf(row) + 1];
    const target = below ? below.children[column] : rows[0]?.children[column + 1];
    return (target && one<HTMLInputElement>("input", target)) ?? undefined;
  }
  const boxes = all<HTMLInputElement>(".ent-boxes input", form);
  return boxes[boxes.indexOf(box) + 1];
}

function next(box: HTMLInputElement, form: HTMLElement): void {
  const target = after(box, form);
  target?.focus();
  target?.select();
}

/** Most rows of a long list have no vote: one key writes the zero and goes on. */
function zero(box: HTMLInputElement): void {
  box.value = "0";
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const form = one<HTMLElement>("[data-entry]");
  if (!form) return;
  const active = document.activeElement;
  const box = active instanceof HTMLInputElement && form.contains(active) ? active : null;
  if (event.altKey && photo(keys[event.key] ?? keys[event.key.toLowerCase()])) {
    event.preventDefault();
  } else if (event.key === "Enter" && event.ctrlKey) {
    (active as HTMLElement | null)?.blur();
    window.setTimeout(() => one<HTMLFormElement>(".ent-end", form)?.requestSubmit(), 300);
  } else if (box && event.key === "Enter") {
    event.preventDefault();
    next(box, form);
  } else if (box?.inputMode === "numeric" && (event.key === "." || event.key === ",")) {
    event.preventDefault();
    if (!box.value) zero(box);
    next(box, form);
  }
});

// Without a network nothing is lost: the box stays marked, says so, and is sent again until it is kept.
const AGAIN_MS = 4000;
const unsaved = (): HTMLInputElement[] => all<HTMLInputElement>("[data-entry] input.unsaved");

function tell(): void {
  const place = one<HTMLElement>("[data-unsaved]");
  if (!place) return;
  const count = unsaved().length;
  place.hidden = count === 0;
  if (count) place.textContent = (place.dataset.unsaved ?? "").replace("%n", String(count));
}

document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, successful } = (event as CustomEvent<{ elt: Element; successful: boolean }>).detail;
  if (!elt.matches("[data-entry] input")) return;
  elt.classList.toggle("unsaved", !successful);
  tell();
});
window.setInterval(() => unsaved().forEach((box) => window.htmx.trigger(box, "change")), AGAIN_MS);
window.addEventListener("beforeunload", (event) => {
  if (unsaved().length) event.preventDefault();
});

one<HTMLInputElement>("[data-entry] .ent-boxes input")?.focus();
