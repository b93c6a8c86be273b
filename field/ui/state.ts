// What the app is doing now: who is in, what is shown, and when it sends next.
import type { Session } from "../session.ts";
import { refresh } from "../session.ts";
import { TokenEnded } from "../node.ts";
import { change, of } from "../store.ts";
import { backoff, sendAll } from "../sync.ts";
import { spoken } from "../words.ts";

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
    this.root.replaceChildren(made);
    this.root.querySelector<HTMLElement>("h1, [autofocus]")?.focus();
  }

  /** The session of who is in; screens of a session are shown only while there is one. */
  get in(): Session {
    if (!this.session) throw new Error("nobody is in");
    return this.session;
  }

  enter(session: Session): void {
    this.session = session;
    this.pageAt = 0;
    this.onEnter();
    this.pulse();
  }

  /** Forget the keys. What waits stays sealed until its person comes back. */
  lock(): void {
    this.session = null;
    window.clearTimeout(this.timer);
    this.onLock();
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
    const { person, token, log } = this.in;
    const { id } = person;
    const isTraceless = person.isTraceless;
    const ask = fetch.bind(window);
    const sender = { person: id, token, key: log, isTraceless, ask };
    const ended = await sendAll(this.db, sender, () => this.news(id));
    if (ended === "revoked") return this.revoked(id);
    this.tries = ended === "later" ? this.tries + 1 : 0;
    const isAwaited = (await of(this.db, "outbox", id)).some((entry) => entry.state === "received");
    this.asks = isAwaited ? this.asks + 1 : 0;
    if (Date.now() - this.pageAt > PAGE_EVERY_MS || Date.now() < this.pageAt) await this.page(id);
    this.news(id);
  }

  private async page(id: string): Promise<void> {
    try {
      const told = await refresh(this.db, this.in, spoken());
      if (this.session?.person.id === id) this.session = { ...told, person: this.session.person };
      this.pageAt = Date.now();
    } catch (error) {
      if (error instanceof TokenEnded) return this.revoked(id);
      this.tries += 1;
    }
  }

  private async revoked(id: string): Promise<void> {
    await change(this.db, "people", id, (row) => (row.isRevoked = true));
    if (this.session?.person.id === id) this.lock();
  }

  private news(id: string): void {
    if (this.session?.person.id === id) this.onNews();
  }
}

export const app = new State();
