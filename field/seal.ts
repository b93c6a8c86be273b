// Sealing to the node: from the moment of saving only the node reads it.
import { Encrypter } from "age-encryption";

import type { Bytes } from "./bytes.ts";

export async function seal(data: Bytes, recipient: string): Promise<Bytes> {
  const age = new Encrypter();
  age.addRecipient(recipient);
  return (await age.encrypt(data)) as Bytes;
}
