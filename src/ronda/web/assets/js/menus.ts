// Popovers made of <details>, dialogs, the slide-over form, focus on the first error, undo.
import { all, on, one } from "./dom";

document.addEventListener("click", (event) => {
  for (const pop of all<HTMLDetailsElement>("details[data-pop][open]")) {
    if (!pop.contains(event.target as Node)) pop.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const pop of all<HTMLDetailsElement>("details[data-pop][open]")) {
    pop.open = false;
    one<HTMLElement>("summary", pop)?.focus();
  }
});

on("click", "[data-open]", (button) => {
  button.closest<HTMLDetailsElement>("details[data-pop]")?.removeAttribute("open");
  one<HTMLDialogElement>(`#${button.dataset.open ?? ""}`)?.showModal();
});

// <a data-over="Catat laporan" href="…"> opens the short form of that page beside the work.
on("click", "a[data-over]", (link, event) => {
  const dialog = one<HTMLDialogElement>("#over");
  const click = event as MouseEvent;
  if (!dialog || click.metaKey || click.ctrlKey || click.shiftKey) return;
  event.preventDefault();
  const title = one(".over-title", dialog);
  if (title) title.textContent = link.dataset.over ?? "";
  void window.htmx.ajax("get", (link as HTMLAnchorElement).href, { target: "#over-body", select: "#form" }).then(() => dialog.showModal());
});

function attend(root: ParentNode): void {
  one<HTMLElement>("[data-focus]", root)?.focus();
}
document.body.addEventListener("htmx:afterSwap", (event) => attend(event.target as HTMLElement));
attend(document);
