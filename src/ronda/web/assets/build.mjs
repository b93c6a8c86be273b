// Bundles the assets into ../static/web/build. Run through `ronda build` or `npm run build`.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../static/web/build");

const options = {
  entryPoints: { main: join(here, "js/main.ts"), work: join(here, "js/work-worker.ts"), style: join(here, "css/main.css") },
  outdir: out,
  bundle: true,
  minify: true,
  sourcemap: "linked",
  format: "esm",
  target: ["chrome90", "firefox90", "safari15"],
  loader: { ".woff2": "file" },
  assetNames: "[name]",
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
}
