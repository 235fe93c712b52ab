import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Announcer } from "../src/components/announcer.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function announcerWith() {
  const requestUpdate = vi.fn();
  const host = {
    addController: () => {},
    removeController: () => {},
    requestUpdate,
    updateComplete: Promise.resolve(true),
  };
  return { announcer: new Announcer(host), requestUpdate };
}

describe("an announcer", () => {
  test("says nothing of what was there first, and of many texts the one that stays", () => {
    const { announcer, requestUpdate } = announcerWith();
    for (const text of ["", "epoch 1", "epoch 2", "epoch 3"]) {
      announcer.tell(text);
      vi.advanceTimersByTime(100);
    }
    expect(announcer.text).toBe("");
    vi.advanceTimersByTime(1000);
    expect(announcer.text).toBe("epoch 3");
    expect(requestUpdate).toHaveBeenCalledTimes(1);
    announcer.tell("epoch 3");
    vi.advanceTimersByTime(1000);
    expect(requestUpdate).toHaveBeenCalledTimes(1);
  });

  test("keeps quiet about the first text however late, and about one that is taken back", () => {
    const { announcer } = announcerWith();
    announcer.tell("epoch 1");
    vi.advanceTimersByTime(1000);
    announcer.tell("epoch 2");
    announcer.tell("");
    vi.advanceTimersByTime(1000);
    expect(announcer.text).toBe("");
  });
});
