// Passkeys: a button with data-passkey="login", "get" or "create" asks the device and hands the answer to its form.
import { on, one } from "./dom";

type Options = { publicKey: Record<string, unknown> };
type Descriptor = { id: string; type: PublicKeyCredentialType };

const toBytes = (text: string): ArrayBuffer => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
};

const toText = (bytes: ArrayBuffer | null | undefined): string | undefined =>
  bytes
    ? btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""))
        .replace(/\+/g, "-")
        .replace(/\//g, "_")
        .replace(/=+$/, "")
    : undefined;

const described = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list as Descriptor[] | undefined) ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function create(options: Options): Promise<PublicKeyCredential | null> {
  const given = options.publicKey as Record<string, unknown> & { user: Record<string, string>; challenge: string };
  const publicKey = {
    ...given,
    challenge: toBytes(given.challenge),
    user: { ...given.user, id: toBytes(given.user["id"] ?? "") },
    excludeCredentials: described(given["excludeCredentials"]),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  } as unknown as PublicKeyCredentialCreationOptions;
  return (await navigator.credentials.create({ publicKey })) as PublicKeyCredential | null;
}

async function get(options: Options): Promise<PublicKeyCredential | null> {
  const given = options.publicKey as Record<string, unknown> & { challenge: string };
  const publicKey = {
    ...given,
    challenge: toBytes(given.challenge),
    allowCredentials: described(given["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
  return (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
}

function plain(credential: PublicKeyCredential): Record<string, unknown> {
  const made = credential.response as AuthenticatorAttestationResponse;
  const used = credential.response as AuthenticatorAssertionResponse;
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      clientDataJSON: toText(credential.response.clientDataJSON),
      attestationObject: toText(made.attestationObject),
      transports: made.getTransports?.(),
      authenticatorData: toText(used.authenticatorData),
      signature: toText(used.signature),
      userHandle: toText(used.userHandle),
    },
  };
}

function optionsOnPage(name: string): Options {
  const held = JSON.parse(one("#passkey-options")?.textContent ?? "{}") as Record<string, Options>;
  return held[name] ?? { publicKey: {} };
}

async function optionsFromServer(form: HTMLFormElement): Promise<Options> {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return ((await answer.json()) as { request_options: Options }).request_options;
}

async function ask(kind: string, form: HTMLFormElement): Promise<PublicKeyCredential | null> {
  if (kind === "create") return create(optionsOnPage("creation_options"));
  return get(kind === "login" ? await optionsFromServer(form) : optionsOnPage("request_options"));
}

const word = (problem: unknown): string => {
  if (!(problem instanceof DOMException)) return "wordFailed";
  if (problem.name === "InvalidStateError") return "wordKnown";
  return problem.name === "NotAllowedError" || problem.name === "AbortError" ? "wordCancelled" : "wordFailed";
};

function tell(form: HTMLFormElement, key: string): void {
  const place = one<HTMLElement>("[data-passkey-error]", form);
  if (!place) return;
  place.hidden = key === "";
  place.textContent = key ? (place.dataset[key] ?? "") : "";
}

on("click", "[data-passkey]", (target) => {
  const button = target as HTMLButtonElement;
  const form = button.form;
  const field = form && one<HTMLInputElement>("input[name=credential]", form);
  if (!form || !field) return;
  if (!("credentials" in navigator) || !("PublicKeyCredential" in window)) return tell(form, "wordMissing");
  tell(form, "");
  button.disabled = true;
  ask(button.dataset["passkey"] ?? "", form)
    .then((credential) => {
      if (!credential) return tell(form, "wordCancelled");
      field.value = JSON.stringify(plain(credential));
      form.submit();
    })
    .catch((problem: unknown) => tell(form, word(problem)))
    .finally(() => {
      button.disabled = false;
    });
});

// A link that is shown once is selected whole at the first touch.
on("focusin", "[data-select]", (target) => (target as HTMLInputElement).select());
