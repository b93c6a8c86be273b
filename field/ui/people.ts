// The door: who uses this phone, their PIN, and somebody new with a code.
import { ownPage, TokenEnded } from "../node.ts";
import type { OwnPage } from "../node.ts";
import { isWeak, FREE_TRIES } from "../pin.ts";
import type { Session } from "../session.ts";
import { enrol, PinWaits, PinWrong, renew, unlock } from "../session.ts";
import type { Person } from "../store.ts";
import { all, get, of, personDrop } from "../store.ts";
import { span, spoken, t } from "../words.ts";
import { h, icon } from "./dom.ts";
import { app } from "./state.ts";

const plain = (...body: (Node | string | false)[]): HTMLElement => h("div", { class: "phone" }, h("main", { class: "door" }, ...body));
const heading = (text: string): HTMLElement => h("h1", { tabindex: -1 }, text);
const problemPlace = (): HTMLElement => h("p", { class: "bad", role: "alert" });

/** Everybody who is enrolled here, or how to be. */
export async function door(): Promise<Node> {
  const people = await all(app.db, "people");
  if (!people.length) return stranger();
  const rows = await Promise.all(people.map(personRow));
  return plain(brand(), heading(t("who")), h("p", null, t("who_why")), h("ul", { class: "who" }, ...rows));
}

const brand = (): HTMLElement => h("p", { class: "brand" }, "Ronda Lapangan");

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

function stranger(): HTMLElement {
  const code = h("textarea", { id: "code", rows: 3, autocomplete: "off", spellcheck: "false" });
  const bad = problemPlace();
  const go = (event: Event): void => {
    event.preventDefault();
    void enrolWith(code.value.trim().replace(/^.*#kunci=/s, ""), bad);
  };
  return plain(
    brand(),
    heading(t("no_one")),
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
    await app.show(() => (known ? renewPage(known, token) : choosePage(token, page)));
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

function choosePage(token: string, page: OwnPage): HTMLElement {
  const [first, pin] = pinField("pin", t("pin"), true);
  const [second, again] = pinField("pin2", t("pin_again"), true);
  const bad = problemPlace();
  const go = async (): Promise<Session | null> => {
    bad.textContent = isWeak(pin.value) ? t("pin_weak") : pin.value === again.value ? "" : t("pin_differs");
    return bad.textContent ? null : enrol(app.db, token, page, pin.value);
  };
  return plain(
    brand(),
    heading(t("hello", { name: page.person.name })),
    h("p", { class: "quiet" }, `${page.person.role} · ${page.person.unit}`),
    h("h2", null, t("choose_pin")),
    h("p", null, t("choose_pin_why")),
    pinForm(go, bad, t("use_phone"), first, second),
  );
}

async function renewPage(person: Person, token: string): Promise<Node> {
  const [field, pin] = pinField("pin", t("pin"), false);
  return plain(
    brand(),
    heading(person.name),
    h("p", null, t("renew_why", { name: person.name })),
    pinForm(() => renew(app.db, person.id, pin.value, token), problemPlace(), t("open"), field),
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
    pinForm(() => unlock(app.db, id, pin.value), problemPlace(), t("open"), field),
  );
}

const toDoor = (): HTMLElement =>
  h("button", { class: "back", type: "button", "aria-label": t("back"), onclick: () => void app.show(door) }, icon("left"));

function pinForm(open: () => Promise<Session | null>, bad: HTMLElement, word: string, ...fields: HTMLElement[]): HTMLElement {
  const button = h("button", { class: "bigbtn" }, word);
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    button.disabled = true;
    button.textContent = t("opening");
    try {
      const session = await open();
      if (session) return app.enter(session);
    } catch (error) {
      bad.textContent = await pinProblem(error);
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

async function pinProblem(error: unknown): Promise<string> {
  if (error instanceof PinWaits) return t("pin_wait", { span: waitWords(error.left) });
  if (!(error instanceof PinWrong)) return t("not_saved", { why: error instanceof Error ? error.message : "" });
  const fails = Math.max(...(await all(app.db, "people")).map((person) => person.fails));
  return fails < FREE_TRIES ? t("pin_wrong", { n: FREE_TRIES - fails }) : t("pin_wait", { span: waitWords(30_000 * 2 ** (fails - FREE_TRIES)) });
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
      h("p", null, t("remove_sure", { name: person.name, n: waiting })),
      h("button", { class: "bigbtn late", type: "button", onclick: () => void gone() }, t("remove_yes")),
      h("button", { class: "bigbtn alt", type: "button", onclick: first }, t("cancel")),
    );
  const first = (): void => place.replaceChildren(h("button", { class: "bigbtn alt", type: "button", onclick: asked }, t("remove")));
  first();
  return place;
}
