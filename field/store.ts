// What a phone keeps: people, their drafts, what waits to be sent, sealed files, and versions of the forms.
import type { Bytes } from "./bytes.ts";
import type { Box } from "./pin.ts";
import { settled } from "./settled.ts";

export type State = "saved" | "received" | "logged" | "safe";
export const STATES: readonly State[] = ["saved", "received", "logged", "safe"];

/** Somebody who uses this phone. `box` holds the token, `page` what the node told last; both open with the PIN only. */
export interface Person {
  id: string;
  name: string;
  unit: string;
  salt: Bytes;
  iterations: number;
  box: Box;
  page: Box;
  fails: number;
  failedAt: number;
  isTraceless: boolean;
  isRevoked: boolean;
}

/** A form that is being filled in. It keeps the version of the forms it was begun with. */
export interface Draft {
  id: string;
  person: string;
  form: string;
  version: string;
  at: number;
  box: Box;
}

/** A message in the outbox: sealed bytes exactly as they are sent, until the node's receipt was verified. */
export interface Entry {
  id: string;
  person: string;
  raw: Bytes | null;
  state: State;
  files: string[];
  at: number;
  label: Box;
  receipt: string;
  index: number;
  problem: string;
}

/** A sealed file, under the hash of its sealed bytes. `owner` is its draft, which gives its id to the message. */
export interface SealedFile {
  sha: string;
  owner: string;
  bytes: Bytes;
}

export interface Definition {
  version: string;
  text: string;
}

export interface Tables {
  people: Person;
  drafts: Draft;
  outbox: Entry;
  files: SealedFile;
  forms: Definition;
}
export type Table = keyof Tables;
const KEYS: Record<Table, string> = { people: "id", drafts: "id", outbox: "id", files: "sha", forms: "version" };
export const NAME = "ronda-lapangan";

export function open(name = NAME): Promise<IDBDatabase> {
  const asked = indexedDB.open(name, 1);
  asked.onupgradeneeded = () => {
    for (const [table, keyPath] of Object.entries(KEYS)) asked.result.createObjectStore(table, { keyPath });
    asked.transaction?.objectStore("files").createIndex("owner", "owner");
    for (const table of ["drafts", "outbox"]) asked.transaction?.objectStore(table).createIndex("person", "person");
  };
  return done(asked);
}

export function done<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** Do writes in one transaction; the promise is kept only when they are on disk. */
export async function write(db: IDBDatabase, tables: Table[], act: (work: IDBTransaction) => void): Promise<void> {
  const work = db.transaction(tables, "readwrite", { durability: "strict" });
  const end = settled(work);
  act(work);
  await end;
}

export async function put<T extends Table>(db: IDBDatabase, table: T, row: Tables[T]): Promise<void> {
  await write(db, [table], (work) => work.objectStore(table).put(row));
}

/** Change a row as it is now; nothing happens where it is gone. */
export async function change<T extends Table>(
  db: IDBDatabase,
  table: T,
  key: string,
  act: (row: Tables[T]) => void,
): Promise<void> {
  await write(db, [table], (work) => {
    const rows = work.objectStore(table);
    const asked = rows.get(key);
    asked.onsuccess = () => {
      if (!asked.result) return;
      act(asked.result);
      rows.put(asked.result);
    };
  });
}

export async function get<T extends Table>(db: IDBDatabase, table: T, key: string): Promise<Tables[T] | undefined> {
  return done(db.transaction(table).objectStore(table).get(key));
}

export async function all<T extends Table>(db: IDBDatabase, table: T): Promise<Tables[T][]> {
  return done(db.transaction(table).objectStore(table).getAll());
}

export async function of<T extends "drafts" | "outbox">(db: IDBDatabase, table: T, person: string): Promise<Tables[T][]> {
  return done(db.transaction(table).objectStore(table).index("person").getAll(person));
}

/** The hashes of a draft's or message's files: their bytes, megabytes each, stay where they are. */
export async function fileKeys(db: IDBDatabase, owner: string): Promise<string[]> {
  return done(db.transaction("files").objectStore("files").index("owner").getAllKeys(owner)) as Promise<string[]>;
}

/** A draft and its files, gone. */
export async function draftDrop(db: IDBDatabase, id: string): Promise<void> {
  const files = await fileKeys(db, id);
  await write(db, ["drafts", "files"], (work) => {
    work.objectStore("drafts").delete(id);
    for (const sha of files) work.objectStore("files").delete(sha);
  });
}

/** A person with everything that is theirs. */
export async function personDrop(db: IDBDatabase, id: string): Promise<void> {
  const [drafts, entries] = [await of(db, "drafts", id), await of(db, "outbox", id)];
  const files = (await Promise.all([...drafts, ...entries].map((row) => fileKeys(db, row.id)))).flat();
  await write(db, ["people", "drafts", "outbox", "files"], (work) => {
    work.objectStore("people").delete(id);
    for (const draft of drafts) work.objectStore("drafts").delete(draft.id);
    for (const entry of entries) work.objectStore("outbox").delete(entry.id);
    for (const sha of files) work.objectStore("files").delete(sha);
  });
}

/** Somebody enrolled anew takes over what the forgotten PIN of before cannot send: sealed messages, whose titles are lost
 * with it. The drafts and the token of before go. */
export async function inherit(db: IDBDatabase, before: string, person: string, label: Box): Promise<void> {
  const [drafts, entries] = [await of(db, "drafts", before), await of(db, "outbox", before)];
  const files = (await Promise.all(drafts.map((row) => fileKeys(db, row.id)))).flat();
  await write(db, ["people", "drafts", "outbox", "files"], (work) => {
    work.objectStore("people").delete(before);
    for (const draft of drafts) work.objectStore("drafts").delete(draft.id);
    for (const sha of files) work.objectStore("files").delete(sha);
    for (const entry of entries) work.objectStore("outbox").put({ ...entry, person, label });
  });
}
