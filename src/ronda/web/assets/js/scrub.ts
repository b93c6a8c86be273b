// A slider of minutes says the clock while it is dragged; letting go asks for that moment.
import { on, one } from "./dom";

on("input", "[data-clock]", (slider) => {
  const minute = Number((slider as HTMLInputElement).value);
  const clock = one<HTMLElement>(slider.dataset.clock ?? "");
  const two = (n: number): string => String(n).padStart(2, "0");
  const mark = document.documentElement.lang.startsWith("en") ? ":" : ".";
  if (clock) clock.textContent = `${two(Math.floor(minute / 60))}${mark}${two(minute % 60)}`;
});
