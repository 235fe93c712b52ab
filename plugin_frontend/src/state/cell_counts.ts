/** How many cells of what is painted hold no finite number, or a change below precision. Knows records; must not know runs. */
import { type Tiles, totalCount } from "../model/tiles.js";
import type { Compared } from "./comparison.js";
import type { RecordState } from "./record_store.js";

/** How many cells hold no finite number. */
export type NonFinite = Readonly<Record<"nan" | "posinf" | "neginf", number>>;

// Zero is said too, where cells could be below precision: the legend must not come and go with the steps.
export function unresolvedCount(
  columns: readonly { readonly record: RecordState | null; readonly painted: Compared | null }[],
): number | null {
  const counts = columns.flatMap(({ record, painted }) =>
    painted?.status === "ready" &&
    record?.status === "ready" &&
    record.tiles.payload.precision !== "float32"
      ? [painted.tiles.unresolved?.count ?? 0]
      : [],
  );
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

export function nonFiniteOf(loaded: readonly Tiles[]): NonFinite {
  const count = (name: "nan_count" | "posinf_count" | "neginf_count"): number =>
    loaded.reduce((sum, tiles) => sum + totalCount(tiles, name), 0);
  return { nan: count("nan_count"), posinf: count("posinf_count"), neginf: count("neginf_count") };
}
