// What the node tells a phone: the page of its post, and the forms.
import type { Definitions, Words } from "./forms.ts";

export interface StepDuty {
  form: string;
  by: string;
  late_from: string;
  stations: number;
  open: string[];
}

export interface CallDuty {
  form: string;
  by: string;
  late_from: string;
  answered: boolean;
}

export interface IncidentDuty {
  id: string;
  label: string;
  act: string;
  title: string;
  place: string;
  due_at: string;
}

/** How far a report is that this person sent. */
export interface Became {
  words: string;
  at: string;
  is_over: boolean;
}

export interface OwnPage {
  now: string;
  device: string;
  person: { name: string; role: string; unit: string; agency: string; area: string; area_name: string };
  drill: string;
  election: { code: string; name: Words; voting_on: string } | null;
  zone: { name: string; key: string };
  places: { code: string; name: string; stations: number[] }[];
  steps: StepDuty[];
  roll_calls: CallDuty[];
  incidents: IncidentDuty[];
  people: { name: string; role: string; unit: string; phone: string }[];
  became: Record<string, Became>;
  node: { name: string; recipient: string; log_key: string };
}

export class TokenEnded extends Error {}

/** `sent`: messages of which the phone asks what became; in a header, since addresses stay in logs. */
export const ownPage = (token: string, language: string, sent: string[] = []): Promise<OwnPage> =>
  asked<OwnPage>(`/lapangan/saya.json?bahasa=${language}`, token, sent.length ? { "Ronda-Sent": sent.join(" ") } : {});

export const definitions = (token: string): Promise<Definitions> => asked<Definitions>("/lapangan/formulir.json", token);

async function asked<T>(path: string, token: string, more: Record<string, string> = {}): Promise<T> {
  const headers = { Authorization: `Bearer ${token}`, ...more };
  const answer = await fetch(path, { headers, cache: "no-store", signal: AbortSignal.timeout(30_000) });
  if (answer.status === 401) throw new TokenEnded();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}
