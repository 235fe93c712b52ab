/** In whose order the tiles of a panel stand, in words. Pure functions of a panel's view. */
import { SORT_CHOICES } from "../model/choices.js";
import type { PanelView } from "./panel_view.js";

/** `by norm ↓`, `by similarity to unit 3 of mlp ↓`, and of several runs ` · order of mlp`, ` · next: 26 (+0.94)`; null in the order of the index. */
export function orderWords({
  order,
  display,
  columns,
}: PanelView): { readonly what: string; readonly whose: string } | null {
  if (order.given === null) return null;
  const { run, chosen } = order.given;
  const by =
    chosen === null
      ? `${display.sort === "dead" ? "" : "by "}${sortName(display.sort)}`
      : `by similarity to ${chosen.text} of ${chosen.run.name}`;
  const isOthers = columns.length > 1 && chosen?.run.run !== run.run;
  return {
    what: `${by} ${display.reversed ? "↑" : "↓"}`,
    whose: `${isOthers ? ` · order of ${run.name}` : ""}${chosen?.next ? ` · next: ${chosen.next}` : ""}`,
  };
}

export function sortName(sort: PanelView["display"]["sort"]): string {
  const choice = SORT_CHOICES.find(({ value }) => value === sort);
  return sort === "difference" ? "difference shown" : (choice?.title ?? choice?.label ?? "");
}
