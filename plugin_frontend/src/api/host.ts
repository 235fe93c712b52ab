/**
 * What the surrounding TensorBoard tells this frame: that data was reloaded, whether the tab is in sight, and the
 * theme. Knows the host's messages and nothing else of TensorBoard; everything undocumented is guarded, because the
 * frame also runs alone and in hosts of another origin.
 */

/** Calls `onReload` whenever TensorBoard has reloaded its data. */
export function listenToHost(onReload: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = (event: MessageEvent<unknown>) => {
    const message = parseHostMessage(event.data);
    if (message === null || message.isReply) return;
    if (message.type === "experimental.DataReloaded") onReload();
    // The host keeps a promise for every message it sends; it is answered even where there is nothing to say.
    const reply = { type: message.type, id: message.id, payload: null, error: null, isReply: true };
    port1.postMessage(JSON.stringify(reply));
  };
  window.parent.postMessage("experimental.bootstrap", "*", [port2]);
}

/** Calls `onChange` now and whenever the theme changes. */
export function watchTheme(onChange: (theme: "light" | "dark") => void): void {
  const hostBody = parentBody();
  if (hostBody !== null) {
    const report = (): void =>
      onChange(hostBody.classList.contains("dark-mode") ? "dark" : "light");
    const observer = new MutationObserver(report);
    observer.observe(hostBody, { attributes: true, attributeFilter: ["class"] });
    report();
    return;
  }
  const query = window.matchMedia("(prefers-color-scheme: dark)");
  const report = (): void => onChange(query.matches ? "dark" : "light");
  query.addEventListener("change", report);
  report();
}

/**
 * Whether the frame is shown. TensorBoard hides the tab's frame by giving it no height; the document itself stays
 * "visible".
 */
export function isInSight(): boolean {
  return window.innerHeight > 0 && document.visibilityState === "visible";
}

/** Calls `onChange` now and whenever the frame is hidden or shown. */
export function watchVisibility(onChange: (visible: boolean) => void): void {
  const report = (): void => onChange(isInSight());
  window.addEventListener("resize", report);
  document.addEventListener("visibilitychange", report);
  report();
}

interface HostMessage {
  readonly type: string;
  readonly id: unknown;
  readonly isReply: boolean;
}

function parseHostMessage(data: unknown): HostMessage | null {
  if (typeof data !== "string") return null;
  try {
    const message = JSON.parse(data) as Partial<HostMessage> | null;
    if (typeof message?.type !== "string") return null;
    return { type: message.type, id: message.id, isReply: message.isReply === true };
  } catch {
    return null;
  }
}

function parentBody(): HTMLElement | null {
  try {
    return window.parent === window ? null : window.parent.document.body;
  } catch {
    return null;
  }
}
