// Keeps the app on the phone, all files of one build together, so that it opens without a network.
declare const VERSION: string;
declare const FILES: string[];

interface Lifetime extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Lifetime {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Scope {
  addEventListener(type: "install" | "activate", act: (event: Lifetime) => void): void;
  addEventListener(type: "fetch", act: (event: Asked) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const worker = self as unknown as Scope;
const SHELL = "/lapangan/";
const PREFIX = "ronda-lapangan-";
const CACHE = PREFIX + VERSION;
const KEPT = [SHELL, "/lapangan/manifest.webmanifest", "/static/field/icon.svg", "/static/field/icon-192.png", ...FILES];

worker.addEventListener("install", (event) => {
  event.waitUntil(install());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method === "GET" && origin === location.origin && KEPT.includes(pathname)) {
    event.respondWith(kept(request, pathname));
  }
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT.map((path) => new Request(path, { cache: "reload" })));
  await worker.skipWaiting(); // a page has all its files from the start: none is mixed with those of another build
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function kept(request: Request, pathname: string): Promise<Response> {
  const found = await caches.match(pathname, { cacheName: CACHE });
  return found ?? fetch(request);
}
