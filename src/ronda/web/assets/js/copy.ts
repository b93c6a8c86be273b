// A button that copies the text of a field, and says so on itself.
import { on, one } from "./dom";

on("click", "[data-copy]", (button) => {
  const field = one<HTMLTextAreaElement>(button.dataset.copy ?? "");
  if (!field) return;
  field.select();
  void navigator.clipboard?.writeText(field.value).then(() => {
    button.textContent = button.dataset.copied ?? "";
  });
});
