// The clock in the top bar runs on without asking the server; a page older than its words asks again by itself.
import { all } from "./dom";

const started = performance.now();

function tick(): void {
  const minutes = Math.floor((performance.now() - started) / 60_000);
  for (const place of all<HTMLElement>("[data-clock]")) {
    place.dataset.first ??= place.textContent ?? "";
    const found = /^(\d\d)([.:])(\d\d)(.*)$/.exec(place.dataset.first);
    if (!found) continue;
    const total = (Number(found[1]) * 60 + Number(found[3]) + minutes) % 1440;
    const text = `${String(Math.floor(total / 60)).padStart(2, "0")}${found[2]}${String(total % 60).padStart(2, "0")}${found[4]}`;
    if (place.textContent !== text) place.textContent = text;
  }
}
setInterval(tick, 5_000);
