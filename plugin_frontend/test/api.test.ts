import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ApiError, isAbort } from "../src/api/errors.js";
import { listenToHost, watchTheme, watchVisibility } from "../src/api/host.js";
import { fetchIndex, fetchRecords, fetchTimeline, gunzip } from "../src/api/routes.js";
import { encodeBatch } from "./encode.js";

const { signal } = new AbortController();

function stubFetch(answer: () => Response | Promise<Response>) {
  const fetch = vi.fn((_url: string) => Promise.resolve().then(answer));
  vi.stubGlobal("fetch", fetch);
  return () => fetch.mock.calls.map(([url]) => url);
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a request", () => {
  test("goes to a URL relative to the frame, with its arguments escaped", async () => {
    const urls = stubFetch(() => Response.json({}));
    await fetchIndex(signal);
    await fetchTimeline("a b/nnviz&", signal);
    const base = "http://host/prefix/data/plugin/nnviz/";
    expect(urls().map((url) => new URL(url, base).href)).toEqual([
      `${base}index`,
      `${base}timeline?run=a+b%2Fnnviz%26`,
    ]);
  });

  test("for records sends one JSON array an item and hands out their blobs", async () => {
    const items = [{ status: 200, blobs: [new Uint8Array([1, 2])] }];
    const urls = stubFetch(() => new Response(encodeBatch(items)));
    const record = { run: "a/nnviz", tag: "weights/k", step: 3 };
    expect(await fetchRecords([record], "fine", signal)).toEqual(items);
    const query = new URL(urls()[0] ?? "", "http://host/").searchParams;
    expect(query.get("parts")).toBe("fine");
    expect(query.getAll("item")).toEqual(['["a/nnviz","weights/k",3]']);
  });

  test("that is answered with another number of records, or with nonsense, fails in words", async () => {
    stubFetch(() => new Response(encodeBatch([])));
    await expect(fetchRecords([{ run: "a", tag: "t", step: 0 }], "paint", signal)).rejects.toThrow(
      "asked for 1 records, got 0",
    );
    stubFetch(() => new Response("<!doctype html>"));
    await expect(fetchRecords([], "paint", signal)).rejects.toThrow("not a batch");
  });

  test("that fails says so in the server's own words where it has any", async () => {
    const body = { error: { code: 404, argument: "run", value: "x", message: "no run x" } };
    stubFetch(() => Response.json(body, { status: 404 }));
    await expect(fetchIndex(signal)).rejects.toEqual(new ApiError(404, "no run x"));
    stubFetch(() => new Response("oops", { status: 500, statusText: "Internal Server Error" }));
    await expect(fetchIndex(signal)).rejects.toThrow("answered 500 Internal Server Error");
    stubFetch(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(fetchIndex(signal)).rejects.toThrow("does not answer");
  });

  test("can be called off until its answer begins, and is read to its end after", async () => {
    let sent: AbortSignal | undefined;
    vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
      sent = init.signal ?? undefined;
      return new Response("{}");
    });
    const late = new AbortController();
    await fetchIndex(late.signal);
    late.abort();
    expect(sent?.aborted).toBe(false);
    const early = new AbortController();
    early.abort();
    await fetchIndex(early.signal);
    expect(sent?.aborted).toBe(true);
  });

  test("that is called off is told apart from a failure", async () => {
    stubFetch(() => Promise.reject(new DOMException("aborted", "AbortError")));
    await expect(fetchIndex(signal)).rejects.toSatisfy(isAbort);
    expect(isAbort(new ApiError(0, "x"))).toBe(false);
  });
});

test("a gzip blob is expanded", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index & 7);
  expect(await gunzip(new Uint8Array(gzipSync(bytes)))).toEqual(bytes);
});

/** A frame in a host whose messages, theme and size the test sets. */
function stubFrame() {
  const host: { port?: MessagePort } = {};
  const listeners = new Map<string, () => void>();
  const classes = new Set<string>();
  const observers: (() => void)[] = [];
  const parent = {
    postMessage: (_message: string, _origin: string, [port]: MessagePort[]) => {
      if (port !== undefined) host.port = port;
    },
    document: { body: { classList: { contains: (name: string) => classes.has(name) } } },
  };
  const frame = {
    parent,
    innerHeight: 500,
    addEventListener: (type: string, listener: () => void) => listeners.set(type, listener),
  };
  vi.stubGlobal("window", frame);
  vi.stubGlobal("document", { visibilityState: "visible", addEventListener: () => undefined });
  vi.stubGlobal(
    "MutationObserver",
    class {
      constructor(callback: () => void) {
        observers.push(callback);
      }
      observe(): void {}
    },
  );
  return { host, frame, listeners, classes, observers };
}

describe("the host", () => {
  test("is answered, and its reloads are heard", async () => {
    const { host } = stubFrame();
    const onReload = vi.fn();
    listenToHost(onReload);
    const { port } = host;
    if (port === undefined) throw new Error("the frame did not introduce itself");
    const reply = new Promise((resolve) => {
      port.onmessage = ({ data }) => resolve(JSON.parse(data as string));
    });
    port.postMessage("not JSON");
    port.postMessage(JSON.stringify({ type: "experimental.DataReloaded", id: 7, isReply: false }));
    expect(await reply).toEqual({
      type: "experimental.DataReloaded",
      id: 7,
      payload: null,
      error: null,
      isReply: true,
    });
    expect(onReload).toHaveBeenCalledTimes(1);
    port.close();
  });

  test("gives the theme by the class of its body", () => {
    const { classes, observers } = stubFrame();
    const themes: string[] = [];
    watchTheme((theme) => themes.push(theme));
    classes.add("dark-mode");
    for (const observer of observers) observer();
    expect(themes).toEqual(["light", "dark"]);
  });

  test("of another origin leaves the theme to the system", () => {
    const { frame } = stubFrame();
    Object.defineProperty(frame.parent, "document", {
      get: () => {
        throw new DOMException("blocked", "SecurityError");
      },
    });
    Object.assign(frame, {
      matchMedia: () => ({ matches: true, addEventListener: () => undefined }),
    });
    const themes: string[] = [];
    watchTheme((theme) => themes.push(theme));
    expect(themes).toEqual(["dark"]);
  });

  test("hides the tab by giving the frame no height", () => {
    const { frame, listeners } = stubFrame();
    const seen: boolean[] = [];
    watchVisibility((visible) => seen.push(visible));
    frame.innerHeight = 0;
    listeners.get("resize")?.();
    expect(seen).toEqual([true, false]);
  });
});
