/** Texts that the browser keeps from visit to visit. A browser that forbids it keeps nothing, and nothing fails. */

const PREFIX = "nnviz.";

export function readLocal(key: string): string | null {
  try {
    return window.localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function writeLocal(key: string, text: string): void {
  try {
    window.localStorage.setItem(PREFIX + key, text);
  } catch {
    // Full or forbidden: the text is for convenience only.
  }
}
