import { describe, expect, test } from "vitest";
import { RecordAnswers } from "../src/state/record_answers.js";
import type { RecordRef } from "../src/state/record_store.js";
import { encodeTiles, itemOf } from "./encode.js";
import { manualServer } from "./manual_server.js";

const record = encodeTiles({
  axes: [
    { name: "height", size: 1 },
    { name: "width", size: 2 },
  ],
  values: Float32Array.of(0, 1),
  precision: "uint16",
});
const paint = itemOf(record, "paint");
const BYTES = paint.blobs.reduce((sum, { byteLength }) => sum + byteLength, 0);

const refs = (...steps: number[]): RecordRef[] =>
  steps.map((step) => ({ run: "a/nnviz", tag: "weights/k", step, wallTime: 0 }));
const on = () => new AbortController().signal;
const failed = (status: number) => ({ status, blobs: [] });

describe("answers that are kept", () => {
  test("are given to who asks next, and others are not", async () => {
    const { calls, fetch } = manualServer(record);
    const answers = new RecordAnswers(fetch);
    const kept = answers.fetchAndKeep(refs(1), "paint", on());
    const other = answers.fetch(refs(2), "paint", on());
    for (const call of calls) call.answer();
    await Promise.all([kept, other]);
    const again = answers.fetch(refs(2, 1), "paint", on());
    expect(calls.map(({ steps }) => steps)).toEqual([[1], [2], [2]]);
    calls[2]?.answer([failed(404)]);
    expect(await again).toEqual([failed(404), paint]);
  });

  test("are of one part, and of the time at which a record was written", async () => {
    const { calls, fetch } = manualServer(record);
    const answers = new RecordAnswers(fetch);
    const kept = answers.fetchAndKeep(refs(1), "paint", on());
    calls[0]?.answer();
    await kept;
    void answers.fetch(refs(1), "statistics", on());
    const later = refs(1).map((ref) => ({ ...ref, wallTime: 9 }));
    void answers.fetch(later, "paint", on());
    expect(calls.map(({ part }) => part)).toEqual(["paint", "statistics", "paint"]);
  });

  test("hold records alone: a failure is asked for again", async () => {
    const { calls, fetch } = manualServer(record);
    const answers = new RecordAnswers(fetch);
    const kept = answers.fetchAndKeep(refs(1), "paint", on());
    calls[0]?.answer([failed(404)]);
    await kept;
    void answers.fetch(refs(1), "paint", on());
    expect(calls).toHaveLength(2);
  });

  test("are forgotten beyond the budget, the oldest first", async () => {
    const { calls, fetch } = manualServer(record);
    const answers = new RecordAnswers(fetch, 2 * BYTES);
    const kept = answers.fetchAndKeep(refs(1, 2, 3), "paint", on());
    calls[0]?.answer();
    await kept;
    void answers.fetch(refs(1, 2, 3), "paint", on());
    expect(calls.map(({ steps }) => steps)).toEqual([[1, 2, 3], [1]]);
  });
});
