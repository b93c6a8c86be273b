// Small shared hands for the DOM.
export const all = <T extends Element>(selector: string, root: ParentNode = document): T[] =>
  Array.from(root.querySelectorAll<T>(selector));

export const one = <T extends Element>(selector: string, root: ParentNode = document): T | null =>
  root.querySelector<T>(selector);

/** Listen on the document for events of elements that may come and go. */
export function on<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  act: (target: HTMLElement, event: DocumentEventMap[K]) => void,
): void {
  document.addEventListener(type, (event) => {
    const target = (event.target as Element | null)?.closest?.<HTMLElement>(selector);
    if (target) act(target, event);
  });
}

/** Say something to a screen reader, politely. */
export function say(text: string): void {
  const place = one("#say");
  if (place) place.textContent = text;
}

export const typing = (): boolean => {
  const active = document.activeElement;
  return active instanceof HTMLElement && (active.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName));
};
