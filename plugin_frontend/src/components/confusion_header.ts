/**
 * What a card of a confusion says of itself above its matrices, and the choices of what stands in their cells. Templates
 * of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { Confusion } from "../model/confusion.js";
import { CELL_CHOICES, SORT_CHOICES } from "../model/confusion_choices.js";
import { accuracyOf, changeOf, matrixOf } from "../model/confusion_counts.js";
import type { MatrixSort } from "../model/confusion_display.js";
import {
  binaryScores,
  type LabelScores,
  labelAccuracy,
  labelScores,
  microScores,
} from "../model/confusion_labels.js";
import { FEW_CLASSES } from "../model/confusion_order.js";
import {
  pointsText,
  samplesFact,
  samplesText,
  thresholdText,
  undecidedText,
  withPercent,
} from "../model/confusion_words.js";
import {
  areOfOtherSamples,
  type ConfusionRun,
  type ConfusionView,
} from "../state/confusion_view.js";
import { missingPictures } from "../state/missing_pictures.js";
import type { Session } from "../state/session.js";
import { tickBox } from "./choices.js";
import { changeText, ownReferenceChip } from "./comparison_words.js";
import { exportButton } from "./export_events.js";
import { noteChip } from "./note_chips.js";
import { foldButton } from "./panel_header.js";
import { captionHead } from "./run_caption.js";

export interface ConfusionContext {
  readonly session: Session;
  readonly view: ConfusionView;
}

export function confusionHeader(context: ConfusionContext, isOpen: boolean): TemplateResult {
  const { session, view } = context;
  const { first, tag, runs } = view;
  const [only] = runs;
  const fact = first === null ? null : samplesFact(first.header);
  const threshold = first === null ? null : thresholdText(first.header);
  return html`<header class=${isOpen ? "open" : ""}>
    ${foldButton(tag, isOpen, () => session.folding.toggleCollapsed(tag))}
    <div class="words">
      <h2 class="mono ellipsis" title=${tag}>${tag}</h2>
      <span class="facts" data-testid="samples-fact">${fact?.text ?? ""}</span>
      ${runs.length === 1 && only !== undefined ? scoreChips(only, view) : nothing}
      ${threshold === null ? nothing : html`<span class="chip" data-testid="threshold">${threshold}</span>`}
      ${view.remarks.notes.filter((note) => note !== fact?.note).map(noteChip)}
      ${changeChip(context)}
    </div>
    ${isOpen && first !== null ? choices(context, first) : nothing} ${exportButton(tag)}
  </header>`;
}

// What changes are taken from, where the first run that is here tells it.
function changeChip({ session, view }: ConfusionContext): unknown {
  if (!view.isChange) return nothing;
  const [moment] = view.runs.flatMap(({ shown }) =>
    shown.status === "ready" && shown.reference !== null ? [shown.reference.header.moment] : [],
  );
  return html`<span class="chip" data-testid="change">${changeText(session, moment ?? null)}</span>`;
}

function choices({ session, view }: ConfusionContext, first: Confusion): TemplateResult {
  const { content, sort, errorsOnly } = session.state.value.confusionDisplay;
  const { task, classNames } = first.header;
  const isSorted = task !== "multi_label" && classNames.length > FEW_CLASSES;
  return html`<div class="choices">
    ${
      view.hasWeights
        ? tickBox(
            "weighted",
            "weighted",
            "Sums of the sample weights instead of counts",
            view.weighted,
            (weighted) => session.looks.setConfusionDisplay({ weighted }),
          )
        : nothing
    }
    ${
      classNames.length > FEW_CLASSES
        ? tickBox(
            "errors-only",
            "errors only",
            `Leave out ${task === "multi_label" ? "labels" : "classes"} without a mistake`,
            errorsOnly,
            (ticked) => session.looks.setConfusionDisplay({ errorsOnly: ticked, zooms: new Map() }),
          )
        : nothing
    }
    ${isSorted ? sortMenu(session, sort) : nothing}
    ${
      task === "multi_label"
        ? nothing
        : html`<div class="segments" role="group" aria-label="In the cells" data-testid="cells">
            ${CELL_CHOICES.map(
              ({ value, label, title }) => html`<button
                aria-pressed=${value === content}
                data-value=${value}
                title=${title ?? label}
                @click=${() => session.looks.setConfusionDisplay({ content: value })}
              >
                ${label}
              </button>`,
            )}
          </div>`
    }
  </div>`;
}

function sortMenu(session: Session, sort: MatrixSort): TemplateResult {
  const onChange = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const found = SORT_CHOICES.find((choice) => choice.value === value);
    if (found !== undefined)
      session.looks.setConfusionDisplay({ sort: found.value, zooms: new Map() });
  };
  return html`<label class="sort">
    <span>Sort</span>
    <select data-testid="class-sort" aria-label="Order of the classes" .value=${sort} @change=${onChange}>
      ${SORT_CHOICES.map(
        ({ value, label, title }) =>
          html`<option value=${value} title=${title ?? label} ?selected=${value === sort}>${label}</option>`,
      )}
    </select>
  </label>`;
}

/** Above a run: its name, its moment, and its scores where several runs have their own. */
export function runCaption({ session, view }: ConfusionContext, run: ConfusionRun): TemplateResult {
  const { match, shown } = run;
  const own = shown.status === "ready" ? shown.confusion.header : null;
  const notes = own?.notes.filter((note) => !view.remarks.notes.includes(note)) ?? [];
  const samples = own === null ? "" : samplesText(own);
  const isOther =
    view.first !== null && samples !== "" && samples !== samplesText(view.first.header);
  return html`<div class="caption" data-testid="confusion-run" data-run=${run.run.name}>
    ${captionHead(session, run.run, match)} ${ownReferenceChip(session, run)}
    ${run.hasOtherSamples ? html`<span class="chip amber" title="This run was asked about other samples than the first one" data-testid="other-samples">other samples</span>` : nothing}
    ${
      shown.status === "ready" && areOfOtherSamples(shown.confusion, shown.reference)
        ? html`<span class="chip amber" title="What it is compared with was of other samples: the difference is of both" data-testid="other-reference"
            >compared with other samples</span
          >`
        : nothing
    }
    ${view.runs.length > 1 ? scoreChips(run, view) : nothing}
    ${isOther ? html`<span class="chip">${samples}</span>` : nothing} ${notes.map(noteChip)}
    ${missingChip(session, run)}
  </div>`;
}

// Nothing is told of pictures that may still come.
function missingChip(
  { confusions: { pictures } }: Session,
  { run, pictures: entry, shown }: ConfusionRun,
): unknown {
  if (entry === null || shown.status !== "ready") return nothing;
  const found = missingPictures(pictures, run.run, entry, shown.confusion);
  if (found === null) return nothing;
  const { logged, steps } = entry.series;
  const why = {
    unread: "a record of pictures could not be read",
    sampled: `TensorBoard kept ${steps.length} of ${logged} records of pictures: start it with --samples_per_plugin=nnviz=0 to have all`,
    "not-logged": "they were not logged: a run has room for so many pictures only",
  }[found.why];
  const text = `${found.missing} of ${found.count} pictures missing`;
  return html`<span class="chip amber" data-testid="missing-pictures" title=${why}>${text}: ${why}</span>`;
}

function scoreChips({ shown }: ConfusionRun, { weighted }: ConfusionView): unknown {
  if (shown.status !== "ready") return nothing;
  const { confusion, reference } = shown;
  const undecided = undecidedText(confusion.header);
  const { task, classNames } = confusion.header;
  const isOfTwo = task !== "multi_label" && classNames.length === 2;
  return html`${scoresOf(confusion, weighted).map(([name, score], place) => {
    const before = reference === null ? undefined : scoresOf(reference, weighted)[place]?.[1];
    const change = before === undefined ? "" : ` (${pointsText(changeOf(score, before))})`;
    const of =
      place > 0 && isOfTwo ? `Of ${classNames[1]}, the second of the two classes` : nothing;
    return html`<span class="chip firm" title=${of} data-testid=${name.split(" ").at(-1) ?? name}>${name} ${withPercent(score)}${change}</span>`;
  })}
    ${
      undecided === null
        ? nothing
        : html`<span class="chip amber" data-testid="undecided" title="The outputs of these are NaN: no class can be told from them, and they are in no cell">${undecided}</span>`
    }`;
}

/** Of labels over all of them, of two classes also those of the one that is looked for. */
function scoresOf(
  confusion: Confusion,
  weighted: boolean,
): readonly (readonly [name: string, score: number])[] {
  const { task, classNames } = confusion.header;
  if (task === "multi_label") {
    const micro = microScores(labelScores(confusion, weighted));
    return [["label accuracy", labelAccuracy(micro)], ...threeScores(micro)];
  }
  const accuracy = ["accuracy", accuracyOf(matrixOf(confusion, weighted))] as const;
  return classNames.length === 2
    ? [accuracy, ...threeScores(binaryScores(confusion, weighted))]
    : [accuracy];
}

function threeScores({
  precision,
  recall,
  f1,
}: LabelScores): readonly (readonly [string, number])[] {
  return [
    ["precision", precision],
    ["recall", recall],
    ["F1", f1],
  ];
}
