/**
 * Which classes are taken for which most often, or more and less often than in what they are compared with, as lists to
 * pick from. Templates of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Matrix } from "../model/confusion_counts.js";
import type { CellPlace } from "../model/confusion_moves.js";
import {
  type ChangedPair,
  type ConfusedPair,
  changedPairs,
  confusedPairs,
} from "../model/confusion_pairs.js";
import {
  moreText,
  numberText,
  pairText,
  pointsText,
  signedNumber,
  withPercent,
} from "../model/confusion_words.js";
import { cutBoth } from "../model/cut_text.js";

export interface PairsContext {
  readonly runName: string;
  readonly matrix: Matrix;
  readonly reference: Matrix | null;
  readonly pinned: CellPlace | null;
  readonly isUnfolded: boolean;
  /** For which two names have room. */
  readonly letters: number;
  readonly look: (cell: CellPlace | null) => void;
  readonly pick: (cell: CellPlace) => void;
  readonly unfold: () => void;
}

const FEW = 6;
const MANY = 40;

/** The pairs that are confused most; of differences, those of which there are more mistakes, and fewer. */
export function pairsTemplate(context: PairsContext): TemplateResult | typeof nothing {
  const { matrix, reference } = context;
  // Of two classes the matrix itself says it.
  if (matrix.size < 3) return nothing;
  if (reference === null) {
    const pairs = confusedPairs(matrix);
    return pairsList(context, { name: "most confused", id: "pairs", pairs, most: pairs[0]?.count });
  }
  const { gained, lost } = changedPairs(matrix, reference);
  const size = (pair: ChangedPair | undefined): number => Math.abs(pair?.change ?? 0);
  const most = Math.max(1, size(gained[0]), size(lost[0]));
  return html`${pairsList(context, { name: "errors gained", id: "gained", pairs: gained, most })}
  ${pairsList(context, { name: "errors lost", id: "lost", pairs: lost, most })}`;
}

interface List {
  readonly name: string;
  readonly id: "pairs" | "gained" | "lost";
  readonly pairs: readonly (ConfusedPair | ChangedPair)[];
  /** What the longest bar is of. */
  readonly most: number | undefined;
}

function pairsList(
  context: PairsContext,
  { name, id, pairs, most = 1 }: List,
): TemplateResult | typeof nothing {
  const { matrix, isUnfolded, unfold } = context;
  if (pairs.length === 0) return nothing;
  const shown = pairs.slice(0, isUnfolded ? MANY : FEW);
  const letters = shown.map(
    ({ row, column }) => [...textOf(matrix, row, column, context.letters)].length,
  );
  const style = { "--names": `${Math.max(...letters) + 2}ch` };
  return html`<section class="pairs ${id}" data-testid=${id} data-run=${context.runName}>
    <h3 class="section-title">
      <span class="mono">${name}</span>
      <span class="facts">true → predicted</span>
      ${
        pairs.length > FEW
          ? html`<button class="link" aria-expanded=${isUnfolded} @click=${unfold}>
              ${isUnfolded ? "show fewer" : moreText(pairs.length, MANY, "pairs")}
            </button>`
          : nothing
      }
    </h3>
    <div class="pair-list" style=${styleMap(style)}>${shown.map((pair) => pairRow(context, pair, most))}</div>
  </section>`;
}

function pairRow(
  { matrix, pinned, letters, look, pick }: PairsContext,
  pair: ConfusedPair | ChangedPair,
  most: number,
): TemplateResult {
  const { row, column, count, share } = pair;
  const change = "change" in pair ? pair : null;
  const isPinned = pinned?.row === row && pinned.column === column;
  const of = `${withPercent(share)} of true ${matrix.names[row]} are taken for ${matrix.names[column]}`;
  const length = Math.min(100, (100 * Math.abs(change?.change ?? count)) / most);
  return html`<button
    class="pair"
    aria-pressed=${isPinned}
    data-testid="pair"
    data-row=${row}
    data-column=${column}
    title=${change === null ? of : `${numberText(count)} now: ${of}`}
    @pointerenter=${() => look({ row, column })}
    @pointerleave=${() => look(null)}
    @focus=${() => look({ row, column })}
    @blur=${() => look(null)}
    @click=${() => pick({ row, column })}
  >
    <span class="ellipsis">${textOf(matrix, row, column, letters)}</span>
    <span class="bar"><span style=${styleMap({ width: `${length}%` })}></span></span>
    <span class="number">${change === null ? numberText(count) : signedNumber(change.change)}</span>
    <span class="number">${change === null ? withPercent(share) : `${pointsText(change.changeOfShare)} pp`}</span>
  </button>`;
}

function textOf({ names }: Matrix, row: number, column: number, letters: number): string {
  return pairText(...cutBoth(names[row] ?? "", names[column] ?? "", letters));
}
