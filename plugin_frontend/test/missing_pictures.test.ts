import { describe, expect, test } from "vitest";
import type { TagEntry } from "../src/model/parse_index.js";
import type { Tiles } from "../src/model/tiles.js";
import { missingPictures } from "../src/state/missing_pictures.js";
import type { MissingReason, ShelvedPicture } from "../src/state/picture_shelf.js";
import { confusionOf } from "./encode_confusion.js";

const ENTRY = { tag: "confusion/samples" } as TagEntry;
const PENDING: ShelvedPicture = { status: "pending" };

const missing = (why: MissingReason): ShelvedPicture => ({ status: "missing", why });

const READY: ShelvedPicture = { status: "ready", tile: 0, tiles: {} as Tiles };

/** A shelf that has a picture for each of these addresses. */
function shelfOf(states: Readonly<Record<string, ShelvedPicture>>) {
  const asked: string[] = [];
  return {
    asked,
    version: 0,
    picture(_run: string, _entry: TagEntry | null, address: string): ShelvedPicture {
      asked.push(address);
      return states[address] ?? PENDING;
    },
  };
}

const address = (digit: string): string => digit.repeat(16);
const [A, B, C] = [address("a"), address("b"), address("c")];

async function confusion() {
  return confusionOf({
    names: ["ant", "bee"],
    counts: [3, 0, 0, 1],
    // The first two samples are alike.
    addresses: { 0: A, 1: A, 2: B, 3: C },
  });
}

describe("missing pictures", () => {
  test("are counted once for samples that are alike, with the reason that can be mended", async () => {
    const shelf = shelfOf({ [A]: missing("not-logged"), [B]: missing("unread"), [C]: READY });
    expect(missingPictures(shelf, "a", ENTRY, await confusion())).toEqual({
      missing: 2,
      count: 3,
      why: "unread",
    });
    const all = shelfOf({ [A]: READY, [B]: READY, [C]: READY });
    expect(missingPictures(all, "a", ENTRY, await confusion())).toBeNull();
  });

  test("are not told, nor looked for any further, while one may still come", async () => {
    const shelf = shelfOf({ [A]: missing("not-logged"), [B]: PENDING, [C]: PENDING });
    expect(missingPictures(shelf, "a", ENTRY, await confusion())).toBeNull();
    expect(shelf.asked).toEqual([A, B]);
  });

  test("are looked for again only once other pictures have come, or for another run", async () => {
    const shelf = shelfOf({ [A]: missing("sampled"), [B]: READY, [C]: READY });
    const shown = await confusion();
    const first = missingPictures(shelf, "a", ENTRY, shown);
    expect(missingPictures(shelf, "a", ENTRY, shown)).toBe(first);
    expect(shelf.asked).toHaveLength(3);
    shelf.version++;
    expect(missingPictures(shelf, "a", ENTRY, shown)).toEqual(first);
    expect(shelf.asked).toHaveLength(6);
    missingPictures(shelf, "b", ENTRY, shown);
    expect(shelf.asked).toHaveLength(9);
  });
});
