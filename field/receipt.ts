// What the node answers, checked as an outsider would: its signature, the path in its tree, the log's checkpoint.
import { ed25519 } from "@noble/curves/ed25519.js";

import type { Bytes } from "./bytes.ts";
import { base64, hex, joined, sha256, unbase64, utf8 } from "./bytes.ts";

export interface LogKey {
  name: string;
  public: Bytes;
  id: string;
}

export interface Answer {
  id: string;
  sha256: string;
  received_at: string;
  node: string;
  receipt: { salt: string; index: number; size: number; path: string; signature: string };
  state?: string;
  log?: { index: number; path: string; checkpoint: string };
}

const MOST = 2 ** 40;
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})\+00:00$/;

/** A key as the node publishes it: name+id+base64. */
export async function logKey(text: string): Promise<LogKey> {
  const [name = "", id = "", ...rest] = text.trim().split("+");
  const data = unbase64(rest.join("+"));
  const key = { name, public: data.slice(1), id };
  const wanted = hex((await sha256(joined(utf8(`${name}\n`), Uint8Array.of(1), key.public))).slice(0, 4));
  if (data[0] !== 1 || key.public.length !== 32 || id !== wanted) throw new Error("not a key of a log");
  return key;
}

/** Whether the node signed for exactly these bytes. */
export async function isReceipt(answer: Answer, raw: Bytes, id: string, key: LogKey): Promise<boolean> {
  const digest = await sha256(raw);
  if (answer.node !== key.name || answer.id !== id || answer.sha256 !== hex(digest)) return false;
  const { index, size, path, signature } = answer.receipt;
  const leaf = await leafOf(answer, digest);
  const root = await rootBy(leaf, index, size, hashes(path));
  if (!root) return false;
  const text = `ronda receipt v1\n${key.name}\n${answer.received_at}\n${size}\n${base64(root)}\n`;
  return holds(key.public, utf8(text), unbase64(signature));
}

/** Whether the log holds the message of a receipt, under a checkpoint that the node signed. */
export async function isLogged(answer: Answer, key: LogKey): Promise<boolean> {
  const log = answer.log;
  if (!log) return false;
  const checkpoint = await checkpointOf(log.checkpoint, key);
  if (!checkpoint) return false;
  const leaf = await leafOf(answer, unhex(answer.sha256));
  const root = await rootBy(leaf, log.index, checkpoint.size, hashes(log.path));
  return root !== null && base64(root) === checkpoint.root;
}

async function leafOf(answer: Answer, digest: Bytes): Promise<Bytes> {
  const salt = unbase64(answer.receipt.salt);
  const parts = INSTANT.exec(answer.received_at);
  if (salt.length !== 16 || !parts) throw new Error("a receipt of another form");
  const micros = BigInt(Date.parse(`${parts[1]}Z`)) * 1000n + BigInt(parts[2] ?? 0);
  const at = new Uint8Array(8);
  new DataView(at.buffer).setBigUint64(0, micros);
  return leafHash(await sha256(joined(utf8("ronda message v1\n"), salt, digest, at)));
}

async function checkpointOf(note: string, key: LogKey): Promise<{ size: number; root: string } | null> {
  const gap = note.lastIndexOf("\n\n");
  const [origin, size = "", root = "", ...more] = note.slice(0, gap).split("\n");
  if (gap < 0 || origin !== key.name || more.length || !/^(0|[1-9]\d{0,12})$/.test(size)) return null;
  const body = utf8(note.slice(0, gap + 1));
  for (const line of note.slice(gap + 2).split("\n")) {
    const [dash, name, signed = ""] = line.split(" ");
    if (dash !== "\u2014" || name !== key.name) continue;
    const data = unbase64(signed);
    if (hex(data.slice(0, 4)) === key.id && (await holds(key.public, body, data.slice(4)))) {
      return { size: Number(size), root };
    }
  }
  return null;
}

async function holds(key: Bytes, text: Bytes, signature: Bytes): Promise<boolean> {
  try {
    const own = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, own, signature, text);
  } catch {
    return ed25519.verify(signature, text, key, { zip215: false }); // older phones cannot do it themselves
  }
}

/** The root that an inclusion proof of RFC 6962 leads to; null if its length or place is impossible. */
export async function rootBy(leaf: Bytes, index: number, size: number, path: Bytes[]): Promise<Bytes | null> {
  if (!Number.isInteger(index) || !Number.isInteger(size) || index < 0 || index >= size || size > MOST) return null;
  if (size === 1) return path.length ? null : leaf;
  const last = path.at(-1);
  if (!last) return null;
  let cut = 1;
  while (cut * 2 < size) cut *= 2;
  if (index < cut) {
    const left = await rootBy(leaf, index, cut, path.slice(0, -1));
    return left && nodeHash(left, last);
  }
  const right = await rootBy(leaf, index - cut, size - cut, path.slice(0, -1));
  return right && nodeHash(last, right);
}

const leafHash = (entry: Bytes): Promise<Bytes> => sha256(joined(Uint8Array.of(0), entry));
const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(joined(Uint8Array.of(1), left, right));

function hashes(text: string): Bytes[] {
  const data = unbase64(text);
  if (data.length % 32) throw new Error("a path is a row of hashes");
  return Array.from({ length: data.length / 32 }, (_, at) => data.slice(at * 32, at * 32 + 32));
}

function unhex(text: string): Bytes {
  if (!/^([0-9a-f]{2})+$/.test(text)) throw new Error("not a hash");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
