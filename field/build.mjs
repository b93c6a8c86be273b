// Bundles the app into one script, one style sheet and its worker. Run through `ronda build` or `npm run build`.
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/ronda/field/static/field/build");

const common = {
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome106", "firefox121", "safari16"],
  loader: { ".woff2": "file" },
  assetNames: "[name]",
  legalComments: "none",
  logLevel: "warning",
};

await build({
  ...common,
  entryPoints: { app: join(here, "ui/app.ts"), style: join(here, "style.css") },
  entryNames: "[name]",
});

const names = (await readdir(out)).filter((name) => name !== "worker.js").sort();
const told = createHash("sha256");
for (const name of names) told.update(name).update(await readFile(join(out, name)));
const version = told.digest("hex").slice(0, 16);

await build({
  ...common,
  format: "iife",
  entryPoints: { worker: join(here, "worker.ts") },
  define: {
    VERSION: JSON.stringify(version),
    FILES: JSON.stringify(names.map((name) => `/static/field/build/${name}`)),
  },
});
