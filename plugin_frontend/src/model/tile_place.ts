/**
 * Where a tile stands in its array, and which tile of another array stands there: the one at the same position along
 * every grid axis, by the axes' names, whatever the arrays' sizes. Knows axes; must not know records.
 */
import { axisWord, formatWhole, plural } from "./format.js";
import { positionOn, SAMPLE } from "./placement.js";
import type { Axis } from "./record.js";
import { tileAt } from "./summed_tiles.js";

/** A tile by its array's grid axes. */
export interface TilePlace {
  readonly axes: readonly Axis[];
  readonly tile: number;
  /** Equal for equal places, and for those only. */
  readonly key: string;
}

/** The tile of an array, or in words why it has none. */
export type FoundTile =
  | { readonly status: "found"; readonly tile: number }
  | { readonly status: "lacking"; readonly why: string };

export function tilePlace(axes: readonly Axis[], tile: number): TilePlace {
  const positions = axes.map((axis) => {
    const position = positionOn(axes, axis.name, tile);
    return [axis.name, position, labelAt(axis, position), axis.size > 1];
  });
  return { axes, tile, key: JSON.stringify([positions, tile < countOf(axes)]) };
}

/** The tile of an array with these grid axes at a place of another array, or of its own. */
export function tileAtPlace(axes: readonly Axis[], { axes: from, tile }: TilePlace): FoundTile {
  const count = countOf(from);
  if (tile >= count) return lacking(`there are ${formatWhole(count)} tiles`);
  const extra = axes.find(({ name, size }) => size > 1 && !from.some((each) => each.name === name));
  if (extra !== undefined) return lacking(`its tiles are of one ${axisWord(extra.name)} each`);
  const positions: Record<string, number> = {};
  for (const axis of from) {
    const position = positionOn(from, axis.name, tile);
    const why = whyNone(axis, position, axes);
    if (why !== null) return lacking(why);
    positions[axis.name] = position;
  }
  return { status: "found", tile: tileAt(axes, positions) };
}

/** The same; where the place or the axes are not known, that of the same number. Null where there is none. */
export function sameTile(
  tile: number,
  place: TilePlace | null,
  axes: readonly Axis[] | null,
): number | null {
  if (place === null || axes === null) return tile;
  const found = tileAtPlace(axes, place);
  return found.status === "found" ? found.tile : null;
}

// An axis of size 1 may as well not be there.
function whyNone(axis: Axis, position: number, axes: readonly Axis[]): string | null {
  const word = axisWord(axis.name);
  const other = axes.find(({ name }) => name === axis.name);
  if (other === undefined) return axis.size > 1 ? `its tiles are not of one ${word} each` : null;
  if (position >= other.size)
    return position < other.fullSize
      ? `${formatWhole(other.size)} of its ${plural(word, other.fullSize, formatWhole(other.fullSize))} are logged`
      : `it has ${plural(word, other.size, formatWhole(other.size))}`;
  const [label, there] = [labelAt(axis, position), labelAt(other, position)];
  return label !== null && there !== null && label !== there
    ? `its ${word} ${position} is ${there}`
    : null;
}

// What samples are called may come from the model: they are told apart by their digest.
function labelAt({ name, labels }: Axis, position: number): string | null {
  return name === SAMPLE ? null : (labels?.[position] ?? null);
}

function countOf(axes: readonly Axis[]): number {
  return axes.reduce((count, { size }) => count * size, 1);
}

function lacking(why: string): FoundTile {
  return { status: "lacking", why };
}
