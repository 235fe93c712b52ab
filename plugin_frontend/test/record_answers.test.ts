import { describe, expect, test } from "vitest";
import { isAbort } from "../src/api/errors.js";
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

describe("records that several read at once", () => {
  test("are asked for once, and each gets them in its own order", async () => {
    const { calls, fetch } = manualServer(record);
    const answers = new RecordAnswers(fetch);
    const first = answers.fetch(refs(1, 2), "paint", on());
    const second = answers.fetch(refs(3, 2, 4, 1), "paint", on());
    expect(calls.map(({ steps }) => steps)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    calls[0]?.answer([failed(501), failed(502)]);
    calls[1]?.answer([failed(503), failed(504)]);
    expect((await first).map(({ status }) => status)).toEqual([501, 502]);
    expect((await second).map(({ status }) => status)).toEqual([503, 502, 504, 501]);
  });

  test("are two where the parts are, or the times at which they were written", async () => {
    const { calls, fetch } = manualServer(record);
    const answers = new RecordAnswers(fetch);
    void answers.fetch(refs(1), "paint", on());
    void answers.fetch(refs(1), "statistics", on());
    void answers.fetch(
      refs(1).map((ref) => ({ ...ref, wallTime: 9 })),
      "paint",
      on(),
    );
    expect(calls).toHaveLength(3);
  });

  test("are asked for again where the one who had asked calls them off", async () => {
    const { calls, fetch } = manualServer(record);
    const answers = new RecordAnswers(fetch);
    const abort = new AbortController();
    const first = answers.fetch(refs(1, 2), "paint", abort.signal).catch((error) => error);
    const second = answers.fetch(refs(2, 3), "paint", on());
    abort.abort();
    calls[1]?.answer();
    expect(isAbort(await first)).toBe(true);
    await expect.poll(() => calls[2]?.steps).toEqual([2]);
    calls[2]?.answer();
    expect(await second).toEqual([paint, paint]);
  });

  test("are not waited for by one who calls off, and go on for the other", async () => {
    const { calls, fetch } = manualServer(record);
    const answers = new RecordAnswers(fetch);
    const first = answers.fetch(refs(1), "paint", on());
    const abort = new AbortController();
    const second = answers.fetch(refs(1), "paint", abort.signal).catch((error) => error);
    abort.abort();
    expect(isAbort(await second)).toBe(true);
    calls[0]?.answer();
    expect(await first).toEqual([paint]);
    expect(calls).toHaveLength(1);
  });

  test("fail for all of them, and can be asked for again", async () => {
    const { calls, fetch } = manualServer(record);
    const answers = new RecordAnswers(fetch);
    const both = [answers.fetch(refs(1), "paint", on()), answers.fetch(refs(1), "paint", on())];
    calls[0]?.fail(new Error("no connection"));
    for (const { status } of await Promise.allSettled(both)) expect(status).toBe("rejected");
    void answers.fetch(refs(1), "paint", on());
    expect(calls).toHaveLength(2);
  });

  test("lack an answer where the server gives too few", async () => {
    const { calls, fetch } = manualServer(record);
    const both = new RecordAnswers(fetch).fetch(refs(1, 2), "paint", on());
    calls[0]?.answer([paint]);
    expect((await both).map(({ status }) => status)).toEqual([200, 404]);
  });
});

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
    calls[2]?.answer();
    expect(await again).toEqual([paint, paint]);
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
