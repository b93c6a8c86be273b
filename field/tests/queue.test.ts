import assert from "node:assert/strict";
import { test } from "node:test";

import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";

import { hex, sha256, unbase64, utf8, uuid7 } from "../bytes.ts";
import { packed, withOffset } from "../queue.ts";
import { backoff } from "../sync.ts";

const NOW = Date.UTC(2024, 10, 27, 6, 10, 3);
const file = { sha256: "a".repeat(64), size: 5, type: "image/jpeg", sealed: "b".repeat(64), sealedSize: 205 };

async function sealed(text: string, recipient: string): Promise<Record<string, unknown>> {
  const raw = await packed("id-1", {
    person: "p",
    recipient,
    inner: { kind: "report", election: "pilkada-2024", place: "51.01.02.2007", station: 3, body: { text } },
    files: [file],
    label: { iv: new Uint8Array(12), data: new Uint8Array(0) },
    draft: "d",
    clocks: { now: NOW, monotonic: 12.5, offset: -1_000 },
  });
  return JSON.parse(new TextDecoder().decode(raw)) as Record<string, unknown>;
}

test("outside stands nothing that a message says; inside is a message of the gate with both clocks", async () => {
  const identity = await generateX25519Identity();
  const outer = await sealed("kotak terbuka", await identityToRecipient(identity));
  const { age, sha256: told } = outer.body as { age: string; sha256: string };

  assert.deepEqual(Object.keys(outer), ["id", "kind", "captured_at", "body", "files"]);
  assert.deepEqual(outer.files, [{ sha256: file.sealed, size: 205, type: "application/age" }]);
  assert.ok(!JSON.stringify(outer).includes("kotak"));
  const opener = new Decrypter();
  opener.addIdentity(identity);
  const text = await opener.decrypt(unbase64(age), "text");
  assert.equal(hex(await sha256(utf8(text))), told);
  const inner = JSON.parse(text) as { body: Record<string, unknown>; files: unknown[]; captured_at: string; salt: string };
  assert.equal(Date.parse(inner.captured_at), NOW);
  assert.equal(inner.captured_at, outer.captured_at);
  const clock = { device: inner.captured_at, monotonic_ms: 13, offset_ms: -1_000, saved_ms: NOW };
  assert.deepEqual(inner.body, { text: "kotak terbuka", device_clock: clock });
  assert.deepEqual(inner.files, [{ sha256: file.sha256, size: 5, type: "image/jpeg", sealed: file.sealed }]);
});

test("messages of near lengths are equally long, and equal ones are never the same", async () => {
  const recipient = await identityToRecipient(await generateX25519Identity());
  const [short, long, again] = await Promise.all([sealed("x", recipient), sealed("x".repeat(300), recipient), sealed("x", recipient)]);

  assert.equal(JSON.stringify(short).length, JSON.stringify(long).length);
  assert.notDeepEqual((short.body as { sha256: string }).sha256, (again.body as { sha256: string }).sha256);
});

test("an instant is written with the offset of the phone", () => {
  assert.match(withOffset(NOW), /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
  assert.equal(Date.parse(withOffset(NOW)), NOW);
});

test("ids are version 7, in the order of time", () => {
  const ids = [NOW, NOW + 1, NOW + 2].map(uuid7);
  assert.deepEqual([...ids].sort(), ids);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("waiting grows, is never the same for all, and ends at five minutes", () => {
  assert.ok(backoff(1, 0) < backoff(2, 0));
  assert.notEqual(backoff(3, 0.1), backoff(3, 0.9));
  assert.ok(backoff(40, 1) <= 300_000);
});
