// Which of some answers the phone takes for a receipt: JSON in, a list of yes and no out.
import { readFileSync } from "node:fs";

import { unbase64 } from "../bytes.ts";
import type { Answer } from "../receipt.ts";
import { isReceipt, logKey } from "../receipt.ts";

const given = JSON.parse(readFileSync(0, "utf8")) as { key: string; raw: string; cases: Answer[] };
const key = await logKey(given.key);
const raw = unbase64(given.raw);
const first = given.cases[0];
const held: boolean[] = [];
for (const answer of given.cases) {
  held.push(await isReceipt(answer, raw, first?.id ?? "", key).catch(() => false));
}
console.log(JSON.stringify(held));
