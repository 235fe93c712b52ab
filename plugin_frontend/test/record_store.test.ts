import { describe, expect, test, vi } from "vitest";
import { ApiError } from "../src/api/errors.js";
import { cellValue } from "../src/model/dequantise.js";
import { type RecordRef, RecordStore, type Wish } from "../src/state/record_store.js";
import { encodeTiles, itemOf } from "./encode.js";
import { manualServer } from "./manual_server.js";

const record = encodeTiles({
  axes: [
    { name: "height", size: 1 },
    { name: "width", size: 3 },
  ],
  values: Float32Array.of(0, 0.5, 1),
  precision: "uint16",
});
const RECORD_BYTES = 3 + 7 * 8;

const ref = (step: number, wallTime = 0): RecordRef => ({
  run: "a/nnviz",
  tag: "weights/k",
  step,
  wallTime,
});
const wish = (
  step: number,
  part: Wish["part"] = "paint",
  urgency: Wish["urgency"] = "now",
): Wish => ({
  ref: ref(step),
  part,
  urgency,
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const stepsOf = (calls: ReturnType<typeof manualServer>["calls"]) =>
  calls.map(({ steps }) => steps);

describe("the record store", () => {
  test("keeps what comes after it was called off, and does not ask for it again", async () => {
    const answers: (() => void)[] = [];
    const asked: number[][] = [];
    // The answer was on its way already: calling off comes too late.
    const store = new RecordStore((items, part) => {
      asked.push(items.map(({ step }) => step));
      return new Promise((resolve) =>
        answers.push(() => resolve(items.map(() => itemOf(record, part)))),
      );
    }, 1e6);
    store.want([wish(1)]);
    await settle();
    store.want([wish(2)]);
    await settle();
    store.want([wish(1), wish(2)]);
    await settle();
    expect(asked).toEqual([[1], [2]]);
    for (const answer of answers) answer();
    await settle();
    expect(asked).toEqual([[1], [2]]);
    expect(store.state(ref(1)).status).toBe("ready");
    expect(store.state(ref(2)).status).toBe("ready");
  });

  test("asks again for what was called off in time, once that has ended", async () => {
    const { calls, fetch } = manualServer(record);
    const store = new RecordStore(fetch, 1e6);
    store.want([wish(1)]);
    await settle();
    store.want([]);
    store.want([wish(1)]);
    await settle();
    expect(stepsOf(calls)).toEqual([[1], [1]]);
    expect(calls[0]?.signal.aborted).toBe(true);
    calls[1]?.answer();
    await settle();
    expect(store.state(ref(1)).status).toBe("ready");
  });

  test("sends the wishes of one turn together, each once, and never again what it has", async () => {
    const { calls, fetch } = manualServer(record);
    const store = new RecordStore(fetch, 1e6);
    store.want([wish(0)]);
    store.want([wish(0), wish(1)]);
    await settle();
    expect(stepsOf(calls)).toEqual([[0, 1]]);
    store.want([wish(1), wish(2)]);
    await settle();
    expect(stepsOf(calls)).toEqual([[0, 1], [2]]);
    calls[0]?.answer();
    calls[1]?.answer();
    await settle();
    expect(store.state(ref(1)).status).toBe("ready");
    store.want([wish(2), wish(1), wish(0)]);
    await settle();
    expect(calls).toHaveLength(2);
  });

  test("asks for at most 32 records a request", async () => {
    const { calls, fetch } = manualServer(record);
    new RecordStore(fetch, 1e6).want(Array.from({ length: 70 }, (_, step) => wish(step)));
    await settle();
    expect(calls.map(({ steps }) => steps.length)).toEqual([32, 32, 6]);
  });

  test("sends what is wanted soon only when nothing of now is under way", async () => {
    const { calls, fetch } = manualServer(record);
    new RecordStore(fetch, 1e6).want([wish(0), wish(1, "paint", "soon")]);
    await settle();
    expect(stepsOf(calls)).toEqual([[0]]);
    calls[0]?.answer();
    await settle();
    expect(stepsOf(calls)).toEqual([[0], [1]]);
  });

  test("calls off a request that nobody wants any more, and asks again when it is wanted again", async () => {
    const { calls, fetch } = manualServer(record);
    const store = new RecordStore(fetch, 1e6);
    store.want([wish(0)]);
    await settle();
    store.want([wish(1)]);
    await settle();
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(store.state(ref(0))).toEqual({ status: "pending" });
    store.want([wish(0)]);
    await settle();
    expect(stepsOf(calls)).toEqual([[0], [1], [0]]);
  });

  test("joins the low plane to a record, which makes its values exact", async () => {
    const { calls, fetch } = manualServer(record);
    const store = new RecordStore(fetch, 1e6);
    store.want([wish(0)]);
    await settle();
    calls[0]?.answer();
    await settle();
    const value = () => {
      const state = store.state(ref(0));
      return state.status === "ready" ? cellValue(state.tiles, 1) : null;
    };
    expect(value()?.exact).toBe(false);
    store.want([wish(0), wish(0, "fine")]);
    await settle();
    expect(calls[1]?.part).toBe("fine");
    calls[1]?.answer();
    await settle();
    // 0.5 of [0, 1] is code 32511.5 of 65023, stored as 32512.
    expect(value()).toEqual({ exact: true, value: Math.fround(32512 / 65023) });
  });

  test("keeps a failure as the state of its record until it is retried", async () => {
    const { calls, fetch } = manualServer(record);
    const store = new RecordStore(fetch, 1e6);
    const corrupt = new TextEncoder().encode('{"message": "corrupt"}');
    store.want([wish(0), wish(1)]);
    await settle();
    calls[0]?.answer([{ status: 422, blobs: [corrupt] }, itemOf(record, "paint")]);
    await settle();
    expect(store.state(ref(0))).toEqual({ status: "failed", message: "corrupt" });
    expect(store.state(ref(1)).status).toBe("ready");
    store.retryFailed();
    await settle();
    expect(stepsOf(calls)).toEqual([[0, 1], [0]]);
    calls[1]?.fail(new ApiError(0, "TensorBoard does not answer"));
    await settle();
    expect(store.state(ref(0))).toMatchObject({ message: "TensorBoard does not answer" });
  });

  test("keeps an inexact record on screen when its low plane cannot be had", async () => {
    const { calls, fetch } = manualServer(record);
    const store = new RecordStore(fetch, 1e6);
    store.want([wish(0)]);
    await settle();
    calls[0]?.answer();
    await settle();
    store.want([wish(0), wish(0, "fine")]);
    await settle();
    calls[1]?.fail(new ApiError(500, "no low plane"));
    await settle();
    expect(store.state(ref(0))).toMatchObject({ status: "ready", fineError: "no low plane" });
    expect(calls).toHaveLength(2);
  });

  test("forgets the least recently wanted records beyond its budget, never the wanted ones", async () => {
    const { calls, fetch } = manualServer(record);
    const store = new RecordStore(fetch, 2 * RECORD_BYTES);
    for (const step of [0, 1, 0, 2]) {
      store.want([wish(step)]);
      await settle();
      calls.at(-1)?.answer();
      await settle();
    }
    expect([0, 1, 2].map((step) => store.state(ref(step)).status)).toEqual([
      "ready",
      "pending",
      "ready",
    ]);
    store.want([3, 4, 5].map((step) => wish(step)));
    await settle();
    calls.at(-1)?.answer();
    await settle();
    expect([0, 3, 4, 5].map((step) => store.state(ref(step)).status)).toEqual([
      "pending",
      "ready",
      "ready",
      "ready",
    ]);
  });

  test("does not take a record of a replaced log for the old one", async () => {
    const { calls, fetch } = manualServer(record);
    const store = new RecordStore(fetch, 1e6);
    store.want([wish(0)]);
    await settle();
    calls[0]?.answer();
    await settle();
    expect(store.state(ref(0, 99))).toEqual({ status: "pending" });
  });

  test("tells its watchers of every arrival", async () => {
    const { calls, fetch } = manualServer(record);
    const store = new RecordStore(fetch, 1e6);
    const heard = vi.fn();
    store.changes.subscribe(heard);
    store.want([wish(0)]);
    await settle();
    calls[0]?.answer();
    await settle();
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
