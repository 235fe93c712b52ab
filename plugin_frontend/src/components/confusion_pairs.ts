/** Which classes are taken for which most often, as a list to pick from. Templates of one moment; must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { changeOf, countAt, type Matrix, shareAt } from "../model/confusion_counts.js";
import type { CellPlace } from "../model/confusion_moves.js";
import { confusedPairs } from "../model/confusion_pairs.js";
import { numberText, pairText, pointsText, withPercent } from "../model/confusion_words.js";
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

export function pairsTemplate(context: PairsContext): TemplateResult | typeof nothing {
  const { matrix, isUnfolded, unfold } = context;
  const pairs = confusedPairs(matrix);
  // Of two classes the matrix itself says it.
  if (pairs.length === 0 || matrix.size < 3) return nothing;
  const shown = pairs.slice(0, isUnfolded ? MANY : FEW);
  const most = pairs[0]?.count ?? 1;
  const letters = shown.map(
    ({ row, column }) => [...textOf(matrix, row, column, context.letters)].length,
  );
  const style = { "--names": `${Math.max(...letters) + 2}ch` };
  return html`<section class="pairs" data-testid="pairs" data-run=${context.runName}>
    <h3 class="section-title">
      <span class="mono">most confused</span>
      <span class="facts">true → predicted</span>
      ${
        pairs.length > FEW
          ? html`<button class="link" aria-expanded=${isUnfolded} @click=${unfold}>
              ${isUnfolded ? "show fewer" : `show ${Math.min(MANY, pairs.length)} of ${numberText(pairs.length)}`}
            </button>`
          : nothing
      }
    </h3>
    <div class="pair-list" style=${styleMap(style)}>${shown.map((pair) => pairRow(context, pair.row, pair.column, most))}</div>
  </section>`;
}

function pairRow(
  { matrix, reference, pinned, letters, look, pick }: PairsContext,
  row: number,
  column: number,
  most: number,
): TemplateResult {
  const count = countAt(matrix, row, column);
  const share = shareAt(matrix, row, column);
  const isPinned = pinned?.row === row && pinned.column === column;
  const change =
    reference === null ? null : pointsText(changeOf(share, shareAt(reference, row, column)));
  return html`<button
    class="pair"
    aria-pressed=${isPinned}
    data-testid="pair"
    data-row=${row}
    data-column=${column}
    title=${`${withPercent(share)} of true ${matrix.names[row]} are taken for ${matrix.names[column]}`}
    @pointerenter=${() => look({ row, column })}
    @pointerleave=${() => look(null)}
    @focus=${() => look({ row, column })}
    @blur=${() => look(null)}
    @click=${() => pick({ row, column })}
  >
    <span class="ellipsis">${textOf(matrix, row, column, letters)}</span>
    <span class="bar"><span style=${styleMap({ width: `${(100 * count) / most}%` })}></span></span>
    <span class="number">${numberText(count)}</span>
    <span class="number">${withPercent(share)}</span>
    ${change === null ? nothing : html`<span class="number">${change} pp</span>`}
  </button>`;
}

function textOf({ names }: Matrix, row: number, column: number, letters: number): string {
  return pairText(...cutBoth(names[row] ?? "", names[column] ?? "", letters));
}
