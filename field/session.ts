// Who is at the phone: enrolled with a token, opened with a PIN, told by the node what there is to do.
import { random, uuid7 } from "./bytes.ts";
import type { Definitions } from "./forms.ts";
import type { OwnPage } from "./node.ts";
import { ownPage, definitions } from "./node.ts";
import { ITERATIONS, pinKey, shut, unshut, waitLeft } from "./pin.ts";
import type { LogKey } from "./receipt.ts";
import { logKey } from "./receipt.ts";
import type { Person } from "./store.ts";
import { all, change, get, of, put, write } from "./store.ts";

const ASKED_FOR = 40;

export interface Session {
  person: Person;
  key: CryptoKey;
  token: string;
  page: OwnPage;
  log: LogKey;
  forms: Definitions | null;
  offset: number | null;
}

interface Secret {
  token: string;
}

interface Told {
  page: OwnPage;
  version: string;
  offset: number | null;
}

export class PinWrong extends Error {}
export class PinWaits extends Error {
  readonly left: number;
  constructor(left: number) {
    super();
    this.left = left;
  }
}

/** Somebody new on this phone: the token and what the node told go into a box that only the PIN opens. */
export async function enrol(db: IDBDatabase, token: string, page: OwnPage, pin: string): Promise<Session> {
  const [salt, log, told] = [random(16), await logKey(page.node.log_key), await toldBy(token, page, null)];
  const key = await pinKey(pin, salt);
  const person: Person = {
    id: uuid7(Date.now()),
    name: page.person.name,
    unit: page.person.unit,
    salt,
    iterations: ITERATIONS,
    box: await shut(key, { token } satisfies Secret),
    page: await shut(key, told.kept),
    fails: 0,
    failedAt: 0,
    isTraceless: false,
    isRevoked: false,
  };
  const { forms } = told;
  await write(db, ["people", "forms"], (work) => {
    work.objectStore("people").put(person);
    if (forms) work.objectStore("forms").put({ version: forms.version, text: JSON.stringify(forms) });
  });
  return { person, key, token, page, log, forms, offset: told.kept.offset };
}

/** Open a person's box. A wrong PIN is counted before it is tried, so that ending the app forgives none. */
export async function unlock(db: IDBDatabase, id: string, pin: string): Promise<Session> {
  const person = await get(db, "people", id);
  if (!person) throw new PinWrong();
  const left = waitLeft(person.fails, person.failedAt, Date.now());
  if (left > 0) throw new PinWaits(left);
  await change(db, "people", id, (row) => {
    row.fails += 1;
    row.failedAt = Date.now();
  });
  const key = await pinKey(pin, person.salt, person.iterations);
  const secret = await unshut<Secret>(key, person.box);
  if (!secret) throw new PinWrong();
  await change(db, "people", id, (row) => (row.fails = 0));
  const told = await unshut<Told>(key, person.page);
  if (!told) throw new Error("the page of this person cannot be read");
  const kept = await get(db, "forms", told.version);
  const log = await logKey(told.page.node.log_key);
  const forms = kept ? (JSON.parse(kept.text) as Definitions) : null;
  return { person, key, token: secret.token, page: told.page, log, forms, offset: told.offset };
}

/** A new token for somebody who is here already: drafts and outbox stay theirs. */
export async function renew(db: IDBDatabase, id: string, pin: string, token: string): Promise<Session> {
  const session = await unlock(db, id, pin);
  const box = await shut(session.key, { token } satisfies Secret);
  await change(db, "people", id, (row) => {
    row.box = box;
    row.isRevoked = false;
  });
  return { ...session, token, person: { ...session.person, isRevoked: false } };
}

/** Ask the node again; the key of the log is the one that enrolment brought, and stays. */
export async function refresh(db: IDBDatabase, session: Session, language: string): Promise<Session> {
  const page = await ownPage(session.token, language, await lastSent(db, session.person.id));
  const pinned = { ...page, node: { ...page.node, log_key: session.page.node.log_key } };
  return keepPage(db, session, pinned);
}

/** The latest messages that the node has. */
async function lastSent(db: IDBDatabase, person: string): Promise<string[]> {
  const rows = (await of(db, "outbox", person)).filter((row) => row.state !== "saved");
  return rows
    .sort((a, b) => b.at - a.at)
    .slice(0, ASKED_FOR)
    .map((row) => row.id);
}

async function keepPage(db: IDBDatabase, session: Session, page: OwnPage): Promise<Session> {
  const { kept, forms } = await toldBy(session.token, page, session.forms);
  const box = await shut(session.key, kept);
  if (forms && kept.version !== session.forms?.version) {
    await put(db, "forms", { version: kept.version, text: JSON.stringify(forms) });
  }
  await change(db, "people", session.person.id, (row) => (row.page = box));
  await formsTidy(db, kept.version);
  return { ...session, page, forms, offset: kept.offset };
}

/** A page with the clock of the node and the forms of today; where those do not come, the ones that are here. */
async function toldBy(token: string, page: OwnPage, here: Definitions | null): Promise<{ kept: Told; forms: Definitions | null }> {
  const offset = Date.parse(page.now) - Date.now();
  const forms = await definitions(token).catch(() => here);
  return { kept: { page, version: forms?.version ?? "", offset }, forms };
}

/** Versions that no draft needs and nobody was told last go. */
async function formsTidy(db: IDBDatabase, version: string): Promise<void> {
  const people = await all(db, "people");
  if (people.length > 1) return; // another person's version stands in a box that is shut now
  const used = new Set([version, ...(await all(db, "drafts")).map((draft) => draft.version)]);
  const old = (await all(db, "forms")).filter((one) => !used.has(one.version));
  if (!old.length) return;
  await write(db, ["forms"], (work) => {
    for (const one of old) work.objectStore("forms").delete(one.version);
  });
}
