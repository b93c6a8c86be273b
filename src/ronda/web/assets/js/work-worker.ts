// Solves a challenge of the public form beside the page: finds a number after which the digest begins with zero bits.
import { sha256 } from "@noble/hashes/sha2.js";

const STEP = 4096;

/** How many zero bits a digest begins with, up to 32. */
const zeros = (digest: Uint8Array): number =>
  Math.clz32(((digest[0] ?? 0) << 24) | ((digest[1] ?? 0) << 16) | ((digest[2] ?? 0) << 8) | (digest[3] ?? 0));

function solve(message: string, challenge: string): string {
  const wanted = Number(challenge.split("~")[2]);
  const encoder = new TextEncoder();
  const known = sha256.create().update(encoder.encode(`${message}:${challenge}~`));
  for (let number = 0; ; number += 1) {
    const digest = known.clone().update(encoder.encode(String(number))).digest();
    if (zeros(digest) >= wanted) return `${challenge}~${number}`;
    if (number % STEP === 0 && Number.isNaN(wanted)) throw new TypeError("no challenge");
  }
}

addEventListener("message", ({ data }: MessageEvent<{ message: string; challenge: string }>) =>
  postMessage(solve(data.message, data.challenge)),
);
