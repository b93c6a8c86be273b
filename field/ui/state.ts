// What the app is doing now: who is in, what is shown, and when it sends next.
import type { Session } from "../session.ts";
import { refresh } from "../session.ts";
import { TokenEnded } from "../node.ts";
import { change, of } from "../store.ts";
import { backoff, sendAll } from "../sync.ts";
import { spoken } from "../words.ts";
import { hush } from "./dom.ts";

export type Screen = () => Node | Promise<Node>;

const PAGE_EVERY_MS = 60_000;
const IDLE_MS = 60_000;
const LOG_MS = 2_000; // a node puts a message into its log within seconds

class State {
  db!: IDBDatabase;
  root!: HTMLElement;
  session: Session | null = null;
  onLock: () => void = () => undefined;
  onNews: () => void = () => undefined;
  onEnter: () => void = () => undefined;
  private tries = 0;
  private asks = 0;
  private isBusy = false;
  private isAsked = false;
  private timer = 0;
  private pageAt = 0;

  async show(screen: Screen): Promise<void> {
    const made = await screen();
    hush();
    this.root.replaceChildren(made);
    (this.root.querySelector<HTMLElement>("[autofocus]") ?? this.root.querySelector("h1"))?.focus();
  }

  /** The session of who is in; screens of a session are shown only while there is one. */
  get in(): Session {
    if (!this.session) throw new Error("nobody is in");
    return this.session;
  }

  enter(session: Session): void {
    this.session = session;
    this.onEnter();
    this.askAgain();
  }

  /** Forget the keys. What waits stays sealed until its person comes back. */
  lock(): void {
    this.session = null;
    window.clearTimeout(this.timer);
    this.onLock();
  }

  /** As a pulse, and with the page of the node anew. */
  askAgain(): void {
    this.pageAt = 0;
    this.pulse();
  }

  /** Send now: on opening, on coming back, on a network, on something new, and from a timer. */
  pulse(): void {
    if (!this.session) return;
    this.isAsked = true;
    void this.run();
  }

  /** The time of the node, as far as this phone was told. */
  now(): number {
    return Date.now() + (this.session?.offset ?? 0);
  }

  private async run(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    window.clearTimeout(this.timer);
    try {
      while (this.isAsked && this.session) {
        this.isAsked = false;
        await this.round();
      }
    } finally {
      this.isBusy = false;
      this.timer = window.setTimeout(() => this.pulse(), this.wait());
    }
  }

  /** After what failed, longer each time; while a receipt waits for the log, soon and then later; else a minute. */
  private wait(): number {
    if (this.tries) return backoff(this.tries, Math.random());
    return this.asks ? Math.min(IDLE_MS, LOG_MS * 2 ** (this.asks - 1)) : IDLE_MS;
  }

  private async round(): Promise<void> {
    const session = this.in;
    const { person, token, log } = session;
    const { id } = person;
    const isTraceless = person.isTraceless;
    const ask = fetch.bind(window);
    const sender = { person: id, token, key: log, isTraceless, ask };
    const ended = await sendAll(this.db, sender, () => this.news(id));
    if (ended === "revoked") return this.revoked(session);
    this.tries = ended === "later" ? this.tries + 1 : 0;
    const isAwaited = (await of(this.db, "outbox", id)).some((entry) => entry.state === "received");
    this.asks = isAwaited ? this.asks + 1 : 0;
    if (Date.now() - this.pageAt > PAGE_EVERY_MS || Date.now() < this.pageAt) await this.page(session);
    this.news(id);
  }

  /** What the node tells now. Whoever came in meanwhile keeps their own page, and asks for it themselves. */
  private async page(session: Session): Promise<void> {
    const { id } = session.person;
    if (this.session?.person.id !== id) return;
    try {
      const told = await refresh(this.db, session, spoken());
      if (this.session?.person.id !== id) return;
      this.session = { ...told, person: this.session.person };
      this.pageAt = Date.now();
    } catch (error) {
      if (error instanceof TokenEnded) return this.revoked(session);
      this.tries += 1;
    }
  }

  private async revoked({ person: { id }, token }: Session): Promise<void> {
    const isIn = this.session?.person.id === id;
    if (isIn && this.session?.token !== token) return; // a new code came meanwhile
    await change(this.db, "people", id, (row) => (row.isRevoked = true));
    if (isIn) this.lock();
  }

  private news(id: string): void {
    if (this.session?.person.id === id) this.onNews();
  }
}

export const app = new State();
