/**
 * The values under the pointer: of the hovered run and, at the same cell, of the panel's other runs. Pure reading of
 * the session; must not know the DOM.
 */
import { cellValue } from "../model/dequantise.js";
import { formatExact, formatSigned } from "../model/format.js";
import { type Cell, cellIndex } from "../model/layout.js";
import type { RunEntry } from "../model/parse_index.js";
import type { TilesHeader } from "../model/record.js";
import type { Tiles } from "../model/tiles.js";
import { panelView } from "./panel_view.js";
import type { Session } from "./session.js";

/** `values` has one entry, or three for a colour cell. */
export interface HoverValue {
  readonly run: RunEntry;
  readonly values: readonly number[];
  readonly exact: boolean;
  readonly text: string;
  /** Why the exact value cannot be had, where asking for it failed. */
  readonly error: string | null;
}

export interface HoverView {
  readonly header: TilesHeader;
  readonly cell: Cell;
  readonly own: HoverValue;
  readonly others: readonly HoverValue[];
}

const CHANNELS = ["R", "G", "B"];

/** Null while nothing is hovered or the hovered record is not here. */
export function hoverView(session: Session): HoverView | null {
  const { hover, state, derived, records } = session;
  const at = hover.value;
  const panel = derived.panels.find(({ tag }) => tag === at?.tag);
  if (at === null || panel === undefined) return null;
  const { columns } = panelView(panel, state.value, derived, (ref) => records.state(ref));
  const here = columns.flatMap(({ run, record }) =>
    record?.status === "ready" && holds(record.tiles, at.cell)
      ? [{ run, tiles: record.tiles, error: record.fineError }]
      : [],
  );
  const own = here.find(({ run }) => run.run === at.run);
  if (own === undefined) return null;
  return {
    header: own.tiles.header,
    cell: at.cell,
    own: valueAt(own, at.cell),
    others: here.filter((other) => other !== own).map((other) => valueAt(other, at.cell)),
  };
}

function holds({ shape }: Tiles, { tile, row, column }: Cell): boolean {
  return tile < shape.tiles && row < shape.height && column < shape.width;
}

interface Here {
  readonly run: RunEntry;
  readonly tiles: Tiles;
  readonly error: string | null;
}

function valueAt({ run, tiles, error }: Here, cell: Cell): HoverValue {
  const first = cellIndex(tiles.shape, cell);
  const cells = Array.from({ length: tiles.shape.channels }, (_, channel) =>
    cellValue(tiles, first + channel),
  );
  const exact = cells.every((each) => each.exact);
  const values = cells.map(({ value }) => value);
  const texts = values.map((value) => (exact ? formatExact(value) : `≈ ${formatSigned(value)}`));
  const text =
    texts.length === 1 ? texts[0] : texts.map((each, at) => `${CHANNELS[at]} ${each}`).join(" · ");
  return { run, values, exact, text: text ?? "", error };
}
