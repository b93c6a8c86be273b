// From a finished form to a sealed message in the outbox, in one write with the end of its draft.
import type { Bytes } from "./bytes.ts";
import { base64, hex, random, sha256, utf8 } from "./bytes.ts";
import type { Box } from "./pin.ts";
import { seal } from "./seal.ts";
import { fileKeys, put, write } from "./store.ts";

/** A file by the hash it had when it was taken, and by that of its sealed form. */
export interface FileRef {
  sha256: string;
  size: number;
  type: string;
  sealed: string;
  sealedSize: number;
}

/** A message of the gate as it will be read there. */
export interface Inner {
  kind: string;
  election: string;
  place: string;
  station?: number;
  body: Record<string, unknown>;
}

export interface Clocks {
  now: number;
  monotonic: number;
  offset: number | null;
}

export interface Finished {
  person: string;
  recipient: string;
  inner: Inner;
  files: FileRef[];
  label: Box;
  draft: string;
  clocks: Clocks;
}

const PAD = 1024; // sizes are rounded up, so that the length of a message tells little about it

/** Seal a file and keep it for a draft: the original leaves memory unreadable for anyone but the node. */
export async function fileKeep(
  db: IDBDatabase,
  taken: { bytes: Bytes; sha256: string; type: string },
  recipient: string,
  owner: string,
): Promise<FileRef> {
  const bytes = await seal(taken.bytes, recipient);
  const sha = hex(await sha256(bytes));
  await put(db, "files", { sha, owner, bytes });
  return { sha256: taken.sha256, size: taken.bytes.length, type: taken.type, sealed: sha, sealedSize: bytes.length };
}

/** Save a message under the id of its draft, so that one draft is never two. From the moment this returns it is on disk
 * and will be sent. */
export async function enqueue(db: IDBDatabase, given: Finished): Promise<string> {
  const id = given.draft;
  const raw = await packed(id, given);
  const kept = new Set(await fileKeys(db, id));
  const named = new Set(given.files.map((file) => file.sealed));
  for (const sha of named) if (!kept.has(sha)) throw new Error(`file ${sha.slice(0, 8)} is not on this phone`);
  await write(db, ["outbox", "drafts", "files"], (work) => {
    work.objectStore("outbox").add({
      id,
      person: given.person,
      raw,
      state: "saved",
      files: [...named],
      at: given.clocks.now,
      label: given.label,
      receipt: "",
      index: -1,
      problem: "",
    });
    for (const sha of kept) if (!named.has(sha)) work.objectStore("files").delete(sha);
    work.objectStore("drafts").delete(id);
  });
  return id;
}

/** The bytes that are sent: an open frame around what only the node can read. */
export async function packed(id: string, given: Finished): Promise<Bytes> {
  const at = withOffset(given.clocks.now);
  const text = padded(JSON.stringify(innerOf(given, at)));
  const frame = {
    id,
    kind: "sealed",
    captured_at: at,
    body: { age: base64(await seal(text, given.recipient)), sha256: hex(await sha256(text)) },
    files: given.files.map((file) => ({ sha256: file.sealed, size: file.sealedSize, type: "application/age" })),
  };
  return utf8(JSON.stringify(frame));
}

function innerOf(given: Finished, at: string): Record<string, unknown> {
  const { now, monotonic, offset } = given.clocks;
  const clock = { device: at, monotonic_ms: Math.round(monotonic), offset_ms: offset, saved_ms: now };
  return {
    ...given.inner,
    captured_at: at,
    body: { ...given.inner.body, device_clock: clock },
    files: given.files.map(({ sha256: original, size, type, sealed }) => ({ sha256: original, size, type, sealed })),
    salt: base64(random(16)),
  };
}

function padded(text: string): Bytes {
  const bytes = utf8(text);
  const whole = new Uint8Array(Math.ceil(bytes.length / PAD) * PAD).fill(0x20);
  whole.set(bytes);
  return whole;
}

/** An instant as this phone's clock shows it, with its offset from UTC. */
export function withOffset(now: number): string {
  const minutes = -new Date(now).getTimezoneOffset();
  const local = new Date(now + minutes * 60_000).toISOString().slice(0, -1);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${local}${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}
