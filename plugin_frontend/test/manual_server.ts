/** A server whose answers a test gives by hand. */
import type { BatchItem } from "../src/api/batch.js";
import type { RecordItem } from "../src/api/routes.js";
import { type EncodedRecord, itemOf } from "./encode.js";

interface Call {
  readonly steps: number[];
  readonly part: "paint" | "fine" | "statistics";
  readonly signal: AbortSignal;
  readonly answer: (items?: readonly BatchItem[]) => void;
  readonly fail: (error: Error) => void;
}

/** Each item is answered with the record, unless the test has another answer. */
export function manualServer(record: EncodedRecord) {
  const calls: Call[] = [];
  const fetch = (
    items: readonly RecordItem[],
    part: "paint" | "fine" | "statistics",
    signal: AbortSignal,
  ) =>
    new Promise<readonly BatchItem[]>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      const steps = items.map(({ step }) => step);
      const all = items.map(() => itemOf(record, part));
      calls.push({ steps, part, signal, answer: (given = all) => resolve(given), fail: reject });
    });
  return { calls, fetch };
}
