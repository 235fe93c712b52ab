/**
 * How many pictures of a confusion's samples there are not, and why. Remembered until other pictures have come, as it is
 * asked for whenever the pointer moves. Must not know words.
 */
import type { Confusion } from "../model/confusion.js";
import type { TagEntry } from "../model/parse_index.js";
import type { MissingReason, PictureShelf } from "./picture_shelf.js";

export interface MissingPictures {
  readonly missing: number;
  /** Of so many. */
  readonly count: number;
  readonly why: MissingReason;
}

type Shelf = Pick<PictureShelf, "picture" | "version">;

interface Remembered {
  readonly of: readonly [shelf: Shelf, run: string, entry: TagEntry, version: number];
  readonly value: MissingPictures | null;
}

const remembered = new WeakMap<Confusion, Remembered>();

/** What can be mended comes first. */
const REASONS: readonly MissingReason[] = ["unread", "sampled", "not-logged"];

/** Null where none is missing, and while some may still come. `entry` is that of the run's pictures. */
export function missingPictures(
  shelf: Shelf,
  run: string,
  entry: TagEntry,
  confusion: Confusion,
): MissingPictures | null {
  const of = [shelf, run, entry, shelf.version] as const;
  const known = remembered.get(confusion);
  if (known?.of.every((each, place) => each === of[place])) return known.value;
  const value = findMissing(shelf, run, entry, new Set(confusion.addresses.values()));
  remembered.set(confusion, { of, value });
  return value;
}

function findMissing(
  shelf: Shelf,
  run: string,
  entry: TagEntry,
  addresses: ReadonlySet<string>,
): MissingPictures | null {
  const reasons: MissingReason[] = [];
  for (const address of addresses) {
    const picture = shelf.picture(run, entry, address);
    if (picture.status === "pending") return null;
    if (picture.status === "missing") reasons.push(picture.why);
  }
  const why = REASONS.find((reason) => reasons.includes(reason));
  return why === undefined ? null : { missing: reasons.length, count: addresses.size, why };
}
