// Bundles the modules of the app behind a page of the tests: node build.mjs OUT [other settled.ts].
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const [out, settled] = process.argv.slice(2);
const swap = {
  name: "settled",
  setup: (made) => made.onResolve({ filter: /\/settled\.ts$/ }, () => ({ path: settled })),
};

await build({
  entryPoints: [join(here, "harness.ts")],
  outfile: out,
  bundle: true,
  format: "iife",
  target: ["chrome90"],
  logLevel: "warning",
  plugins: settled ? [swap] : [],
});
