import assert from "node:assert/strict";
import { test } from "node:test";

import { random } from "../bytes.ts";
import { isWeak, ITERATIONS, pinKey, shut, unshut, waitAfter, waitLeft } from "../pin.ts";

test("a box opens with its PIN and with no other", async () => {
  const salt = random(16);
  const box = await shut(await pinKey("271828", salt, 1_000), { token: "r1~secret" });

  assert.deepEqual(await unshut(await pinKey("271828", salt, 1_000), box), { token: "r1~secret" });
  assert.equal(await unshut(await pinKey("271829", salt, 1_000), box), null);
  assert.equal(await unshut(await pinKey("271828", random(16), 1_000), box), null);
});

test("making a key takes at least 600,000 rounds, and it cannot be taken out", async () => {
  assert.ok(ITERATIONS >= 600_000);
  assert.equal((await pinKey("271828", random(16), 1)).extractable, false);
});

test("four wrong PINs are free, from the fifth on each waits twice as long, up to an hour", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map(waitAfter), [0, 0, 0, 0, 30_000, 60_000, 120_000]);
  assert.equal(waitAfter(60), 3_600_000);
});

test("a clock that was set wrong neither frees anyone at once nor locks anyone out for years", () => {
  assert.equal(waitLeft(5, 1_000_000, 1_010_000), 20_000);
  assert.equal(waitLeft(5, 1_000_000, 1_030_000), 0);
  assert.equal(waitLeft(5, 9e15, 1_000_000), 30_000);
});

test("short, repeated and counted PINs are weak", () => {
  for (const pin of ["12345", "111111", "123456", "654321", "abcdef", ""]) assert.ok(isWeak(pin), pin);
  for (const pin of ["271828", "112233", "9081726"]) assert.ok(!isWeak(pin), pin);
});
