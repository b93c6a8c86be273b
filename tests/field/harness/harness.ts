// The app's own store, queue and sync, driven without its pages: many messages, and what became of them.
import { hex, random, sha256, uuid7 } from "../../../field/bytes.ts";
import { pinKey, shut } from "../../../field/pin.ts";
import { enqueue, fileKeep } from "../../../field/queue.ts";
import { logKey } from "../../../field/receipt.ts";
import { all, open } from "../../../field/store.ts";
import { sendAll } from "../../../field/sync.ts";

interface Given {
  recipient: string;
  place: string;
  photo: number;
}

declare global {
  interface Window {
    saved?: (id: string) => Promise<void>;
  }
}

const PERSON = "person";

async function label(): Promise<Awaited<ReturnType<typeof shut>>> {
  return shut(await pinKey("271828", random(16), 1), { title: "Laporan", note: "" });
}

async function saveOne(db: IDBDatabase, given: Given, n: number): Promise<string> {
  const draft = uuid7(Date.now());
  const bytes = new Uint8Array(given.photo);
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  const taken = { bytes, sha256: hex(await sha256(bytes)), type: "image/jpeg" };
  const file = await fileKeep(db, taken, given.recipient, draft);
  return enqueue(db, {
    person: PERSON,
    recipient: given.recipient,
    inner: { kind: "report", election: "pilkada-2024", place: given.place, station: 1, body: { text: `Laporan ${n}` } },
    files: [file],
    label: await label(),
    draft,
    clocks: { now: Date.now(), monotonic: performance.now(), offset: 0 },
  });
}

/** Save without an end; each is told outside as soon as the store calls it saved. */
async function saveForever(given: Given): Promise<void> {
  const db = await open();
  for (let n = 0; ; n++) {
    const id = await saveOne(db, given, n);
    void window.saved?.(id);
  }
}

async function saveMany(given: Given, count: number): Promise<string[]> {
  const db = await open();
  const ids = [];
  for (let n = 0; n < count; n++) ids.push(await saveOne(db, given, n));
  return ids;
}

/** Every message that is there whole: its bytes are a message, and each file it names is there under its hash. */
async function whole(): Promise<string[]> {
  const db = await open();
  const files = new Map((await all(db, "files")).map((file) => [file.sha, file]));
  const found: string[] = [];
  for (const entry of await all(db, "outbox")) {
    const text = entry.raw ? new TextDecoder().decode(entry.raw) : "{}";
    const named = (JSON.parse(text) as { files?: { sha256: string }[] }).files ?? [];
    const checks = await Promise.all(
      named.map(async ({ sha256: sha }) => {
        const file = files.get(sha);
        return file !== undefined && hex(await sha256(file.bytes)) === sha;
      }),
    );
    if (named.length && checks.every(Boolean)) found.push(entry.id);
  }
  return found;
}

/** Try to send until the node has receipted everything, or the tries are used up; how many still wait. */
async function sendUntilDone(token: string, key: string, tries: number): Promise<number> {
  const db = await open();
  const sender = { person: PERSON, token, key: await logKey(key), isTraceless: false, ask: fetch.bind(window) };
  let left = -1;
  for (let n = 0; n < tries && left !== 0; n++) {
    await sendAll(db, sender, () => undefined);
    left = (await all(db, "outbox")).filter((entry) => entry.state === "saved").length;
    await new Promise((go) => setTimeout(go, 20));
  }
  return left;
}

async function told(): Promise<{ states: string[]; problems: string[]; files: number }> {
  const db = await open();
  const entries = await all(db, "outbox");
  return {
    states: entries.map((entry) => entry.state),
    problems: entries.map((entry) => entry.problem).filter(Boolean),
    files: (await all(db, "files")).length,
  };
}

Object.assign(window, { saveForever, saveMany, whole, sendUntilDone, told });
