/**
 * Where the pictures of samples are: records of several steps and runs united by address. Knows records of pictures;
 * must not know which are wanted or fetched.
 */
import type { Extremes, Range } from "./ranges.js";
import type { Tiles } from "./tiles.js";

/** The tile of a record that is a sample's picture. */
export interface PicturePlace<R> {
  readonly ref: R;
  readonly tile: number;
}

/** Which records have the picture of which address. Equal addresses are equal samples: any record will do. */
export class PictureIndex<R> {
  readonly #places = new Map<string, PicturePlace<R>[]>();

  /** Takes down the pictures of a record. */
  add(ref: R, tiles: Tiles): void {
    const addresses = addressesOf(tiles);
    // Of a sample with several channels or slices, the one in the middle.
    const each = tiles.shape.tiles / Math.max(1, addresses.length);
    for (const [sample, address] of addresses.entries()) {
      const tile = sample * each + Math.floor(each / 2);
      const places = this.#places.get(address);
      if (places === undefined) this.#places.set(address, [{ ref, tile }]);
      else places.push({ ref, tile });
    }
  }

  /** Where a picture is, the record that was added first before the others. */
  find(address: string): readonly PicturePlace<R>[] {
    return this.#places.get(address) ?? [];
  }

  /** Forgets the pictures of records that are no more. */
  keepOnly(isThere: (ref: R) => boolean): void {
    for (const [address, places] of this.#places) {
      const left = places.filter(({ ref }) => isThere(ref));
      if (left.length === 0) this.#places.delete(address);
      else if (left.length < places.length) this.#places.set(address, left);
    }
  }
}

/** The addresses of a record's samples, in their order; none where it has none. */
export function addressesOf({ header }: Tiles): readonly string[] {
  return header.axes.find(({ name }) => name === "sample")?.addresses ?? [];
}

/** Records in the order in which pictures are looked for: of the shown step, then back in time, then later ones. */
export function searchOrder(count: number, shown: number): readonly number[] {
  const indices = Array.from({ length: count }, (_, index) => index);
  return [...indices.slice(0, shown + 1).reverse(), ...indices.slice(shown + 1)];
}

/**
 * The range from black to white, one for all pictures, so that one sample looks the same wherever its picture comes
 * from: that of the data where its values tell it, else from the least to the greatest.
 */
export function pictureRange({ min, max }: Extremes, dtype: string): Range {
  if (dtype === "uint8") return { lo: 0, hi: 255 };
  if (min >= 0 && max <= 1) return { lo: 0, hi: 1 };
  if (min >= -1 && max <= 1) return { lo: -1, hi: 1 };
  return { lo: Math.min(0, min), hi: max };
}
