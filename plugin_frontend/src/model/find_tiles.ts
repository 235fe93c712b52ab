/**
 * Which tiles of an array a few words mean: a number, a label, or one of either for each axis, as the tooltip writes
 * them: `30`, `unit 30`, `dog`, `3, 2`, `filter 3 · input channel 2`. Knows axes; must not know what is shown.
 */
import { axisWord } from "./format.js";
import { extendedAxes } from "./layout.js";
import { SAMPLE } from "./placement.js";
import type { Axis } from "./record.js";

/** The tiles of an array with these grid axes, in order; none where it has no such tile. */
export function findTiles(axes: readonly Axis[], text: string): readonly number[] {
  const chosen = choosePositions(extendedAxes(axes), text.trim().toLowerCase());
  if (chosen === null) return [];
  let tiles: readonly number[] = [0];
  for (const axis of axes) {
    const positions = chosen.get(axis) ?? Array.from({ length: axis.size }, (_, at) => at);
    tiles = tiles.flatMap((tile) => positions.map((position) => tile * axis.size + position));
  }
  return tiles;
}

type Positions = ReadonlyMap<Axis, readonly number[]>;

// Axes that are not spoken of are free.
function choosePositions(axes: readonly Axis[], text: string): Positions | null {
  if (text === "" || axes.length === 0) return null;
  // Labels may hold commas themselves.
  const whole = chooseLabelled(axes, text);
  if (whole !== null) return whole;
  const terms = text.split(/[,·]/).map((term) => term.trim());
  const named = terms.map((term) => axes.find(({ name }) => term.startsWith(`${axisWord(name)} `)));
  const free = axes.filter((axis) => !named.includes(axis));
  const unnamed = named.filter((axis) => axis === undefined).length;
  // Numbers alone are of what is sorted as well; only where there is one for each axis, of the samples, too.
  const ofTiles = free.filter(({ name }) => name !== SAMPLE || free.length === unnamed);
  const rest = (ofTiles.length === 0 ? free : ofTiles).values();
  const chosen = new Map<Axis, readonly number[]>();
  for (const [place, term] of terms.entries()) {
    const axis = named[place] ?? rest.next().value;
    if (axis === undefined || chosen.has(axis)) return null;
    const said = named[place] === undefined ? term : term.slice(axisWord(axis.name).length + 1);
    const positions = positionsOf(axis, said.trim());
    if (positions.length === 0) return null;
    chosen.set(axis, positions);
  }
  return chosen;
}

function chooseLabelled(axes: readonly Axis[], text: string): Positions | null {
  for (const axis of axes) {
    const positions = labelled(axis, text);
    if (positions.length > 0) return new Map([[axis, positions]]);
  }
  return null;
}

// A label that is a number goes before the number: the class "7" need not be the seventh.
function positionsOf(axis: Axis, text: string): readonly number[] {
  const byLabel = labelled(axis, text);
  if (byLabel.length > 0 || !/^\d+$/.test(text)) return byLabel;
  return Number(text) < axis.size ? [Number(text)] : [];
}

function labelled({ labels, size }: Axis, text: string): readonly number[] {
  return Array.from({ length: size }, (_, position) => position).filter(
    (position) => labels?.[position]?.toLowerCase() === text,
  );
}
