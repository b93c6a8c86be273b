// The clock in the top bar runs on without asking the server, as fast as the node's own clock: a drill runs faster.
// The server's words stay as they are without this; the live line says when the node's clock was set anew.
import { all } from "./dom";

export type Clock = { epoch: number; rate: number };

let told: Clock | undefined;
let since = performance.now();

/** The node's clock was set: from now on it shows `epoch` and runs at `rate`. */
export function clockSet(clock: Clock): void {
  told = clock;
  since = performance.now();
  tick();
}

const two = (number: number): string => String(number).padStart(2, "0");

function tick(): void {
  for (const place of all<HTMLElement>("[data-clock]")) {
    const own = { epoch: Number(place.dataset.epoch), rate: Number(place.dataset.rate) };
    const { epoch, rate } = told ?? own;
    const passed = epoch - own.epoch + ((performance.now() - since) / 1000) * rate;
    const minute = Math.floor((Number(place.dataset.clock) + passed) / 60);
    const here = ((minute % 1440) + 1440) % 1440;
    const words = place.textContent ?? "";
    const shown = words.replace(/^\d\d([.:])\d\d/, `${two(Math.floor(here / 60))}$1${two(here % 60)}`);
    if (shown !== words) place.textContent = shown;
  }
}
setInterval(tick, 1_000);
