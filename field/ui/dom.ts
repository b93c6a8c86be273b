// Small hands for the page: elements without markup, icons, and a word for the screen reader.
type Child = Node | string | null | undefined | false;
type Props = Record<string, unknown>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props | null = null,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(made, name, value);
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

function set(made: HTMLElement, name: string, value: unknown): void {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on") && typeof value === "function") {
    made.addEventListener(name.slice(2), value as EventListener);
  } else if (name === "value" || name === "checked") {
    (made as HTMLInputElement)[name as "value"] = value as string;
  } else {
    made.setAttribute(name, value === true ? "" : String(value));
  }
}

const PATHS = {
  tasks: "M3 5l1.200 1.200L6.500 4M3 10l1.200 1.200L6.500 9M3 15l1.200 1.200L6.500 14M9.500 5H17M9.500 10H17M9.500 15H17",
  plus: "M10 4v12M4 10h12",
  up: "M10 15V4M5.500 8.500 10 4l4.500 4.500M4 17h12",
  menu: "M3 6h14M3 10h14M3 14h14",
  camera: "M3 6.500h3.500L8 4.500h4l1.500 2H17V16H3zM10 8.500a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z",
  picture: "M3 4h14v12H3zM3 13l4-4 3.500 3.500L13 10l4 4M12.500 7.200v.1",
  right: "M8 5l5 5-5 5",
  left: "M12.500 4 6.500 10l6 6",
  close: "m5 5 10 10M15 5 5 15",
  pin: "M10 5.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10 2v3.500M10 14.500V18M2 10h3.500M14.500 10H18",
  phone: "M5 3h3l1.500 4-2 1.500c.9 1.900 2.100 3.100 4 4l1.500-2 4 1.500v3c0 1-.8 2-2 2C9 17 3 11 3 5c0-1.200 1-2 2-2z",
  lock: "M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9",
  out: "M8 4H4v12h4M8 10h9M13.500 6.500 17 10l-3.500 3.500",
  alert: "M10 3 18 16.500H2zM10 8v4M10 14v.1",
  steps: "M4 4h9M4 8h12M4 12h7M13 14l2 2 3-4",
  check: "M3.500 8.500h13v8h-13zM6 8.500 7.500 4h5L14 8.500M7.500 12.500l2 2 3.500-4",
  hand: "M10 3.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM4 16.500c.6-3 2.800-4.500 6-4.500s5.400 1.500 6 4.500",
  sheet: "M4 3h12v14H4zM4 7h12M8 7v10M12 7v10M4 12h12",
  draft: "M4 16l.7-3.300L13 4.400l2.600 2.600-8.300 8.300zM11.500 6l2.600 2.600",
} as const;

const STATE_PATHS = {
  saved: "M5 1.200h4a1.500 1.500 0 0 1 1.500 1.500v8.600A1.500 1.500 0 0 1 9 12.800H5a1.500 1.500 0 0 1-1.500-1.500V2.700A1.500 1.500 0 0 1 5 1.200zM6 10.600h2",
  received: "M2 7.500 5.500 11 12 3.500",
  logged: "M1 7.500 4 10.500 9.500 4M6.500 10l.5.5L13 4",
  safe: "M7 1.500 2.500 3.300V7c0 2.800 1.900 4.600 4.500 5.700 2.600-1.100 4.500-2.900 4.500-5.700V3.300zM5 7l1.500 1.500L9.200 5.500",
} as const;

const MARK_PATHS = {
  late: "M6 .8 11.700 11H.3z",
  new: "M6 1.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9z",
  proc: "M6 1.600a4.400 4.400 0 1 0 0 8.800 4.400 4.400 0 0 0 0-8.800zM6 1.600v8.800",
  done: "M1.500 6.500 4.600 9.600 10.500 2.800",
} as const;

export type Icon = keyof typeof PATHS;

function drawing(path: string, size: number, css: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("class", css);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const icon = (name: Icon): SVGSVGElement => drawing(PATHS[name], 20, "i");
export const iconNamed = (name: string): SVGSVGElement => icon(name in PATHS ? (name as Icon) : "draft");
export const stateIcon = (name: keyof typeof STATE_PATHS): SVGSVGElement => drawing(STATE_PATHS[name], 14, "ds");
export const mark = (name: keyof typeof MARK_PATHS): SVGSVGElement => drawing(MARK_PATHS[name], 12, `sm st-${name}`);

let saying = 0;

/** Say something: read out, and shown for some seconds or until the next screen. */
export function say(text: string): void {
  const place = document.querySelector("#say");
  if (!place) return;
  place.textContent = text;
  place.classList.add("on");
  window.clearTimeout(saying);
  saying = window.setTimeout(hush, 4_000);
}

export const hush = (): void => document.querySelector("#say")?.classList.remove("on");
