/**
 * Where keys move in a matrix of cells. Knows places by row and column, which are not classes but where these stand;
 * must not know the DOM.
 */

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** Rows that a page key moves by. */
const PAGE = 10;

/** The place that a key leads to, within `rows` × `columns`; null for a key that does not move. */
export function moveInMatrix(
  key: string,
  { row, column }: CellPlace,
  rows: number,
  columns: number,
): CellPlace | null {
  const at = (down: number, along: number): CellPlace => ({
    row: Math.min(rows - 1, Math.max(0, down)),
    column: Math.min(columns - 1, Math.max(0, along)),
  });
  switch (key) {
    case "ArrowLeft":
      return at(row, column - 1);
    case "ArrowRight":
      return at(row, column + 1);
    case "ArrowUp":
      return at(row - 1, column);
    case "ArrowDown":
      return at(row + 1, column);
    case "Home":
      return at(row, 0);
    case "End":
      return at(row, columns - 1);
    case "PageUp":
      return at(row - PAGE, column);
    case "PageDown":
      return at(row + PAGE, column);
    default:
      return null;
  }
}

/**
 * The next place in the direction of an arrow at which there are samples; where there are none on that line, the last
 * place of it. Null for other keys.
 */
export function moveToSamples(
  key: string,
  from: CellPlace,
  rows: number,
  columns: number,
  hasSamples: (place: CellPlace) => boolean,
): CellPlace | null {
  if (!key.startsWith("Arrow")) return null;
  let place = from;
  for (;;) {
    const next = moveInMatrix(key, place, rows, columns);
    if (next === null) return null;
    if (next.row === place.row && next.column === place.column) return place;
    if (hasSamples(next)) return next;
    place = next;
  }
}

/** The place with samples nearest to one, no farther than `reach` rows or columns; the place itself without any. */
export function nearestWithSamples(
  place: CellPlace,
  reach: number,
  hasSamples: (place: CellPlace) => boolean,
): CellPlace {
  for (let distance = 0; distance <= reach; distance++) {
    for (let down = -distance; down <= distance; down++) {
      const side = distance - Math.abs(down);
      for (const along of side === 0 ? [0] : [-side, side]) {
        const near = { row: place.row + down, column: place.column + along };
        if (hasSamples(near)) return near;
      }
    }
  }
  return place;
}
