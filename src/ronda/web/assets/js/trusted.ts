// Trusted Types: only htmx writes markup, and only what our own server sent. Script from strings stays impossible:
// the policy has no createScript, inline handlers die at the CSP, and the one script address that it lets through is
// that of the worker of the public form.
type Rules = { createHTML(text: string): string; createScriptURL(address: string): string };
type Policies = { createPolicy(name: string, rules: Rules): unknown };

const WORKER = /^\/static\/web\/build\/work(\.[0-9a-f]+)?\.js$/;

const policies = (window as { trustedTypes?: Policies }).trustedTypes;
policies?.createPolicy("default", {
  createHTML: (text) => text,
  createScriptURL: (address) => {
    if (!WORKER.test(address)) throw new TypeError("not an address of a worker");
    return address;
  },
});

export {};
