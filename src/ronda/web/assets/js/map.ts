// Map and treemap: layer switch without a request, a tip for the area under pointer or focus, arrows to walk, zoom.
import { all, on, one } from "./dom";

on("click", "[data-layer-set]", (button, event) => {
  const box = one<HTMLElement>(button.dataset.for ?? ".mapbox");
  if (!box) return;
  event.preventDefault();
  const layer = button.dataset.layerSet ?? "";
  box.dataset.layer = layer;
  for (const other of all<HTMLElement>("[data-layer-set]", button.parentElement ?? document)) {
    if (other === button) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
  for (const part of all<HTMLElement>("[data-of]", box)) part.hidden = part.dataset.of !== layer;
  const url = new URL(location.href);
  url.searchParams.set("lapisan", layer);
  history.replaceState(history.state, "", url);
});

// ------------------------------------------------------------------ tip
function tipOf(link: Element): HTMLElement | null {
  return one<HTMLElement>(".tip", link.closest(".mapbox") ?? document);
}

function showTip(link: HTMLElement): void {
  const tip = tipOf(link);
  const box = link.closest<HTMLElement>(".mapbox");
  if (!tip || !box) return;
  const layer = box.dataset.layer ?? "";
  const [name, text] = [one("[data-tip-name]", tip), one("[data-tip-text]", tip)];
  const value = one("[data-tip-value]", tip);
  if (name) name.textContent = link.dataset.name ?? "";
  if (value) value.textContent = link.getAttribute(`data-v-${layer}`) ?? "";
  if (text) text.textContent = (link.getAttribute("aria-label") ?? "").slice((link.dataset.name ?? "").length + 2);
  tip.hidden = false;
  const [area, frame] = [link.getBoundingClientRect(), box.getBoundingClientRect()];
  const left = Math.min(frame.width - tip.offsetWidth - 8, Math.max(8, area.left + area.width / 2 - frame.left - tip.offsetWidth / 2));
  const above = area.top - frame.top - tip.offsetHeight - 8;
  const top = above > 4 ? above : Math.min(area.bottom - frame.top + 8, frame.height - tip.offsetHeight - 4);
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}

const AREA = ".m-area a";
on("pointerover", AREA, showTip);
on("focusin", AREA, showTip);
for (const type of ["pointerout", "focusout"] as const) {
  on(type, AREA, (link) => {
    const tip = tipOf(link);
    if (tip) tip.hidden = true;
  });
}

// ------------------------------------------------------------------ arrows walk from area to area
const centre = (link: Element): [number, number] => {
  const box = link.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
};
const WAYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

on("keydown", AREA, (link, event) => {
  const way = WAYS[(event as KeyboardEvent).key];
  if (!way) return;
  event.preventDefault();
  const [x, y] = centre(link);
  let best: HTMLElement | null = null;
  let least = Infinity;
  for (const other of all<HTMLElement>(AREA, link.closest("svg") ?? document)) {
    if (other === link) continue;
    const [ox, oy] = centre(other);
    const along = (ox - x) * way[0] + (oy - y) * way[1];
    const aside = Math.abs((ox - x) * way[1]) + Math.abs((oy - y) * way[0]);
    if (along <= 1 || along + 2 * aside >= least) continue;
    least = along + 2 * aside;
    best = other;
  }
  if (!best) return;
  link.setAttribute("tabindex", "-1");
  best.setAttribute("tabindex", "0");
  best.focus();
});

// ------------------------------------------------------------------ zoom and drag, on the viewBox
type View = { x: number; y: number; w: number; h: number };
const whole = new WeakMap<SVGSVGElement, View>();

function view(svg: SVGSVGElement): View {
  const box = svg.viewBox.baseVal;
  const now = { x: box.x, y: box.y, w: box.width, h: box.height };
  if (!whole.has(svg)) whole.set(svg, now);
  return now;
}

function look(svg: SVGSVGElement, to: View): void {
  const all_ = whole.get(svg) ?? to;
  const w = Math.min(all_.w, Math.max(all_.w / 12, to.w));
  const h = (w / all_.w) * all_.h;
  const x = Math.min(all_.x + all_.w - w, Math.max(all_.x, to.x));
  const y = Math.min(all_.y + all_.h - h, Math.max(all_.y, to.y));
  svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
  svg.style.setProperty("--zoom", String(w / all_.w));
}

function zoom(svg: SVGSVGElement, factor: number): void {
  const now = view(svg);
  const w = now.w * factor;
  const h = now.h * factor;
  look(svg, { x: now.x + (now.w - w) / 2, y: now.y + (now.h - h) / 2, w, h });
}

on("click", "[data-zoom]", (button) => {
  const svg = one<SVGSVGElement>("svg.map", button.closest(".mapbox") ?? document);
  if (!svg) return;
  const now = view(svg);
  if (button.dataset.zoom === "in") zoom(svg, 0.6);
  else if (button.dataset.zoom === "out") zoom(svg, 1 / 0.6);
  else look(svg, whole.get(svg) ?? now);
});

let drag: { svg: SVGSVGElement; from: View; x: number; y: number; moved: boolean } | null = null;
on("pointerdown", "svg.map", (target, event) => {
  const svg = target as unknown as SVGSVGElement;
  const press = event as PointerEvent;
  const from = view(svg);
  const full = whole.get(svg);
  if (press.pointerType === "touch" || !full || from.w >= full.w) return;
  drag = { svg, from, x: press.clientX, y: press.clientY, moved: false };
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const scale = drag.from.w / drag.svg.clientWidth;
  const [dx, dy] = [(event.clientX - drag.x) * scale, (event.clientY - drag.y) * scale];
  if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 4) drag.moved = true;
  if (!drag.moved) return;
  drag.svg.classList.add("moving");
  look(drag.svg, { ...drag.from, x: drag.from.x - dx, y: drag.from.y - dy });
});
document.addEventListener("pointerup", () => {
  const done = drag;
  drag = null;
  if (!done?.moved) return;
  done.svg.classList.remove("moving");
  done.svg.addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true });
});
on("dragstart", "svg.map", (_svg, event) => event.preventDefault());
