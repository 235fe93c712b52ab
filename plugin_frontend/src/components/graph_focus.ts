/**
 * What a card of a graph does with focus and scrolling when the drawing becomes the table, or the other way round. Knows
 * elements by their classes; must not render.
 */

/** True where the drawing or the table, or something in it, has the focus: it goes when the other one comes. */
export function isFocusInside(root: HTMLElement | DocumentFragment): boolean {
  const focused = (root as Partial<ShadowRoot>).activeElement ?? null;
  return focused !== null && focused.closest(".viewport, .table") !== null;
}

export function focusInstead(root: HTMLElement | DocumentFragment): void {
  root.querySelector<HTMLElement>(".viewport, .table")?.focus({ preventScroll: true });
}

/** A node by its path; bringing it into sight is the card's. */
export function focusNode(root: HTMLElement | DocumentFragment, path: string): void {
  root
    .querySelector<SVGElement>(`.node[data-path="${CSS.escape(path)}"] > .hit`)
    ?.focus({ preventScroll: true });
}

/** Scrolls the table alone, never the page, so far that its chosen row is seen; what is seen already stays. */
export function showChosenRow(root: HTMLElement | DocumentFragment): void {
  const table = root.querySelector<HTMLElement>(".table");
  const row = table?.querySelector("[aria-pressed='true']")?.closest("tr");
  if (!table || !row) return;
  const [frame, own] = [table.getBoundingClientRect(), row.getBoundingClientRect()];
  const head = table.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  if (own.top >= frame.top + head && own.bottom <= frame.bottom) return;
  table.scrollTop += own.top - frame.top - (table.clientHeight - own.height) / 2;
}
