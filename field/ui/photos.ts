// The camera: hashed and sealed at once; what is shown is a small copy in the draft.
import type { Field } from "../forms.ts";
import { taken } from "../photo.ts";
import { fileKeep } from "../queue.ts";
import { t } from "../words.ts";
import { h, icon } from "./dom.ts";
import type { Filling } from "./fill.ts";
import { problem } from "./fill.ts";
import { app } from "./state.ts";

export function photos(filling: Filling, field: Field): HTMLElement {
  const most = field.most ?? 6;
  const place = h("div", { class: "shots" });
  const note = h("p", { class: "bad", role: "alert" });
  const draw = (): void => {
    const shots = filling.shots.map((shot, at) => shown(filling, at, shot.shown, draw));
    place.replaceChildren(...shots, ...(shots.length < most ? [camera(shots.length, take)] : []));
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

async function keep(filling: Filling, file: File): Promise<void> {
  const { shown: small, ...original } = await taken(file);
  const ref = await fileKeep(app.db, original, app.in.page.node.recipient, filling.id);
  filling.shots.push({ ...ref, shown: small });
}

function camera(n: number, take: (input: HTMLInputElement) => Promise<void>): HTMLElement {
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", multiple: true, class: "sr", id: "camera" });
  input.addEventListener("change", () => void take(input));
  return h("label", { class: "shot", for: "camera" }, input, icon("camera"), t(n ? "photo_more" : "photo"));
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
