// The outbox: files in pieces, then the message, then the receipt, and later whether the log holds it.
import type { Bytes } from "./bytes.ts";
import type { Answer, LogKey } from "./receipt.ts";
import { isLogged, isReceipt } from "./receipt.ts";
import type { Entry, SealedFile } from "./store.ts";
import { change, fileKeys, get, of, write } from "./store.ts";

/** Who sends, and how the network is reached: an argument, so that a test can be the network. */
export interface Sender {
  person: string;
  token: string;
  key: LogKey;
  isTraceless: boolean;
  ask: typeof fetch;
}

export type Ended = "all" | "later" | "revoked";
const MESSAGES = "/gate/v1/messages";
const FILES = "/gate/v1/files/";
export const PIECE = 128 * 1024;
const FIRST_PIECE = 16 * 1024; // little is lost where the node has it already
const WHOLE = Number.POSITIVE_INFINITY;
const PATIENCE_MS = 60_000;
const KEPT_ROWS = 100;
const TURNS_MOST = 10_000;
const ASKED_AGAIN = 5;
const FAILS_IN_ROW = 3;

/** Bytes of each file that the node is known to have, since the app was opened; after that the node is asked. */
const there = new Map<string, { at: number; size: number }>();

class Revoked extends Error {}
class Later extends Error {}
/** The node will never take this one: said to the person, kept, and the next one is tried. */
class Refused extends Error {}

/** The share of an entry's files that the node has, from 0 to 1; 0 where nothing was sent yet. */
export function sentShare(entry: Entry): number {
  const shares = entry.files.map((sha) => {
    const file = there.get(sha);
    return file ? Math.min(1, file.at / file.size) : 0;
  });
  return shares.length ? shares.reduce((sum, share) => sum + share, 0) / shares.length : 0;
}

/** Send all that waits. What a bad link leaves is taken up again where it broke off. */
export async function sendAll(db: IDBDatabase, sender: Sender, told: () => void): Promise<Ended> {
  let failed = 0;
  let inRow = 0;
  for (const entry of await waiting(db, sender.person)) {
    try {
      await (entry.state === "saved" ? sendOne(db, sender, entry, told) : askOne(db, sender, entry));
      inRow = 0;
    } catch (error) {
      if (error instanceof Revoked) return "revoked";
      if (error instanceof Refused) await change(db, "outbox", entry.id, (row) => (row.problem = error.message));
      else failed++; // no network, a cut, a busy node: nothing is lost, all is tried again
      if (!(error instanceof Refused) && ++inRow >= FAILS_IN_ROW) return "later";
    }
    told();
  }
  await prune(db, sender.person);
  return failed ? "later" : "all";
}

/** What is still to be done, oldest first: unsent ones without photos, so that no word waits behind megabytes; then those
 * with; of those in the log, only the latest are asked for a second node. */
async function waiting(db: IDBDatabase, person: string): Promise<Entry[]> {
  const rows = (await of(db, "outbox", person)).sort((a, b) => a.at - b.at);
  const inState = (state: Entry["state"]): Entry[] => rows.filter((row) => row.state === state);
  const saved = inState("saved").filter((row) => !row.problem);
  const [short, long] = [saved.filter((row) => !row.files.length), saved.filter((row) => row.files.length)];
  return [...short, ...long, ...inState("received"), ...inState("logged").slice(-ASKED_AGAIN)];
}

async function sendOne(db: IDBDatabase, sender: Sender, entry: Entry, told: () => void): Promise<void> {
  if (!entry.raw) return;
  for (const sha of await fileKeys(db, entry.id)) {
    const file = await get(db, "files", sha);
    if (file) await sendFile(sender, file, told);
  }
  const answer = await ask(sender, MESSAGES, { method: "POST", body: entry.raw, type: "application/json" });
  if (answer.status !== 201) throw refusal(answer.status, await worded(answer));
  const text = await answer.text();
  if (!(await isReceipt(JSON.parse(text) as Answer, entry.raw, entry.id, sender.key))) throw new Refused("receipt");
  await received(db, sender, entry, text);
}

/** Only now may the sealed bytes go: the node has signed for exactly them. A row that is gone meanwhile stays gone. */
async function received(db: IDBDatabase, sender: Sender, entry: Entry, receipt: string): Promise<void> {
  const files = await fileKeys(db, entry.id);
  await write(db, ["outbox", "files"], (work) => {
    const [rows, kept] = [work.objectStore("outbox"), work.objectStore("files")];
    const asked = rows.get(entry.id) as IDBRequest<Entry | undefined>;
    asked.onsuccess = () => {
      for (const sha of files) kept.delete(sha);
      if (!asked.result) return;
      if (sender.isTraceless) rows.delete(entry.id);
      else rows.put({ ...asked.result, raw: null, state: "received", receipt, problem: "" });
    };
  });
  for (const sha of files) there.delete(sha);
}

/** In pieces, from where the node is: it answers a first piece that it has already with where to go on. How far it came is
 * kept in memory only: writing it down after each piece would write the whole file again. */
async function sendFile(sender: Sender, file: SealedFile, told: () => void): Promise<void> {
  const path = FILES + file.sha;
  const size = file.bytes.length;
  let at = there.get(file.sha)?.at ?? 0;
  for (let turn = 0; turn < TURNS_MOST; turn++) {
    there.set(file.sha, { at, size });
    told();
    if (at === WHOLE) return;
    const body = file.bytes.slice(at, Math.min(at + (at ? PIECE : FIRST_PIECE), size));
    const range = at < size ? `bytes ${at}-${at + body.length - 1}/${size}` : `bytes */${size}`; // all there: close it
    const answer = await ask(sender, path, { method: "PUT", body, type: "application/age", range });
    if (answer.status === 422) there.delete(file.sha); // the node threw away what did not fit: from the start
    const isWhole = answer.status === 200 || answer.status === 201;
    at = isWhole ? WHOLE : nextFrom(answer, await worded(answer), at);
  }
  throw new Later("turns");
}

function nextFrom(answer: Response, words: string, at: number): number {
  const offset = Number(answer.headers.get("upload-offset") ?? NaN);
  if (answer.status === 202 && offset > at) return offset;
  if (answer.status === 409 && Number.isInteger(offset)) return offset; // the node has more, or less, than we thought
  const isBusy = answer.status === 409 || answer.status === 422; // an earlier try is still at it, or spoiled it
  throw isBusy ? new Later(words) : refusal(answer.status, words);
}

async function askOne(db: IDBDatabase, sender: Sender, entry: Entry): Promise<void> {
  const answer = await ask(sender, `${MESSAGES}/${entry.id}`, { method: "GET" });
  if (answer.status !== 200) throw refusal(answer.status, "");
  const told = (await answer.json()) as Answer;
  if (!(await isLogged(told, sender.key))) return;
  await change(db, "outbox", entry.id, (row) => {
    row.state = told.state === "safe" ? "safe" : "logged";
    row.index = told.log?.index ?? -1;
  });
}

interface Asked {
  method: string;
  body?: Bytes;
  type?: string;
  range?: string;
}

async function ask(sender: Sender, path: string, asked: Asked): Promise<Response> {
  const headers: Record<string, string> = { Authorization: `Bearer ${sender.token}` };
  if (asked.type) headers["Content-Type"] = asked.type;
  if (asked.range) headers["Content-Range"] = asked.range;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await sender.ask(path, { method: asked.method, body: asked.body, headers, signal, cache: "no-store" });
  if (answer.status === 401) throw new Revoked();
  return answer;
}

function refusal(status: number, words: string): Error {
  return status >= 400 && status < 500 && status !== 404 && status !== 408 && status !== 429
    ? new Refused(words || String(status))
    : new Later(words);
}

async function worded(answer: Response): Promise<string> {
  try {
    const { error } = (await answer.clone().json()) as { error?: { field: string; wanted: string; came: string } };
    return error ? `${error.field}: ${error.wanted} / ${error.came}` : "";
  } catch {
    return "";
  }
}

/** Old rows of the list go; what is not yet in the log stays. */
async function prune(db: IDBDatabase, person: string): Promise<void> {
  const ended = (await of(db, "outbox", person)).filter((row) => row.state === "logged" || row.state === "safe");
  const old = ended.sort((a, b) => b.at - a.at).slice(KEPT_ROWS);
  if (old.length) {
    await write(db, ["outbox"], (work) => {
      for (const row of old) work.objectStore("outbox").delete(row.id);
    });
  }
}

/** How long to wait before the next try: longer after each that failed, never the same for all phones. */
export function backoff(tries: number, chance: number): number {
  return Math.min(300_000, 2_000 * 2 ** Math.min(tries, 10)) * (0.5 + chance / 2);
}
