/** What the matrices of a card tell it. A cell is given by classes, or by a label and one of its four cells. */

/** Twice or half as many classes, about a cell, to which the focus goes. */
export type CellZoomEvent = CustomEvent<{
  readonly row: number;
  readonly column: number;
  readonly factor: number;
}>;

/** How many times as many classes a key shows; null for one that does not zoom. */
export function zoomFactor(key: string): number | null {
  if (key === "+" || key === "=") return 1 / 2;
  return key === "-" ? 2 : null;
}

export function tellZoom(
  element: HTMLElement,
  cell: { readonly row: number; readonly column: number },
  factor: number,
): void {
  element.dispatchEvent(
    new CustomEvent("cell-zoom", { detail: { ...cell, factor }, bubbles: true, composed: true }),
  );
}

/** `cell`: null where none is looked at any more. */
export function tellLook(
  element: HTMLElement,
  cell: { readonly row: number; readonly column: number } | null,
): void {
  element.dispatchEvent(
    new CustomEvent("cell-look", { detail: { cell }, bubbles: true, composed: true }),
  );
}

export function tellPick(
  element: HTMLElement,
  cell: { readonly row: number; readonly column: number },
): void {
  element.dispatchEvent(
    new CustomEvent("cell-pick", { detail: cell, bubbles: true, composed: true }),
  );
}
