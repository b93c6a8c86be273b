interface HtmxAjax {
  ajax(verb: string, path: string, options: { target?: string | Element; select?: string; swap?: string; source?: Element }): Promise<void>;
  trigger(element: Element, name: string, detail?: unknown): void;
}
interface Window { htmx: HtmxAjax }
declare module "htmx.org" {
  const htmx: HtmxAjax;
  export default htmx;
}
