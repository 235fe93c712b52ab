/**
 * What a map of attributions proves of itself, read off its record, and how that is said. Knows the statistics and the
 * samples' labels; must not know components.
 */
import type { Said } from "./activation_words.js";
import { formatCount, formatSignedColumn } from "./format.js";
import { SAMPLE } from "./placement.js";
import type { StatisticName } from "./record.js";
import { gridAxes, type Tiles } from "./tiles.js";

/** A number and its unit stay together. */
const PERCENT = "\u00a0%";

/** Of one sample; NaN where a number is not logged. */
export interface Proof {
  readonly target: number;
  readonly prediction: number;
  readonly probability: number;
  readonly outputAtInput: number;
  readonly outputAtBaseline: number;
  readonly sum: number;
  readonly completenessError: number;
  readonly refinementError: number;
  readonly evaluations: number;
  readonly converged: boolean;
  readonly flags: number;
}

/** The proof of a sample; null where the record has none, or not that sample. */
export function proofOf(tiles: Tiles, sample: number): Proof | null {
  const { statistics } = tiles;
  const axes = gridAxes(tiles.header);
  const place = axes.findIndex(({ name }) => name === SAMPLE);
  if (!statistics.has("converged") || sample >= (axes[place]?.size ?? 0)) return null;
  const stride = axes.slice(place + 1).reduce((product, { size }) => product * size, 1);
  const read = (name: StatisticName): number => statistics.get(name)?.[sample * stride] ?? NaN;
  return {
    target: read("target"),
    prediction: read("prediction"),
    probability: read("probability"),
    outputAtInput: read("output_at_input"),
    outputAtBaseline: read("output_at_baseline"),
    sum: read("attribution_sum"),
    completenessError: read("completeness_error"),
    refinementError: read("refinement_error"),
    evaluations: read("num_evaluations"),
    converged: read("converged") === 1,
    flags: read("flags"),
  };
}

/** What the model makes of a sample besides the proof; names and scores are null where they are not logged. */
export interface Outputs {
  readonly label: string | null;
  readonly classNames: readonly string[] | null;
  /** Probability by class; null where the model gives none. */
  readonly probabilities: ((index: number) => number) | null;
}

/** A part of `label 4 · predicted 9 (73.6 %)`; `isTarget` for the class that is explained. */
export interface ClassWords {
  readonly text: string;
  readonly isTarget: boolean;
}

/** The sample's label, the prediction, and the explained class where it is neither of the two. */
export function classWords(proof: Proof, outputs: Outputs): readonly ClassWords[] {
  const { target, prediction } = proof;
  const { label } = outputs;
  const shareOf = (index: number): string => {
    const logged = outputs.probabilities?.(index) ?? NaN;
    const share = index === target && !Number.isNaN(proof.probability) ? proof.probability : logged;
    return Number.isNaN(share) ? "" : ` (${probabilityText(share)})`;
  };
  const isLabel = (index: number): boolean =>
    label !== null && (label === nameOf(index, outputs) || label === String(index));
  const words: ClassWords[] = [];
  // Several values that are no classes: the one that is explained is told by its place.
  if (!Number.isNaN(target) && Number.isNaN(prediction)) {
    if (label !== null) words.push({ text: `target ${label}`, isTarget: false });
    const value = formatSignedColumn(proof.outputAtInput, 4);
    return [...words, { text: `output ${nameOf(target, outputs)}: ${value}`, isTarget: true }];
  }
  const isOther = !Number.isNaN(target) && target !== prediction;
  if (label !== null) {
    const isTarget = !Number.isNaN(target) && isLabel(target);
    words.push({ text: `label ${label}${isTarget && isOther ? shareOf(target) : ""}`, isTarget });
  }
  if (!Number.isNaN(prediction)) {
    const text = `predicted ${nameOf(prediction, outputs)}${shareOf(prediction)}`;
    words.push({ text, isTarget: prediction === target });
  }
  if (isOther && !isLabel(target))
    words.push({ text: `explained ${nameOf(target, outputs)}${shareOf(target)}`, isTarget: true });
  if (Number.isNaN(target)) {
    // Without classes the output itself is what is told.
    const text = Number.isNaN(prediction)
      ? `output ${formatSignedColumn(proof.outputAtInput, 4)}`
      : "explains a function";
    words.push({ text, isTarget: true });
  }
  return words;
}

function nameOf(index: number, { classNames }: Outputs): string {
  return classNames?.[index] ?? String(index);
}

/** `98.4 %`; what is not certain never becomes it. */
export function probabilityText(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) return `< 0.1${PERCENT}`;
  if (percent < 100 && percent > 99.9) return `> 99.9${PERCENT}`;
  return `${percent.toFixed(1)}${PERCENT}`;
}

/** `Σ +8.220 · F(x) − F(x′) +8.240`, in two parts. */
export function sumWords(proof: Proof): readonly [sum: string, difference: string] {
  const difference = proof.outputAtInput - proof.outputAtBaseline;
  return [
    `Σ ${formatSignedColumn(proof.sum, 4)}`,
    `F(x) − F(x′) ${formatSignedColumn(difference, 4)}`,
  ];
}

/** An error as a share with two digits: `1.1 %`, `0.20 %`, `∞`. */
export function errorText(share: number): string {
  if (Number.isNaN(share)) return "unknown";
  if (!Number.isFinite(share)) return "∞";
  const percent = 100 * share;
  if (percent === 0) return `0${PERCENT}`;
  if (percent < 0.01) return `< 0.01${PERCENT}`;
  const rounded = Number(percent.toPrecision(2));
  const digits = rounded >= 10 ? 0 : rounded >= 1 ? 1 : 2;
  return `${rounded >= 10_000 ? rounded.toExponential(1).replace("+", "") : rounded.toFixed(digits)}${PERCENT}`;
}

/** The verdict, and what it rests on. */
export interface Verdict extends Said {
  readonly kind: "converged" | "not-converged";
}

export function verdictOf(proof: Proof): Verdict {
  const { completenessError, refinementError, evaluations, converged } = proof;
  const count = formatCount(evaluations, "evaluation").replace(" ", "\u00a0");
  const [map, total] = [boundText(refinementError), errorText(completenessError)];
  const title =
    `The map is estimated to be off by ${spelled(refinementError)} of its norm; the sum of its ` +
    `attributions misses F(x) − F(x′) by ${spelled(completenessError)}; ${count} of the gradient were made.`;
  return converged
    ? {
        kind: "converged",
        text: `✓ map ${map} · sum ${total} · ${count}`,
        title: `${title} Both errors are within the tolerance.`,
      }
    : {
        kind: "not-converged",
        text: `not converged: map ${map}, completeness ${total} · ${count}`,
        title: `${title} At least one of the two is not within the tolerance: read the map with care.`,
      };
}

// An estimate is a bound only where it is a number.
function boundText(share: number): string {
  const text = errorText(share);
  return Number.isFinite(share) && !text.startsWith("<") ? `≤ ${text}` : text;
}

function spelled(share: number): string {
  if (Number.isNaN(share)) return "an unknown share";
  return Number.isFinite(share) ? `at most ${errorText(share)}` : "more than can be told";
}

const FLAGS: readonly (Said & { readonly bit: number })[] = [
  {
    bit: 1,
    text: "F(x) ≈ F(x′)",
    title:
      "The outputs at the input and at the baseline differ by less than 1 % of the sum of all |attributions|: positive and negative parts cancel, and there is little for the sum to prove",
  },
  {
    bit: 2,
    text: "cap on evaluations reached",
    title:
      "The most evaluations allowed were made before both errors were within the tolerance; a higher max_evaluations gives a closer map",
  },
  {
    bit: 4,
    text: "no gradient path",
    title:
      "All gradients along the path are exactly zero, or there are none: the map says nothing, whatever the output does",
  },
  {
    bit: 8,
    text: "NaN or ∞ met",
    title:
      "An output or a gradient along the path was NaN or infinite: the map is not to be trusted",
  },
];

/** What the sum of flags says, in the order of the bits; bits of a newer log are named by their number. */
export function flagWords(flags: number): readonly Said[] {
  if (!(flags > 0)) return [];
  const known = FLAGS.filter(({ bit }) => (flags & bit) !== 0);
  const rest = flags & ~FLAGS.reduce((all, { bit }) => all | bit, 0);
  const newer = { text: `flag ${rest}`, title: `This screen does not know what flag ${rest} says` };
  return rest === 0 ? known : [...known, newer];
}
