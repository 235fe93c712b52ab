/**
 * How the values of a link are written as short texts and read back, by the shape of the value. Must not know the keys
 * nor what follows from a value.
 */
import type { Placement } from "./display.js";
import { isColour } from "./run_colours.js";
import type { Point, Position } from "./time_axis.js";
import { readList, readPairs, readWord, writeList, writePairs } from "./url_text.js";
import { readPlacement, readPoint, writePlacement, writePoint } from "./url_values.js";

/** How one value is written and read; `read` gives null for what it cannot read. */
export interface Codec<T> {
  readonly write: (value: T) => string;
  readonly read: (text: string) => T | null;
}

export const text: Codec<string> = { write: (value) => value, read: (value) => value };
/** Null is the empty text. */
export const textOrNone: Codec<string | null> = {
  write: (value) => value ?? "",
  read: (value) => (value === "" ? null : value),
};
export const flag: Codec<boolean> = {
  write: (value) => (value ? "1" : "0"),
  read: (value) => (value === "1" ? true : value === "0" ? false : null),
};
export const words = <const W extends string>(all: readonly W[]): Codec<W> => ({
  write: (value) => value,
  read: (value) => readWord(value, all),
});
export const tags: Codec<ReadonlySet<string>> = {
  write: writeList,
  read: (value) => new Set(readList(value)),
};
export const list: Codec<readonly string[]> = { write: writeList, read: readList };
export const choices: Codec<ReadonlyMap<string, boolean>> = {
  write: (value) => [...value].map(([run, on]) => `${on ? "" : "!"}${writeList([run])}`).join(","),
  read: (value) =>
    new Map(
      value
        .split(",")
        .flatMap((item) =>
          readList(item.replace("!", "")).map((run) => [run, !item.startsWith("!")] as const),
        ),
    ),
};
export const colours: Codec<ReadonlyMap<string, string>> = {
  write: (value) => writePairs([...value].map(([run, colour]) => [run, colour.slice(1)])),
  read: (value) => readPairs(value, (hex) => (isColour(`#${hex}`) ? `#${hex}` : null)),
};
export const position: Codec<Position> = {
  write: (value) => (value.at === "latest" ? "" : writePoint(value.point)),
  read: (value) => {
    const point = readPoint(value);
    return point === null ? null : { at: "point", point };
  },
};
export const point: Codec<Point | null> = {
  write: (value) => (value === null ? "" : writePoint(value)),
  read: readPoint,
};
/** `tag:number`. */
export const tagged = <T>(
  write: (value: T) => readonly [string, number],
  make: (tag: string, number: number) => T,
  readInteger: (text: string) => number | null,
): Codec<T | null> => ({
  write: (value) => {
    if (value === null) return "";
    const [tag, number] = write(value);
    return writePairs([[tag, String(number)]]);
  },
  read: (value) => {
    const [pair] = readPairs(value, readInteger);
    return pair === undefined ? null : make(...pair);
  },
});
export const placements: Codec<ReadonlyMap<string, Placement>> = {
  write: (value) => writePairs([...value].map(([tag, each]) => [tag, writePlacement(each)])),
  read: (value) => readPairs(value, readPlacement),
};
