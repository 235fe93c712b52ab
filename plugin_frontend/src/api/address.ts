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
  readonly read: (keys: readonly string[]) => Texts;
  readonly write: (texts: Texts) => void;
  readonly watch: (onChange: () => void) => void;
}

export function openAddress(): Address {
  const storage = hostStorage();
  return storage === null ? ownAddress() : hostAddress(storage);
}

// Empty texts are TensorBoard's way to take a key away; replacing keeps every move of a slider out of the history.
function hostAddress(storage: HostStorage): Address {
  const own = ownAddress();
  return {
    read: (keys) => {
      try {
        const found = keys.map((key) => [key, storage.getString(PREFIX + key)] as const);
        return Object.fromEntries(
          found.filter(
            (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
          ),
        );
      } catch {
        return own.read(keys);
      }
    },
    write: (texts) => {
      try {
        for (const [key, text] of Object.entries(texts)) {
          storage.setString(PREFIX + key, text, { defaultValue: "", useLocationReplace: true });
        }
      } catch {
        own.write(texts);
      }
    },
    watch: (onChange) => {
      try {
        window.parent.addEventListener("hashchange", () => {
          if (isOurTab(storage)) onChange();
        });
      } catch {
        own.watch(onChange);
      }
    },
  };
}

// While another tab is open, the address may be that tab's alone.
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
  return {
    read: (keys) => {
      const found = all();
      const stored = new Map(new URLSearchParams(readSession()));
      const texts = found.size > 0 ? found : stored;
      return Object.fromEntries(
        keys.flatMap((key) => {
          const text = texts.get(PREFIX + key);
          return text === undefined || text === "" ? [] : [[key, text]];
        }),
      );
    },
    write: (texts) => {
      const found = all();
      for (const [key, text] of Object.entries(texts)) {
        if (text === "") found.delete(PREFIX + key);
        else found.set(PREFIX + key, text);
      }
      const hash = new URLSearchParams([...found]).toString();
      writeSession(hash);
      try {
        window.history.replaceState(
          null,
          "",
          `${window.location.pathname}${window.location.search}#${hash}`,
        );
      } catch {
        // A host may forbid it; the session has it then.
      }
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
