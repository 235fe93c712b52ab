/**
 * The smallest tools that turn `unknown` JSON into typed values: each checks one fact and throws a `ParseError` that
 * names the field. Knows nothing of what the fields mean; callers catch once, in `attempt`, and hand out a value.
 */

export class ParseError extends Error {}

/** What a parser hands out: the value, or a sentence for the reader of the screen. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

type Fields = Readonly<Record<string, unknown>>;

/** Runs a parser; a `ParseError` becomes a value, anything else is a mistake of ours and goes on. */
export function attempt<T>(parse: () => T): Parsed<T> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, message: error.message };
    throw error;
  }
}

export function parseFields(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ParseError(`${name} must be an object; got ${describe(value)}`);
  }
  return value as Fields;
}

export function parseList<T>(
  value: unknown,
  name: string,
  parseItem: (item: unknown, name: string) => T,
): readonly T[] {
  if (!Array.isArray(value)) throw new ParseError(`${name} must be a list; got ${describe(value)}`);
  return value.map((item, index) => parseItem(item, `${name}[${index}]`));
}

export function parseString(value: unknown, name: string): string {
  if (typeof value !== "string")
    throw new ParseError(`${name} must be text; got ${describe(value)}`);
  return value;
}

export function parseNumber(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new ParseError(`${name} must be a finite number; got ${describe(value)}`);
  }
  return value;
}

export function parseCount(value: unknown, name: string): number {
  const count = parseNumber(value, name);
  if (!Number.isInteger(count) || count < 0) {
    throw new ParseError(`${name} must be a whole number from 0; got ${count}`);
  }
  return count;
}

/** A whole number of either sign. Beyond 2^53 neighbours are no longer told apart, so none is accepted there. */
export function parseInteger(value: unknown, name: string): number {
  const integer = parseNumber(value, name);
  if (!Number.isInteger(integer) || Math.abs(integer) > 2 ** 53) {
    throw new ParseError(`${name} must be a whole number from -2^53 to 2^53; got ${integer}`);
  }
  return integer;
}

export function parseNullable<T>(
  value: unknown,
  name: string,
  parseValue: (value: unknown, name: string) => T,
): T | null {
  return value === null ? null : parseValue(value, name);
}

/** One of a fixed list of words. */
export function parseWord<const W extends string>(
  value: unknown,
  name: string,
  words: readonly W[],
): W {
  const found = words.find((word) => word === value);
  if (found === undefined) {
    throw new ParseError(`${name} must be one of ${words.join(", ")}; got ${describe(value)}`);
  }
  return found;
}

function describe(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? String(value);
}
