/**
 * Keeps the session in the address, and the session as the address says. Knows when to write and when to read; must
 * not know where the address is, nor how values are written.
 */
import type { Link } from "../model/link.js";
import { decodeLink, encodeLink, LINK_KEYS, type LinkTexts } from "../model/url_state.js";
import type { Session } from "./session.js";

/** Where links are kept; `api/address.ts` has the real one. */
export interface Address {
  readonly read: (keys: readonly string[]) => LinkTexts;
  /** Writes and, where the text is empty, takes away. */
  readonly write: (texts: LinkTexts) => void;
  /** Calls back when somebody else has changed the address. */
  readonly watch: (onChange: () => void) => void;
}

/** Choices are written after this long without another one, in milliseconds. */
const WRITE_AFTER = 300;

/** Opens what the address says, then keeps the two alike. */
export function keepInAddress(session: Session, address: Address): void {
  let written = address.read(LINK_KEYS);
  let timer: ReturnType<typeof setTimeout> | undefined;
  session.restore(decodeLink(written));

  const write = (): void => {
    timer = undefined;
    const texts = encodeLink(linkOf(session));
    const changes = LINK_KEYS.filter((key) => (texts[key] ?? "") !== (written[key] ?? ""));
    written = texts;
    if (changes.length > 0)
      address.write(Object.fromEntries(changes.map((key) => [key, texts[key] ?? ""])));
  };
  // Playing goes through many points a second; the address hears of the one where it stops.
  const changed = (): void => {
    clearTimeout(timer);
    const { playing, playingLayers } = session.state.value;
    timer = playing || playingLayers ? undefined : setTimeout(write, WRITE_AFTER);
  };
  for (const source of [session.state, session.pinned, session.place]) source.subscribe(changed);

  address.watch(() => {
    const texts = address.read(LINK_KEYS);
    const isOurs = LINK_KEYS.every((key) => (texts[key] ?? "") === (written[key] ?? ""));
    if (isOurs) return;
    written = texts;
    // Where somebody has emptied the address, as TensorBoard's links to tabs do, the screen stays and is written anew.
    if (Object.keys(texts).length === 0) changed();
    else session.restore(decodeLink(texts));
  });
}

function linkOf({ state: { value: state }, pinned, place }: Session): Link {
  // Colours are remembered of runs of other logs as well; a link speaks of those that are here.
  const isHere = (run: string): boolean =>
    state.index.status !== "ready" || state.assignedColours.has(run);
  const chosenColours = new Map([...state.chosenColours].filter(([run]) => isHere(run)));
  return { ...state, chosenColours, pinned: pinned.value, place: place.value };
}
