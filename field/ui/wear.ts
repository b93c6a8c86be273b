// Language and theme as they were set on this phone; nothing personal.
import { speak, spoken } from "../words.ts";

export const theme = (): string => localStorage.getItem("tampilan") ?? "auto";

export function setLanguage(value: string): void {
  localStorage.setItem("bahasa", value);
  wear();
}

export function setTheme(value: string): void {
  localStorage.setItem("tampilan", value);
  wear();
}

export function wear(): void {
  speak(localStorage.getItem("bahasa") === "en" ? "en" : "id");
  document.documentElement.lang = spoken();
  const wanted = theme();
  if (wanted === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
}
