// The public form lets the phone compute a little while a person writes, so that a flood costs its sender something.
// Without it, or when anything here fails, the report is sent all the same: only its turn may come later.
import { one } from "./dom";

const LIFE_MS = 12 * 60_000; // the node takes work for 15 minutes
const PATIENCE_MS = 90_000;

const form = one<HTMLFormElement>("form[data-work]");
if (form) prepare(form);

function prepare(form: HTMLFormElement): void {
  const message = one<HTMLInputElement>('[name="message"]', form);
  const field = one<HTMLInputElement>('[name="work"]', form);
  const { work: address, workScript: script } = form.dataset;
  if (!message || !field || !address || !script) return;
  let begun: Promise<void> | null = null;
  let isDone = false;

  const compute = async (): Promise<void> => {
    const answer = await fetch(`${address}&kiriman=${message.value}`, { credentials: "omit", cache: "no-store" });
    const { challenge } = (await answer.json()) as { challenge: string };
    field.value = await solved(script, message.value, challenge);
    window.setTimeout(() => {
      field.value = "";
      begun = null;
    }, LIFE_MS);
  };
  const begin = (): Promise<void> => (begun ??= compute().catch(() => undefined));

  window.addEventListener("pageshow", () => tell(form, ""));
  form.addEventListener("input", () => void begin(), { passive: true });
  form.addEventListener("submit", (event) => {
    if (isDone || (field.value && begun)) return;
    event.preventDefault();
    tell(form, form.dataset.workGoing ?? "");
    const late = new Promise<void>((go) => window.setTimeout(go, PATIENCE_MS));
    void Promise.race([begin(), late]).then(() => {
      isDone = true;
      form.submit();
    });
  });
}

/** Say what goes on; while something does, the button waits. */
function tell(form: HTMLFormElement, words: string): void {
  const said = one("[data-work-said]", form);
  const button = one<HTMLButtonElement>("button:not([type])", form);
  if (said) said.textContent = words;
  if (button) button.disabled = words !== "";
}

function solved(script: string, message: string, challenge: string): Promise<string> {
  return new Promise((done, failed) => {
    const worker = new Worker(script);
    worker.onmessage = ({ data }: MessageEvent<string>) => {
      worker.terminate();
      done(data);
    };
    worker.onerror = () => {
      worker.terminate();
      failed(new Error("no worker"));
    };
    worker.postMessage({ message, challenge });
  });
}
