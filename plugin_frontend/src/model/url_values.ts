/** Points and placements as short text for the address, and back. Knows their shape only. */
import type { Placement, TileOfRun } from "./display.js";
import type { Phase } from "./record.js";
import type { Point } from "./time_axis.js";
import {
  escapeItem,
  readCount,
  readList,
  readNumber,
  unescapeItem,
  writeList,
} from "./url_text.js";

const PHASES: readonly Phase[] = ["during", "before", "restored"];

/** A step is its number; other points are `fit;number;phase;repeat`, what is ordinary at the end left out. */
export function writePoint({ fit, value, phase, repeat }: Point): string {
  const parts = [fit, value, PHASES.indexOf(phase), repeat].map(String);
  if (fit === 0) return String(value);
  while (parts.length > 2 && parts.at(-1) === "0") parts.pop();
  return parts.join(";");
}

export function readPoint(written: string): Point | null {
  const numbers = written.split(";").map(readNumber);
  if (numbers.length > 4 || numbers.includes(null)) return null;
  const [first, value, phase = 0, repeat = 0] = numbers.map((number) => number ?? 0);
  if (first === undefined) return null;
  if (value === undefined) return { fit: 0, value: first, phase: "during", repeat: 0 };
  const named = PHASES[phase];
  const whole = [first, repeat].every(Number.isSafeInteger);
  return named === undefined || !whole ? null : { fit: first, value, phase: named, repeat };
}

/** `rows|columns|sliders`, each a list parted by `;`, a slider with its index after `!`. */
export function writePlacement({ rows, columns, sliders }: Placement): string {
  const lists = [rows, columns].map((names) => names.map(escapeItem).join(";"));
  const places = [...sliders].map(([name, index]) => `${escapeItem(name)}!${index}`).join(";");
  return [...lists, places].join("|");
}

export function readPlacement(written: string): Placement | null {
  const parts = written.split("|").map((part) => part.split(";").filter((item) => item !== ""));
  const [rows, columns, places] = parts;
  if (rows === undefined || columns === undefined || places === undefined) return null;
  const sliders = new Map<string, number>();
  for (const place of places) {
    const [name, number] = place.split("!");
    const index = readCount(number ?? "");
    if (name === undefined || index === null) return null;
    sliders.set(unescapeItem(name), index);
  }
  return { rows: rows.map(unescapeItem), columns: columns.map(unescapeItem), sliders };
}

/** `run,tag,tile`; the empty text for none. */
export function writeTileOfRun(chosen: TileOfRun | null): string {
  return chosen === null ? "" : writeList([chosen.run, chosen.tag, String(chosen.tile)]);
}

export function readTileOfRun(written: string): TileOfRun | null {
  const [run, tag, number = ""] = readList(written);
  const tile = readCount(number);
  return run === undefined || tag === undefined || tile === null ? null : { run, tag, tile };
}
