/**
 * How the notes of a record are to be read: which of them vouch for its values, which warn of them, and what stands
 * behind the short ones. Knows the words of the notes; must not know components.
 */
import { needsCare, noteText } from "./facts.js";

/** `exact`: the values are all that they seem. `care`: who has not read the note takes them for what they are not. */
export type NoteKind = "exact" | "care" | "fact";

export interface NoteWords {
  readonly kind: NoteKind;
  readonly text: string;
  /** The whole note, and what it means where that is not plain. */
  readonly title: string;
}

const EXACT = "exact";

const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /^exact$/,
    "Nothing was replaced: the sum of input times template, plus the offset, is what the unit computes",
  ],
  [
    /^ignores /,
    "These are replaced by the identity: the template is that of the linear network that is left, not of the network itself",
  ],
];

/** Of notes that are long, what has room in a header; the whole note is behind it. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [
    /^of the central position (\(.*\)), cropped to its receptive field (\S+) from \(.*\)$/,
    "of position $1, receptive field $2",
  ],
];

export function noteWords(note: string): NoteWords {
  const whole = noteText(note);
  const text = SHORT.reduce((rest, [long, short]) => rest.replace(long, short), whole);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(note))?.[1];
  const kind = note === EXACT ? "exact" : needsCare(note) ? "care" : "fact";
  return { kind, text, title: meaning === undefined ? whole : `${whole}. ${meaning}.` };
}
