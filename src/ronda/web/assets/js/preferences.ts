// The theme switch at once, kept by the server in a cookie so that the next page comes in the right colours.
import { all, on } from "./dom";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const dark = (): boolean => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

function mark(): void {
  for (const button of all<HTMLButtonElement>(".theme button")) {
    button.setAttribute("aria-pressed", String((button.value === "dark") === dark()));
  }
}

on("click", ".theme button", (target, event) => {
  const button = target as HTMLButtonElement;
  const form = button.form;
  if (!form) return;
  event.preventDefault();
  root.dataset.theme = button.value;
  mark();
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.set(name, String(value));
  body.set("theme", button.value);
  void fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
});

system.addEventListener("change", mark);
mark();
