// The outbox: files in pieces, then the message, then the receipt, and later whether the log holds it.
import type { Bytes } from "./bytes.ts";
import type { Answer, LogKey } from "./receipt.ts";
import { isLogged, isReceipt } from "./receipt.ts";
import type { Entry, SealedFile } from "./store.ts";
import { change, filesOf, of, write } from "./store.ts";

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
const PATIENCE_MS = 60_000;
const KEPT_ROWS = 100;
const TURNS_MOST = 10_000;
const ASKED_AGAIN = 5;
const FAILS_IN_ROW = 3;

class Revoked extends Error {}
class Later extends Error {}
/** The node will never take this one: said to the person, kept, and the next one is tried. */
class Refused extends Error {}

/** Send all that waits, oldest first. What a bad link leaves is taken up again where it broke off. */
export async function sendAll(db: IDBDatabase, sender: Sender, told: () => void): Promise<Ended> {
  let failed = 0;
  let inRow = 0;
  for (const entry of await waiting(db, sender.person)) {
    try {
      await (entry.state === "saved" ? sendOne(db, sender, entry) : askOne(db, sender, entry));
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

/** What is still to be done: unsent ones first; of those in the log, only the latest are asked for a second node. */
async function waiting(db: IDBDatabase, person: string): Promise<Entry[]> {
  const rows = (await of(db, "outbox", person)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const logged = rows.filter((row) => row.state === "logged").slice(-ASKED_AGAIN);
  const [saved, given] = (["saved", "received"] as const).map((state) => rows.filter((row) => row.state === state));
  return [...(saved ?? []).filter((row) => !row.problem), ...(given ?? []), ...logged];
}

async function sendOne(db: IDBDatabase, sender: Sender, entry: Entry): Promise<void> {
  if (!entry.raw) return;
  for (const file of await filesOf(db, entry.id)) if (!file.isDone) await sendFile(db, sender, file);
  const answer = await ask(sender, MESSAGES, { method: "POST", body: entry.raw, type: "application/json" });
  if (answer.status !== 201) throw refusal(answer.status, await worded(answer));
  const text = await answer.text();
  if (!(await isReceipt(JSON.parse(text) as Answer, entry.raw, entry.id, sender.key))) throw new Refused("receipt");
  await received(db, sender, entry, text);
}

/** Only now may the sealed bytes go: the node has signed for exactly them. */
async function received(db: IDBDatabase, sender: Sender, entry: Entry, receipt: string): Promise<void> {
  const files = await filesOf(db, entry.id);
  await write(db, ["outbox", "files"], (work) => {
    for (const file of files) work.objectStore("files").delete(file.sha);
    if (sender.isTraceless) work.objectStore("outbox").delete(entry.id);
    else work.objectStore("outbox").put({ ...entry, raw: null, state: "received", receipt, problem: "" });
  });
}

/** The first piece goes without asking; one that the node has already is answered with where to go on. */
async function sendFile(db: IDBDatabase, sender: Sender, file: SealedFile): Promise<void> {
  const path = FILES + file.sha;
  const size = file.bytes.length;
  let at = file.sent ? await offsetOf(sender, path) : 0;
  for (let turn = 0; turn < TURNS_MOST; turn++) {
    const body = file.bytes.slice(at, Math.min(at + PIECE, size));
    const range = at < size ? `bytes ${at}-${at + body.length - 1}/${size}` : `bytes */${size}`; // all there: close it
    const answer = await ask(sender, path, { method: "PUT", body, type: "application/age", range });
    if (answer.status === 200 || answer.status === 201) {
      return change(db, "files", file.sha, (row) => Object.assign(row, { sent: size, isDone: true }));
    }
    at = nextFrom(answer, await worded(answer), at);
    await change(db, "files", file.sha, (row) => (row.sent = at));
  }
  throw new Later("turns");
}

function nextFrom(answer: Response, words: string, at: number): number {
  const offset = Number(answer.headers.get("upload-offset") ?? NaN);
  if (answer.status === 202 && offset > at) return offset;
  if (answer.status === 409 && Number.isInteger(offset)) return offset; // the node has more, or less, than we thought
  throw answer.status === 422 ? new Later(words) : refusal(answer.status, words);
}

/** How many bytes of the file the node has. */
async function offsetOf(sender: Sender, path: string): Promise<number> {
  const answer = await ask(sender, path, { method: "HEAD" });
  if (answer.status === 404) return 0;
  if (answer.status !== 200) throw refusal(answer.status, "");
  return Number(answer.headers.get("upload-offset") ?? 0);
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
  const old = ended.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(KEPT_ROWS);
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
