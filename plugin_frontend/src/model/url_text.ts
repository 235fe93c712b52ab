/**
 * Small values as short text for the address, and back. Readers give null for what they cannot read. Knows characters;
 * must not know what the values mean.
 */

/** Characters with a meaning between items. */
const MARKS = /[%,:;|!]/g;

/** Text that holds none of the marks. */
export function escapeItem(text: string): string {
  return text.replace(
    MARKS,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

export function unescapeItem(text: string): string {
  return text.replace(/%([0-9A-F]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** `a,b,c`; the empty list is the empty text, so an empty item is written as `%`. */
export function writeList(items: Iterable<string>): string {
  return [...items].map((item) => (item === "" ? "%" : escapeItem(item))).join(",");
}

export function readList(text: string): readonly string[] {
  if (text === "") return [];
  return text.split(",").map((item) => (item === "%" ? "" : unescapeItem(item)));
}

/** `a:1,b:2`, the values as they stand. */
export function writePairs(pairs: Iterable<readonly [string, string]>): string {
  return [...pairs].map(([key, value]) => `${escapeItem(key)}:${value}`).join(",");
}

/** Pairs that can be read; the others are left out. */
export function readPairs<T>(
  text: string,
  readValue: (value: string) => T | null,
): ReadonlyMap<string, T> {
  const pairs = new Map<string, T>();
  for (const item of text.split(",")) {
    const colon = item.indexOf(":");
    const value = colon < 0 ? null : readValue(item.slice(colon + 1));
    if (value !== null) pairs.set(unescapeItem(item.slice(0, colon)), value);
  }
  return pairs;
}

export function readNumber(text: string): number | null {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : null;
}

/** A number from 0 to 1. */
export function readShare(text: string): number | null {
  const number = readNumber(text);
  return number !== null && number >= 0 && number <= 1 ? number : null;
}

/** A whole number from `least`. */
export function readCount(text: string, least = 0): number | null {
  const number = readNumber(text);
  return number !== null && Number.isSafeInteger(number) && number >= least ? number : null;
}

/** One of a list of words. */
export function readWord<const W extends string>(text: string, words: readonly W[]): W | null {
  return words.find((word) => word === text) ?? null;
}

export function readInteger(written: string): number | null {
  const number = readNumber(written);
  return number !== null && Number.isSafeInteger(number) ? number : null;
}
