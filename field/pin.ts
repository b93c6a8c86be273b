// A PIN opens what is one person's on a shared phone, and wrong ones are slowed down.
import type { Bytes } from "./bytes.ts";
import { random, utf8 } from "./bytes.ts";

/** Something that opens with a key only. */
export interface Box {
  iv: Bytes;
  data: Bytes;
}

export const ITERATIONS = 600_000;
export const PIN_LEAST = 6;
export const FREE_TRIES = 5;
const WAIT_FIRST_MS = 30_000;
const WAIT_MOST_MS = 3_600_000;

/** The key that a PIN makes. It cannot be taken out of the browser, and making it is slow on purpose. */
export async function pinKey(pin: string, salt: Bytes, iterations = ITERATIONS): Promise<CryptoKey> {
  const raw = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function shut(key: CryptoKey, value: unknown): Promise<Box> {
  const iv = random(12);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, utf8(JSON.stringify(value)));
  return { iv, data: new Uint8Array(data) };
}

/** What a box holds; null when the key is another. */
export async function unshut<T>(key: CryptoKey, box: Box): Promise<T | null> {
  try {
    const data = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data);
    return JSON.parse(new TextDecoder().decode(data)) as T;
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return null;
    throw error;
  }
}

/** How long to wait after so many wrong PINs in a row: nothing at first, then twice as long each time, up to an hour. */
export function waitAfter(fails: number): number {
  return fails < FREE_TRIES ? 0 : Math.min(WAIT_MOST_MS, WAIT_FIRST_MS * 2 ** (fails - FREE_TRIES));
}

/** What is left to wait. A clock that was set back or forth shortens nothing by more than it says, and lengthens nothing. */
export function waitLeft(fails: number, failedAt: number, now: number): number {
  const whole = waitAfter(fails);
  return Math.max(0, Math.min(whole, failedAt + whole - now));
}

/** Why a PIN may not be chosen: too short, or the first one that a stranger tries. */
export function isWeak(pin: string): boolean {
  const digits = Array.from(pin, Number);
  const steps = digits.slice(1).map((digit, at) => digit - (digits[at] ?? 0));
  return !/^\d+$/.test(pin) || pin.length < PIN_LEAST || [0, 1, -1].some((step) => steps.every((one) => one === step));
}
