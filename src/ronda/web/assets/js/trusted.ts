// Trusted Types: only htmx writes markup, and only what our own server sent. Script from strings stays
// impossible: the policy has no createScript and no createScriptURL, and inline handlers die at the CSP.
type Policies = { createPolicy(name: string, rules: { createHTML(text: string): string }): unknown };

const policies = (window as { trustedTypes?: Policies }).trustedTypes;
policies?.createPolicy("default", { createHTML: (text) => text });

export {};
