// Keyboard: / search, j and k rows, Enter opens, n takes what is new, g s to Siaga, ? shows this; what carries a key
// of its own (data-key, shown beside it) is pressed by it, or gets the focus when it cannot be pressed.
import { all, one, typing } from "./dom";

const ROWS = "[data-row]";
let prefix = "";

const visible = (row: HTMLElement): boolean => row.offsetParent !== null;

function list(): HTMLElement[] {
  const lists = all<HTMLElement>("[data-rows]");
  const held = lists.find((place) => place.contains(document.activeElement));
  const root = held ?? lists[0] ?? document;
  return all<HTMLElement>(ROWS, root).filter(visible);
}

function step(by: number): void {
  const rows = list();
  const now = rows.findIndex((row) => row.classList.contains("on"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, now + by))];
  if (!next) return;
  for (const row of all<HTMLElement>(`${ROWS}.on`)) row.classList.remove("on");
  next.classList.add("on");
  const link = next.matches("a") ? next : one<HTMLElement>("a", next);
  (link ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const SINGLE: Record<string, () => void> = {
  "/": () => one<HTMLInputElement>("[data-search]")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  n: () => all<HTMLElement>("[data-news]:not([hidden])").forEach((pill) => pill.click()),
  "?": () => one<HTMLDialogElement>("#keys")?.showModal(),
};
const AFTER_G: Record<string, string> = { s: "siaga", l: "laporan", k: "kejadian", h: "hasil" };

function pressed(key: string): boolean {
  const target = all<HTMLElement>(`[data-key="${key}"]`).find(visible);
  if (!target) return false;
  if (target.matches("a, button")) target.click();
  else target.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && !one("dialog[open]") && pressed("ctrl+enter")) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (typing()) {
    if (event.key === "Escape") (document.activeElement as HTMLElement).blur();
    if (event.key === "ArrowDown" && one(".search")?.contains(document.activeElement)) {
      one<HTMLElement>(".found a")?.focus();
      event.preventDefault();
    }
    return;
  }
  if (prefix === "g") {
    prefix = "";
    const room = AFTER_G[event.key];
    const link = room ? one<HTMLAnchorElement>(`.rail a[href^="/${room}"]`) : null;
    if (link) link.click();
    return;
  }
  if (event.key === "g") {
    prefix = "g";
    setTimeout(() => (prefix = ""), 1200);
    return;
  }
  const act = SINGLE[event.key];
  if (!act) {
    if (/^[a-z]$/.test(event.key) && pressed(event.key)) event.preventDefault();
    return;
  }
  event.preventDefault();
  act();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const found = one(".found");
  if (found) found.textContent = "";
});
document.addEventListener("click", (event) => {
  const search = one(".search");
  const found = one(".found");
  if (search && found && !search.contains(event.target as Node)) found.textContent = "";
});
