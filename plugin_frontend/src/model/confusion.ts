/**
 * A logged confusion in memory: counts by cell, and the samples that each cell lists. Knows the layout of the payload
 * blobs; must not know how it is drawn. A cell is an index into the counts, row by row.
 */
import { attempt, type Parsed, ParseError } from "./parse.js";
import type { BlobInfo, ConfusionHeader, Task } from "./record.js";
import type { Blobs } from "./tiles.js";

/** `confidence` is the probability of what was predicted; NaN where none was given. */
export interface ConfusedSample {
  readonly index: number;
  readonly cell: number;
  readonly confidence: number;
}

export interface ConfusionCell {
  readonly cell: number;
  readonly count: number;
  /** Sum of the sample weights; null where there are none. */
  readonly weight: number | null;
  /** Most confident first. */
  readonly samples: readonly ConfusedSample[];
}

export interface Confusion {
  readonly header: ConfusionHeader;
  /** Those with samples, by cell, in ascending order. */
  readonly cells: ReadonlyMap<number, ConfusionCell>;
  /** Most confident first. */
  readonly mistakes: readonly ConfusedSample[];
  /** Of each sample above, where there are pictures; equal for equal samples only. */
  readonly addresses: ReadonlyMap<number, string>;
  readonly byteLength: number;
}

const ADDRESS_BYTES = 8;

/** The number of cells of so many classes, or labels. */
export function numCells(task: Task, numNames: number): number {
  return task === "multi_label" ? 4 * numNames : numNames * numNames;
}

/** Joins a header with its expanded `paint` blobs. */
export function decodeConfusion(header: ConfusionHeader, blobs: Blobs): Parsed<Confusion> {
  return attempt(() => {
    const limit = numCells(header.task, header.classNames.length);
    const cells = uint32s(blobs, "cells");
    if (cells.some((cell, place) => cell >= limit || cell <= (cells[place - 1] ?? -1))) {
      throw new ParseError(`the cells of a confusion must ascend below ${limit}`);
    }
    const counts = numbers(blobs, "counts", Float64Array, cells.length);
    if (counts.some((count) => !(count >= 1 && Number.isInteger(count)))) {
      throw new ParseError("the counts of a confusion must be whole numbers from 1");
    }
    const sizes = numbers(blobs, "sizes", Uint32Array, cells.length);
    const numListed = sizes.reduce((sum, size) => sum + size, 0);
    const indices = numbers(blobs, "indices", Uint32Array, numListed);
    const confidences = numbers(blobs, "confidences", Float32Array, numListed);
    const weights = blobs.has("weights")
      ? numbers(blobs, "weights", Float64Array, cells.length)
      : null;
    const found = new Map<number, ConfusionCell>();
    let place = 0;
    cells.forEach((cell, row) => {
      const end = place + (sizes[row] ?? 0);
      const samples: ConfusedSample[] = [];
      for (; place < end; place += 1) {
        samples.push({ index: indices[place] ?? 0, cell, confidence: confidences[place] ?? NaN });
      }
      found.set(cell, { cell, count: counts[row] ?? 0, weight: weights?.[row] ?? null, samples });
    });
    return {
      header,
      cells: found,
      mistakes: decodeMistakes(blobs, limit),
      addresses: decodeAddresses(blobs),
      byteLength: [...blobs.values()].reduce((sum, bytes) => sum + bytes.length, 0),
    };
  });
}

function decodeMistakes(blobs: Blobs, limit: number): readonly ConfusedSample[] {
  const confidences = numbers(blobs, "mistake_confidences", Float32Array);
  const pairs = numbers(blobs, "mistakes", Uint32Array, 2 * confidences.length);
  return Array.from(confidences, (confidence, row) => {
    const cell = pairs[2 * row + 1] ?? 0;
    if (cell >= limit) throw new ParseError(`a mistake is in cell ${cell}, beyond ${limit}`);
    return { index: pairs[2 * row] ?? 0, cell, confidence };
  });
}

function decodeAddresses(blobs: Blobs): ReadonlyMap<number, string> {
  const bytes = blobs.get("addresses");
  if (bytes === undefined) return new Map();
  const samples = numbers(blobs, "samples", Uint32Array, bytes.length / ADDRESS_BYTES);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return new Map(
    Array.from(samples, (sample, row) => [
      sample,
      digits.slice(row * ADDRESS_BYTES, (row + 1) * ADDRESS_BYTES).join(""),
    ]),
  );
}

function uint32s(blobs: Blobs, name: BlobInfo["name"]): Uint32Array {
  return numbers(blobs, name, Uint32Array);
}

interface Numbers<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): A;
}

function numbers<A extends { readonly length: number }>(
  blobs: Blobs,
  name: BlobInfo["name"],
  Type: Numbers<A>,
  length?: number,
): A {
  const bytes = blobs.get(name);
  if (bytes === undefined) throw new ParseError(`the record lacks its blob ${name}`);
  if (bytes.length % Type.BYTES_PER_ELEMENT !== 0) {
    throw new ParseError(`the blob ${name} has ${bytes.length} bytes, not whole numbers`);
  }
  // Copied, so that a few numbers do not keep the whole answer of a request in memory.
  const found = new Type(bytes.slice().buffer);
  if (length !== undefined && found.length !== length) {
    throw new ParseError(`the blob ${name} must have ${length} numbers; got ${found.length}`);
  }
  return found;
}
