/**
 * The entry that TensorBoard imports in the plugin's frame: `import("./static/index.js").then(m => m.render())`. Asks
 * for the index and for the code of the screen at the same time. Small, because nothing starts before it is here; built
 * on its own (`vite.entry.config.ts`).
 */
import { isInSight } from "./api/host.js";
import { fetchIndex } from "./api/routes.js";

const index = isInSight() ? fetchIndex(new AbortController().signal) : null;
// The screen says what went wrong.
index?.catch(() => undefined);
const screen = import("./screen.js");
screen.catch(() => undefined);

/** Opens the screen in the document, or says why there is none. */
export async function render(): Promise<void> {
  // The frame that TensorBoard makes has neither, and screen readers ask for both.
  document.documentElement.lang = "en";
  document.title = "NN VIZ";
  try {
    (await screen).open(index);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    document.body.textContent = `NN VIZ could not be opened: ${reason}. Is TensorBoard still running? Reload the page.`;
  }
}
