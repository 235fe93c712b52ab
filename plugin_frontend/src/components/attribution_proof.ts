/**
 * What a map proves of itself, beside it: the class that is explained, the sum against the difference of outputs, both
 * errors and the verdict, flags. Templates of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import {
  classWords,
  flagWords,
  type Outputs,
  type Proof,
  proofOf,
  sumWords,
  verdictOf,
} from "../model/attribution_proof.js";
import { SAMPLE } from "../model/placement.js";
import type { AttributionRun } from "../state/attribution_view.js";

export function proofTemplate(
  run: AttributionRun,
  sample: number,
): TemplateResult | typeof nothing {
  if (run.maps.status !== "ready") return nothing;
  const { record } = run.maps;
  const proof = proofOf(record, sample);
  if (proof === null) {
    const text = "The record holds no proof of this map";
    return html`<p class="classes" title=${text}>${text}</p>`;
  }
  const labels = record.header.axes.find(({ name }) => name === SAMPLE)?.labels;
  const outputs = { ...outputsOf(run, sample), label: labels?.[sample] ?? null };
  const words = classWords(proof, outputs);
  const [sum, difference] = sumWords(proof);
  // Where all words are of one class, none has to be told from the others.
  const isOpen = words.some(({ isTarget }) => !isTarget);
  return html`<p class="classes" data-testid="classes" title=${words.map(({ text }) => text).join(" · ")}>
      ${words.map(
        ({ text, isTarget }, index) =>
          html`${index > 0 ? " · " : ""}<span
              class=${isTarget && isOpen ? "target" : ""}
              title=${isTarget ? `${text}: this is what the map explains` : text}
              >${text}</span
            >`,
      )}
    </p>
    <p class="sums" data-testid="sums" title="The sum of all attributions, and what it has to come to">
      <span>${sum}</span> · <span>${difference}</span>
    </p>
    ${verdict(proof)} ${flags(proof)}`;
}

function verdict(proof: Proof): TemplateResult {
  const { kind, text, title } = verdictOf(proof);
  const colour = kind === "converged" ? "green" : "amber";
  return html`<p><span class="chip verdict ${colour}" data-testid="verdict" data-kind=${kind} title=${title}>${text}</span></p>`;
}

function flags({ flags: bits }: Proof): TemplateResult | typeof nothing {
  const words = flagWords(bits);
  return words.length === 0
    ? nothing
    : html`<p class="flags">
        ${words.map(
          ({ text, title }) =>
            html`<span class="chip amber" data-testid="flag" title=${title}>${text}</span>`,
        )}
      </p>`;
}

// Scores of another step than the maps' would be other numbers.
function outputsOf({ scores }: AttributionRun, sample: number): Omit<Outputs, "label"> {
  if (scores?.status !== "ready" || scores.other !== null)
    return { classNames: null, probabilities: null };
  const { header, shape, payload } = scores.record;
  const classNames = header.axes.find(({ name }) => name === "width")?.labels ?? null;
  if (header.meaning !== "non_negative" || payload.precision !== "float32")
    return { classNames, probabilities: null };
  return {
    classNames,
    probabilities: (index) => payload.values[sample * shape.width + index] ?? NaN,
  };
}
