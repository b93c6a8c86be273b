/** When a write is on disk: only when its transaction is complete. What asked for it may say "saved" from then on. */
export function settled(work: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    work.oncomplete = () => resolve();
    work.onabort = () => reject(work.error ?? new DOMException("the write was taken back", "AbortError"));
  });
}
