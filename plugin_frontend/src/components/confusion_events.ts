/** What the matrices of a card tell it. A cell is given by classes, or by a label and one of its four cells. */

/** Null where none is looked at any more. */
export type CellLookEvent = CustomEvent<{
  readonly cell: { readonly row: number; readonly column: number } | null;
}>;
export type CellPickEvent = CustomEvent<{ readonly row: number; readonly column: number }>;

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
