/**
 * Which classes or labels a confusion is of: a cell is one of these, and of no others. Knows names; must not know what is
 * shown of them.
 */
import type { Confusion } from "./confusion.js";

const digests = new WeakMap<Confusion["header"], string>();

/** The same eight digits for confusions of the same classes or labels in the same order; short enough for a link. */
export function classesOf({ header }: Confusion): string {
  const digest =
    digests.get(header) ??
    digestOf(JSON.stringify([header.task === "multi_label", header.classNames]));
  digests.set(header, digest);
  return digest;
}

// 32 bits of FNV-1a, over the units of UTF-16.
function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
