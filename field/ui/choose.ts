// All forms of this post, in groups.
import type { Form } from "../forms.ts";
import { named, t } from "../words.ts";
import { h, icon, iconNamed } from "./dom.ts";
import { begin } from "./fill.ts";
import { empty, frame } from "./frame.ts";
import { app } from "./state.ts";

export async function choose(): Promise<Node> {
  const forms = app.in.forms?.forms ?? [];
  const single = forms.filter((form) => !form.id.includes(":"));
  const groups: [string, string][] = [
    [t("checks"), "station:"],
    [t("roll_calls"), "roll_call:"],
    [t("sheets"), "sheet:"],
  ];
  const body = [
    ...single.map(row),
    ...groups.flatMap(([title, start]) => group(title, forms.filter((form) => form.id.startsWith(start)))),
    ...(forms.length ? [] : [empty(t("no_one"), t("no_key"))]),
  ];
  return frame({ title: t("report"), about: t("choose_form"), tab: "report" }, ...body);
}

function group(title: string, forms: Form[]): HTMLElement[] {
  return forms.length ? [h("h2", { class: "fday" }, title), ...forms.map(row)] : [];
}

function row(form: Form): HTMLElement {
  return h(
    "button",
    { class: "task", type: "button", onclick: () => begin(form) },
    iconNamed(form.icon),
    h("span", { class: "grow" }, h("b", null, named(form.name))),
    icon("right"),
  );
}
