// The camera: hashed and sealed at once; what is shown is a small copy in the draft.
import type { Field } from "../forms.ts";
import { taken } from "../photo.ts";
import { fileKeep } from "../queue.ts";
import { t } from "../words.ts";
import { h, icon } from "./dom.ts";
import type { Filling } from "./fill.ts";
import { keep as keepDraft, problem } from "./fill.ts";
import { app } from "./state.ts";

export function photos(filling: Filling, field: Field): HTMLElement {
  const most = field.most ?? 6;
  const place = h("div", { class: "shots" });
  const note = h("p", { class: "bad", role: "alert" });
  const draw = (): void => {
    const shots = filling.shots.map((shot, at) => shown(filling, at, shot.shown, draw));
    place.replaceChildren(...shots, ...(shots.length < most ? sources(shots.length, take) : []));
    note.textContent = shots.length < most ? "" : t("photos_full", { n: most });
  };
  const take = async (input: HTMLInputElement): Promise<void> => {
    const files = Array.from(input.files ?? []).slice(0, most - filling.shots.length);
    place.setAttribute("aria-busy", "true");
    note.textContent = t("photo_busy");
    try {
      for (const file of files) await keep(filling, file);
      draw();
    } catch (error) {
      draw();
      note.textContent = problem(error);
    }
    place.removeAttribute("aria-busy");
    filling.changed();
  };
  draw();
  return h("div", { class: "field" }, place, note);
}

/** The draft is on disk before its first photo, so that none is left without an owner. */
async function keep(filling: Filling, file: File): Promise<void> {
  if (!filling.savedAt) await keepDraft(filling);
  const { shown: small, ...original } = await taken(file);
  const ref = await fileKeep(app.db, original, app.in.page.node.recipient, filling.id);
  filling.shots.push({ ...ref, shown: small });
}

type Take = (input: HTMLInputElement) => Promise<void>;

/** The camera first; beside it the photos that were taken before the app was at hand. */
function sources(n: number, take: Take): HTMLElement[] {
  return [source("camera", t(n ? "photo_more" : "photo"), { capture: "environment" }, take), source("picture", t("photo_pick"), { multiple: true }, take)];
}

function source(name: "camera" | "picture", words: string, how: Record<string, unknown>, take: Take): HTMLElement {
  const input = h("input", { type: "file", accept: "image/*", class: "sr", ...how });
  input.addEventListener("change", () => void take(input));
  return h("label", { class: "shot" }, input, icon(name), words);
}

/** A photo that was taken by mistake leaves the draft; its sealed bytes go when the draft ends. */
function shown(filling: Filling, at: number, address: string, draw: () => void): HTMLElement {
  const drop = (): void => {
    filling.shots.splice(at, 1);
    filling.changed();
    draw();
  };
  const name = t("photo_n", { n: at + 1 });
  const picture = address ? h("img", { src: address, alt: name }) : h("span", { class: "ph" }, name);
  return h("div", { class: "taken" }, picture, h("button", { type: "button", "aria-label": t("photo_drop", { n: at + 1 }), onclick: drop }, icon("close")));
}
