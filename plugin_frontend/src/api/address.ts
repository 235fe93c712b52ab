/**
 * The address that a link is made from: TensorBoard's own hash, as `p.nnviz.*`, so that the link people copy from the
 * browser is the right one. Where the host page does not give that away, the frame's own hash and the browser's
 * session. All of it is undocumented and guarded. Must not know what the values mean.
 */

const PLUGIN = "nnviz";
const PREFIX = `p.${PLUGIN}.`;

/** What of TensorBoard's store of addresses is used; see `tensorboard/components/tf_storage`. */
interface HostStorage {
  readonly getString: (key: string) => unknown;
  readonly setString: (
    key: string,
    value: string,
    options: { readonly defaultValue: string; readonly useLocationReplace: boolean },
  ) => void;
}

type Texts = Readonly<Record<string, string>>;

export interface Address {
  /** Null where nothing of ours is there: nothing was ever, or somebody has emptied it. */
  readonly read: (keys: readonly string[]) => Texts | null;
  /** All of it in one entry of the browser's history, a new one or the present one; false where it is not the time. */
  readonly write: (texts: Texts, history: "push" | "replace") => boolean;
  readonly watch: (onChange: () => void) => void;
}

export function openAddress(): Address {
  const storage = hostStorage();
  return storage === null ? ownAddress() : hostAddress(storage);
}

/** Puts texts into the address of a page on its own, unless it was opened at a link that says otherwise. */
export function startAddress(texts: Texts): void {
  if (window.location.hash.length > 1) return;
  const hash = new URLSearchParams(
    Object.entries(texts).map(([key, text]) => [PREFIX + key, text] as [string, string]),
  ).toString();
  try {
    window.history.replaceState(null, "", `#${hash}`);
  } catch {
    // As in a preview of the file: from there it is read where the address says nothing.
    writeSession(hash);
  }
}

// An entry of ours in which all is as by default has no keys; so that going back to it is told from a link to the tab
// that says nothing, ours have a mark beside what the host keeps there.
const MARK = PLUGIN;

function isMarked({ state }: History): boolean {
  return typeof state === "object" && state !== null && MARK in state;
}

function marked({ state }: History): unknown {
  return { ...(typeof state === "object" ? state : null), [MARK]: true };
}

function isWritten(entry: readonly [string, unknown]): entry is readonly [string, string] {
  return typeof entry[1] === "string" && entry[1] !== "";
}

// Empty texts are TensorBoard's way to take a key away. It writes one key at a time: the first makes the new entry of
// the history, the others go into it. While another tab is open, the address is that tab's.
function hostAddress(storage: HostStorage): Address {
  const own = ownAddress();
  return {
    read: (keys) => {
      try {
        const found = keys.map((key) => [key, storage.getString(PREFIX + key)] as const);
        return found.some(isWritten) || isMarked(window.parent.history)
          ? Object.fromEntries(found.filter(isWritten))
          : null;
      } catch {
        return own.read(keys);
      }
    },
    write: (texts, history) => {
      if (!isOurTab(storage)) return false;
      try {
        let useLocationReplace = history === "replace";
        for (const [key, text] of Object.entries(texts)) {
          storage.setString(PREFIX + key, text, { defaultValue: "", useLocationReplace });
          useLocationReplace = true;
        }
        const { history: entry } = window.parent;
        entry.replaceState(marked(entry), "");
        return true;
      } catch {
        return own.write(texts, history);
      }
    },
    watch: (onChange) => {
      own.watch(onChange);
      try {
        window.parent.addEventListener("hashchange", () => {
          if (isOurTab(storage)) onChange();
        });
      } catch {
        // Then our own, which is written where the host's cannot be.
      }
    },
  };
}

function isOurTab(storage: HostStorage): boolean {
  try {
    const tab = storage.getString("__tab__");
    return typeof tab !== "string" || tab === "" || tab === PLUGIN;
  } catch {
    return true;
  }
}

function ownAddress(): Address {
  const all = (): Map<string, string> =>
    new Map(new URLSearchParams(window.location.hash.slice(1)));
  const put = (texts: Map<string, string>, history: "push" | "replace"): void => {
    const hash = new URLSearchParams([...texts]).toString();
    writeSession(hash);
    const { pathname, search } = window.location;
    try {
      window.history[`${history}State`](marked(window.history), "", `${pathname}${search}#${hash}`);
    } catch {
      // A host may forbid it; the session has it then.
    }
  };
  return {
    read: (keys) => {
      let texts = all();
      // A reload of the host loses it.
      if (texts.size === 0 && !isMarked(window.history)) {
        texts = new Map(new URLSearchParams(readSession()));
        put(texts, "replace");
      }
      return Object.fromEntries(
        keys.map((key) => [key, texts.get(PREFIX + key)] as const).filter(isWritten),
      );
    },
    write: (texts, history) => {
      const found = all();
      for (const [key, text] of Object.entries(texts)) {
        if (text === "") found.delete(PREFIX + key);
        else found.set(PREFIX + key, text);
      }
      put(found, history);
      return true;
    },
    watch: (onChange) => window.addEventListener("hashchange", onChange),
  };
}

function hostStorage(): HostStorage | null {
  try {
    if (window.parent === window) return null;
    const { tensorboard } = window.parent as {
      tensorboard?: { tf_storage?: Partial<HostStorage> };
    };
    const storage = tensorboard?.tf_storage;
    return typeof storage?.getString === "function" && typeof storage.setString === "function"
      ? (storage as HostStorage)
      : null;
  } catch {
    return null;
  }
}

function readSession(): string {
  try {
    return window.sessionStorage.getItem("nnviz.address") ?? "";
  } catch {
    return "";
  }
}

function writeSession(hash: string): void {
  try {
    window.sessionStorage.setItem("nnviz.address", hash);
  } catch {
    // Without a session the link is in the frame's own hash alone.
  }
}
