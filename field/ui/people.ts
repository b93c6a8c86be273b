// The door: who uses this phone, their PIN, and somebody new with a code.
import { ownPage, TokenEnded } from "../node.ts";
import type { OwnPage } from "../node.ts";
import { FREE_TRIES, isWeak, shut, waitAfter } from "../pin.ts";
import type { Session } from "../session.ts";
import { enrol, PinWaits, PinWrong, renew, unlock } from "../session.ts";
import type { Person } from "../store.ts";
import { all, get, inherit, of, personDrop } from "../store.ts";
import { span, spoken, t } from "../words.ts";
import { h, icon } from "./dom.ts";
import { app } from "./state.ts";
import { setLanguage } from "./wear.ts";

const plain = (...body: (Node | string | false)[]): HTMLElement => h("div", { class: "phone" }, h("main", { class: "door" }, ...body));
const heading = (text: string): HTMLElement => h("h1", { tabindex: -1 }, text);
const problemPlace = (): HTMLElement => h("p", { class: "bad", role: "alert" });

/** Everybody who is enrolled here, or how to be. */
export async function door(): Promise<Node> {
  const people = await all(app.db, "people");
  if (!people.length) return stranger();
  const rows = await Promise.all(people.map(personRow));
  const other = h("button", { class: "plain", type: "button", onclick: () => void app.show(() => stranger(true)) }, t("enrol_other"));
  return plain(tongues(), heading(t("who")), h("p", null, t("who_why")), h("ul", { class: "who" }, ...rows), other);
}

const brand = (): HTMLElement => h("p", { class: "brand" }, "Ronda Lapangan");

/** The name of the app with the other language: who cannot read the first screen finds no settings behind it. */
function tongues(): HTMLElement {
  const [next, word] = spoken() === "id" ? (["en", "English"] as const) : (["id", "Bahasa Indonesia"] as const);
  const turn = (): void => {
    setLanguage(next);
    void app.show(door);
  };
  return h("div", { class: "tongues" }, brand(), h("button", { class: "plain", type: "button", lang: next, onclick: turn }, word));
}

async function personRow(person: Person): Promise<HTMLElement> {
  const waiting = (await of(app.db, "outbox", person.id)).filter((entry) => entry.state === "saved").length;
  const note = [person.unit, waiting ? t("waiting_n", { n: waiting }) : ""].filter(Boolean).join(" · ");
  const go = (): void => void app.show(() => (person.isRevoked ? revokedPage(person.id) : pinPage(person.id)));
  return h(
    "li",
    null,
    h(
      "button",
      { type: "button", onclick: go },
      h("span", { class: "ini", "aria-hidden": "true" }, initials(person.name)),
      h("span", { class: "grow" }, h("b", null, person.name), h("small", null, note), person.isRevoked && h("small", { class: "bad" }, t("revoked"))),
      icon("right"),
    ),
  );
}

const initials = (name: string): string => name.split(/\s+/).slice(0, 2).map((word) => word[0] ?? "").join("");

function stranger(isAnother = false): HTMLElement {
  const code = h("textarea", { id: "code", rows: 3, autocomplete: "off", spellcheck: "false" });
  const bad = problemPlace();
  const go = (event: Event): void => {
    event.preventDefault();
    void enrolWith(code.value.trim().replace(/^.*#kunci=/s, ""), bad);
  };
  return plain(
    isAnother ? toDoor() : tongues(),
    heading(t(isAnother ? "enrol_other" : "no_one")),
    h("p", null, t("no_one_why")),
    h("form", { onsubmit: go }, h("label", { for: "code" }, t("paste")), code, bad, h("button", { class: "bigbtn" }, t("enrol"))),
  );
}

/** The link of a QR code was opened: ask the node whose token it is. */
export async function enrolWith(token: string, bad: HTMLElement): Promise<void> {
  bad.textContent = "";
  try {
    const page = await ownPage(token, spoken());
    const known = (await all(app.db, "people")).find((one) => one.name === page.person.name && one.unit === page.person.unit);
    await app.show(() => (known ? renewPage(known, token, page) : choosePage(token, page)));
  } catch (error) {
    bad.textContent = t(error instanceof TokenEnded ? "enrol_refused" : "enrol_offline");
  }
}

/** Shown while the code is looked at, and where it stays to be tried again without a network. */
export function arriving(token: string): HTMLElement {
  const bad = problemPlace();
  const again = h("button", { class: "bigbtn", type: "button", onclick: () => void enrolWith(token, bad) }, t("enrol"));
  void enrolWith(token, bad);
  return plain(brand(), heading(t("enrolling")), bad, again);
}

function pinField(id: string, label: string, isNew: boolean): [HTMLElement, HTMLInputElement] {
  const input = h("input", {
    id,
    type: "password",
    inputmode: "numeric",
    autocomplete: isNew ? "new-password" : "off",
    pattern: "[0-9]*",
    class: "pin",
    required: true,
  });
  return [h("div", { class: "field" }, h("label", { for: id }, label), input), input];
}

/** A PIN of one's own. `before` is the same person with a PIN that was forgotten. */
function choosePage(token: string, page: OwnPage, before?: Person): HTMLElement {
  const [first, pin] = pinField("pin", t("pin"), true);
  const [second, again] = pinField("pin2", t("pin_again"), true);
  const bad = problemPlace();
  const go = async (): Promise<Session | null> => {
    bad.textContent = isWeak(pin.value) ? t("pin_weak") : pin.value === again.value ? "" : t("pin_differs");
    if (bad.textContent) return null;
    const session = await enrol(app.db, token, page, pin.value);
    if (before) await inherit(app.db, before.id, session.person.id, await shut(session.key, { title: t("sent_before") }));
    return session;
  };
  return plain(
    brand(),
    heading(t("hello", { name: page.person.name })),
    h("p", { class: "quiet" }, `${page.person.role} · ${page.person.unit}`),
    h("h2", null, t("choose_pin")),
    h("p", null, t("choose_pin_why")),
    pinForm("", go, t("use_phone"), bad, first, second),
  );
}

function renewPage(person: Person, token: string, page: OwnPage): HTMLElement {
  const [field, pin] = pinField("pin", t("pin"), false);
  const forgot = (): void => void app.show(() => choosePage(token, page, person));
  return plain(
    brand(),
    heading(person.name),
    h("p", null, t("renew_why", { name: person.name })),
    pinForm(person.id, () => renew(app.db, person.id, pin.value, token), t("open"), problemPlace(), field),
    h("div", { class: "acts" }, h("button", { class: "bigbtn alt", type: "button", onclick: forgot }, t("forgot")), h("p", { class: "quiet" }, t("forgot_why"))),
  );
}

async function pinPage(id: string): Promise<Node> {
  const person = await get(app.db, "people", id);
  if (!person) return door();
  const [field, pin] = pinField("pin", t("pin_of", { name: person.name }), false);
  pin.autofocus = true;
  return plain(
    toDoor(),
    heading(person.name),
    h("p", { class: "quiet" }, person.unit),
    pinForm(id, () => unlock(app.db, id, pin.value), t("open"), problemPlace(), field),
  );
}

const toDoor = (): HTMLElement =>
  h("button", { class: "back", type: "button", "aria-label": t("back"), onclick: () => void app.show(door) }, icon("left"));

function pinForm(
  whose: string,
  open: () => Promise<Session | null>,
  word: string,
  bad: HTMLElement,
  ...fields: HTMLElement[]
): HTMLElement {
  const button = h("button", { class: "bigbtn" }, word);
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    button.disabled = true;
    button.textContent = t("opening");
    try {
      const session = await open();
      if (session) return app.enter(session);
    } catch (error) {
      bad.textContent = await pinProblem(error, whose);
    }
    button.disabled = false;
    button.textContent = word;
    for (const field of fields) {
      const input = field.querySelector("input");
      if (input) input.value = "";
    }
    fields[0]?.querySelector("input")?.focus();
  };
  return h("form", { onsubmit: (event: Event) => void go(event) }, ...fields, bad, button);
}

async function pinProblem(error: unknown, whose: string): Promise<string> {
  if (error instanceof PinWaits) return t("pin_wait", { span: waitWords(error.left) });
  if (!(error instanceof PinWrong)) return t("not_saved", { why: error instanceof Error ? error.message : "" });
  const fails = (await get(app.db, "people", whose))?.fails ?? 0;
  return fails < FREE_TRIES ? t("pin_wrong", { n: FREE_TRIES - fails }) : t("pin_wait", { span: waitWords(waitAfter(fails)) });
}

const waitWords = (ms: number): string => (ms < 60_000 ? t("seconds", { n: Math.ceil(ms / 1000) }) : span(ms));

async function revokedPage(id: string): Promise<Node> {
  const person = await get(app.db, "people", id);
  if (!person) return door();
  const waiting = (await of(app.db, "outbox", id)).filter((entry) => entry.state === "saved").length;
  return plain(
    toDoor(),
    heading(t("revoked")),
    h("p", { class: "quiet" }, `${person.name} · ${person.unit}`),
    h("p", null, t("revoked_why")),
    h("p", null, t("waiting_n", { n: waiting })),
    removing(person, waiting),
  );
}

/** Two presses: what was not sent would be lost for good. */
export function removing(person: Person, waiting: number): HTMLElement {
  const place = h("div", { class: "acts" });
  const gone = async (): Promise<void> => {
    await personDrop(app.db, person.id);
    app.lock();
  };
  const asked = (): void =>
    place.replaceChildren(
      h("p", null, waiting ? t("remove_sure", { name: person.name, n: waiting }) : t("remove_sure_none", { name: person.name })),
      h("button", { class: "bigbtn late", type: "button", onclick: () => void gone() }, t("remove_yes")),
      h("button", { class: "bigbtn alt", type: "button", onclick: first }, t("cancel")),
    );
  const first = (): void => place.replaceChildren(h("button", { class: "bigbtn alt", type: "button", onclick: asked }, t("remove")));
  first();
  return place;
}
