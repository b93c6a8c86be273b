// A photo as it was taken: hashed at once, kept whole; only what is shown is made small.
import type { Bytes } from "./bytes.ts";
import { base64, hex, sha256 } from "./bytes.ts";

export interface Taken {
  bytes: Bytes;
  sha256: string;
  type: string;
  shown: string;
}

const SIDE = 320;

/** The original with its hash, and a small copy as an address of data; without one where the phone cannot draw it. */
export async function taken(file: Blob): Promise<Taken> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const digest = hex(await sha256(bytes));
  return { bytes, sha256: digest, type: file.type || "image/jpeg", shown: await small(file) };
}

async function small(file: Blob): Promise<string> {
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(whole.width, whole.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(whole.width * scale));
    canvas.height = Math.max(1, Math.round(whole.height * scale));
    canvas.getContext("2d")?.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    const made = await new Promise<Blob | null>((give) => canvas.toBlob(give, "image/jpeg", 0.7));
    return made ? `data:image/jpeg;base64,${base64(new Uint8Array(await made.arrayBuffer()))}` : "";
  } catch {
    return ""; // a form of picture that this browser does not know is kept all the same
  }
}
