/** One sample among others: its picture with a caption, a button that keeps it. Must not know which samples are listed. */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { ConfusedSample, Confusion } from "../model/confusion.js";
import { MISTAKE_SIDE } from "../model/confusion_layout.js";
import { pairText, sampleWords, withPercent } from "../model/confusion_words.js";
import { cutBoth, cutMiddle } from "../model/cut_text.js";
import { placeOfSample } from "../state/confusion_focus.js";
import type { ConfusionRun } from "../state/confusion_view.js";
import type { Session } from "../state/session.js";
import type { RunContext } from "./confusion_context.js";

/** Width of a letter of a caption. */
const LETTER = 6.4;
/** Between two names, or behind one. */
const ARROW = 3;
const WIDEST_CAPTION = 150;

export function hasPictures({ pictures }: ConfusionRun, { addresses }: Confusion): boolean {
  return pictures !== null || addresses.size > 0;
}

/** The picture of a sample with its confidence: a button that keeps it. */
export function figure(
  context: RunContext,
  sample: ConfusedSample,
  side: number,
  place: "detail" | "mistake",
): TemplateResult {
  const { confusion, look, pick, pinnedSample, session, run } = context;
  const { index } = sample;
  const { row, column } = placeOfSample(confusion, sample);
  const words = sampleWords(confusion, sample, row, column);
  const isPinned = pinnedSample === index;
  const isPictured = hasPictures(run, confusion);
  return html`<button
    class="figure ${place} ${isPictured ? "" : "bare"}"
    style=${styleMap({ width: place === "detail" ? `${side}px` : `${mistakeWidth(context)}px` })}
    aria-pressed=${isPinned}
    title=${words}
    data-testid=${place === "detail" ? "cell-sample" : "mistake"}
    data-sample=${index}
    @pointerenter=${() => look(sample)}
    @pointerleave=${() => look(null)}
    @focus=${() => look(sample)}
    @blur=${() => look(null)}
    @click=${() => pick(sample)}
  >
    ${
      isPictured
        ? html`<span class="unseen">sample ${index}</span>${pictureOf(session, run, confusion, index, side)}`
        : html`<span class="index">#${index}</span>`
    }
    ${place === "mistake" ? mistakeCaption(context, sample) : confidence(context, sample)}
  </button>`;
}

export function pictureOf(
  { confusions: { pictures } }: Session,
  { run, pictures: entry }: ConfusionRun,
  { addresses }: Confusion,
  index: number,
  side: number,
): TemplateResult {
  const address = addresses.get(index);
  const picture =
    address === undefined
      ? ({ status: "missing", why: "not-logged" } as const)
      : pictures.picture(run.run, entry, address);
  return html`<nnviz-confusion-picture
    .picture=${picture}
    .range=${pictures.range(entry?.tag ?? "")}
    .index=${index}
    .side=${side}
  ></nnviz-confusion-picture>`;
}

// Without a confidence, which sample it is tells more than a dash.
function confidence({ run, confusion }: RunContext, sample: ConfusedSample): unknown {
  const isKnown = !Number.isNaN(sample.confidence);
  if (!isKnown && !hasPictures(run, confusion)) return nothing;
  const text = isKnown ? withPercent(sample.confidence) : `#${sample.index}`;
  return html`<span class="caption-text">${text}</span>`;
}

function mistakeCaption(context: RunContext, sample: ConfusedSample): TemplateResult {
  const { confusion } = context;
  const { row, column } = placeOfSample(confusion, sample);
  const { classNames, task } = confusion.header;
  const name = (index: number): string => classNames[index] ?? String(index);
  const letters = Math.floor(mistakeWidth(context) / (LETTER * context.scale));
  const [truth, predicted] = cutBoth(name(row), name(column), letters - ARROW);
  const names =
    task === "multi_label"
      ? html`${cutMiddle(name(row), letters - ARROW)} <em>${column === 1 ? "FP" : "FN"}</em>`
      : html`${truth} → <em>${predicted}</em>`;
  return html`<span class="caption-text ellipsis">${names}</span>
    ${confidence(context, sample)}`;
}

/** Left and right of the words of a sample without a picture. */
const BARE_PADDING = 16;

export function mistakeWidth({ confusion, run, scale }: RunContext): number {
  const { classNames, task } = confusion.header;
  const longest = confusion.mistakes.reduce((most, sample) => {
    const { row, column } = placeOfSample(confusion, sample);
    const pair = pairText(classNames[row] ?? "", classNames[column] ?? "");
    const text = task === "multi_label" ? `${classNames[row] ?? ""} FN` : pair;
    return Math.max(most, [...text].length);
  }, 0);
  const width = Math.max(MISTAKE_SIDE, Math.min(WIDEST_CAPTION, longest * LETTER + 2));
  return Math.round((width + (hasPictures(run, confusion) ? 0 : BARE_PADDING)) * scale);
}
