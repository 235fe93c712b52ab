/**
 * Keeps the session in the address, and the session as the address says. Knows when to write, when to read and when a
 * change is an entry of its own in the browser's history; must not know where the address is, nor how values are
 * written.
 */
import type { Link } from "../model/link.js";
import { choicesThatReopen } from "../model/runs.js";
import {
  changedKeys,
  chosenKeys,
  decodeLink,
  encodeLink,
  type HistoryKind,
  LINK_KEYS,
  type LinkTexts,
} from "../model/url_state.js";
import type { Session } from "./session.js";

/** Where links are kept; `api/address.ts` has the real one. */
export interface Address {
  /** Null where the address says nothing of the session, not even that all is as by default. */
  readonly read: (keys: readonly string[]) => LinkTexts | null;
  /** Writes and, where the text is empty, takes away, in one entry of the history; false where it could not. */
  readonly write: (texts: LinkTexts, history: HistoryKind) => boolean;
  /** Calls back when somebody else has changed the address. */
  readonly watch: (onChange: () => void) => void;
}

/** Moves are written after this long without another one, in milliseconds. */
const WRITE_AFTER = 300;
/** The same choice again within this long, as by a key held down, stays in its entry; in milliseconds. */
const SAME_CHOICE_WITHIN = 300;

/** Opens what the address says, then keeps the two alike. */
export function keepInAddress(session: Session, address: Address): void {
  const keeper = new AddressKeeper(session, address);
  keeper.read();
  for (const source of [session.state, session.pinned, session.place, session.left])
    source.subscribe(() => keeper.onChange());
  session.addressWanted.subscribe(() => keeper.writeNow());
  address.watch(() => keeper.onAddress());
}

class AddressKeeper {
  readonly #session: Session;
  readonly #address: Address;
  /** What the address has. */
  #written: LinkTexts = {};
  /** What the session was when it was looked at last. */
  #seen: LinkTexts = {};
  /** What the user had ticked then: that other runs have come may have runs written too, and nobody has chosen that. */
  #runChoices: Link["runChoices"] | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #writing: ReturnType<typeof setTimeout> | undefined;
  #lastChoice = { keys: "", time: Number.NEGATIVE_INFINITY, typing: 0 };

  constructor(session: Session, address: Address) {
    this.#session = session;
    this.#address = address;
  }

  read(): void {
    const texts = this.#address.read(LINK_KEYS);
    this.#open(texts ?? {});
    if (texts === null) this.#address.write({}, "replace");
  }

  // One action may change several things, one after the other.
  onChange(): void {
    this.#looking ??= setTimeout(() => this.#look());
  }

  /** What moves, or is held down, is not waited for. */
  writeNow(): void {
    clearTimeout(this.#looking);
    this.#look();
    this.#write("replace");
  }

  onAddress(): void {
    const texts = this.#address.read(LINK_KEYS);
    if (texts === null) {
      // Somebody has emptied it, as TensorBoard's links to tabs do: the screen stays and is written anew.
      this.#address.write(this.#seen, "replace");
      this.#written = this.#seen;
    } else if (changedKeys(this.#written, texts).length === 0) {
      // Back in this tab: what another one did not let be written.
      this.#writeLater();
    } else {
      this.#open(texts);
    }
  }

  #open(texts: LinkTexts): void {
    this.#written = texts;
    this.#session.restore(decodeLink(texts));
    this.#seen = this.#encode();
    this.#runChoices = this.#session.state.value.runChoices;
    this.#lastChoice = { ...this.#lastChoice, keys: "" };
  }

  #look(): void {
    this.#looking = undefined;
    const texts = this.#encode();
    const hasTicked = this.#runChoices !== this.#session.state.value.runChoices;
    this.#runChoices = this.#session.state.value.runChoices;
    if (changedKeys(this.#seen, texts).length === 0) {
      // As where playing stops: nothing moves by that, and what has moved until then is yet to be written.
      if (this.#writing === undefined) this.#writeLater();
      return;
    }
    const chosen = chosenKeys(this.#seen, texts).filter((key) => key !== "runs" || hasTicked);
    const isChoice = chosen.length > 0 && !this.#isSameChoice(chosen.join());
    // What has moved until now belongs to the entry that is left.
    if (isChoice) this.#write("replace");
    this.#seen = texts;
    if (isChoice) this.#write("push");
    else this.#writeLater();
  }

  /** A choice that goes on: within one stay in a text field, or again at once. */
  #isSameChoice(keys: string): boolean {
    const before = this.#lastChoice;
    const now = { keys, time: Date.now(), typing: this.#session.typing };
    this.#lastChoice = now;
    if (now.typing !== 0) return now.typing === before.typing;
    return before.keys === keys && now.time - before.time < SAME_CHOICE_WITHIN;
  }

  // Playing goes through many points a second; the address hears of the one where it stops.
  #writeLater(): void {
    clearTimeout(this.#writing);
    const { playing, playingLayers } = this.#session.state.value;
    this.#writing =
      playing || playingLayers ? undefined : setTimeout(() => this.#write("replace"), WRITE_AFTER);
  }

  #write(history: HistoryKind): void {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    const keys = changedKeys(this.#written, this.#seen);
    if (keys.length === 0) return;
    const texts = Object.fromEntries(keys.map((key) => [key, this.#seen[key] ?? ""]));
    if (this.#address.write(texts, history)) this.#written = this.#seen;
  }

  #encode(): LinkTexts {
    return encodeLink(linkOf(this.#session));
  }
}

/** All of the screen that a link reopens. */
export function linkOf({ state: { value: state }, pinned, place, left }: Session): Link {
  // Colours are remembered of runs of other logs as well; a link speaks of those that are here.
  const isHere = (run: string): boolean =>
    state.index.status !== "ready" || state.assignedColours.has(run);
  const chosenColours = new Map([...state.chosenColours].filter(([run]) => isHere(run)));
  const runChoices =
    state.index.status === "ready"
      ? choicesThatReopen(state, state.index.value.runs)
      : state.runChoices;
  return {
    ...state,
    runChoices,
    chosenColours,
    pinned: pinned.value,
    place: place.value,
    left: left.value,
  };
}
