// Bytes, their hashes and their written forms.
export type Bytes = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

export const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function base64(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000));
  return btoa(text);
}

/** The bytes of base64 in its one form; an error for any other. */
export function unbase64(text: string): Bytes {
  const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  if (base64(data) !== text) throw new Error("not the one form of base64");
  return data;
}

export function joined(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const random = (size: number): Bytes => crypto.getRandomValues(new Uint8Array(size));

/** A UUID of version 7: in the order of time, unique without asking anyone. */
export function uuid7(now: number): string {
  const data = random(16);
  for (let n = 0; n < 6; n++) data[n] = Math.floor(now / 2 ** (8 * (5 - n))) % 256;
  data[6] = 0x70 | ((data[6] ?? 0) & 0x0f);
  data[8] = 0x80 | ((data[8] ?? 0) & 0x3f);
  const text = hex(data);
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
