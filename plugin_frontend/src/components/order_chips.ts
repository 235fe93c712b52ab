/** In whose order the tiles of a panel stand, and how many are hidden. Templates of one moment; must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import { SORT_CHOICES } from "../model/choices.js";
import { formatWhole } from "../model/format.js";
import type { OrderView } from "../state/order_view.js";
import type { PanelContext } from "./panel_header.js";

export function orderChips(context: PanelContext): TemplateResult {
  const { order, display, columns } = context.view;
  const { sort, reversed } = display;
  const name = SORT_CHOICES.find(({ value }) => value === sort)?.label ?? "";
  return html`${
    order.problem === null
      ? givenChip(order, name, reversed, columns.length)
      : html`<span
          class="chip amber"
          data-testid="order-problem"
          title=${`Not sorted by ${name}: ${order.problem}`}
          >not sorted by ${name}: ${order.problem}</span
        >`
  }
  ${hiddenChip(context)}`;
}

function givenChip(
  { given }: OrderView,
  name: string,
  reversed: boolean,
  runs: number,
): TemplateResult | typeof nothing {
  if (given === null) return nothing;
  const { run, chosen } = given;
  const what =
    chosen === null
      ? `${name.startsWith("dead") ? "" : "by "}${name} ${reversed ? "↑" : "↓"}`
      : `by similarity to ${chosen.text} of ${chosen.run.name} ${reversed ? "↑" : "↓"}`;
  const whose = runs > 1 && chosen?.run.run !== run.run ? ` · order of ${run.name}` : "";
  const title = `Tiles sorted ${what}${runs > 1 ? `, in all runs in the order of ${run.name}` : ""}`;
  return html`<span class="chip" data-testid="order" data-run=${run.run} title=${title}
    >sorted ${what}${whose}</span
  >`;
}

function hiddenChip({ session, view: { order } }: PanelContext): TemplateResult | typeof nothing {
  if (order.hidden === 0) return nothing;
  return html`<button
    class="chip"
    data-testid="hidden-dead"
    data-count=${order.hidden}
    title="All zeros in every run shown. Click to show them again"
    @click=${() => session.setDisplay({ hideDead: false })}
  >
    ${formatWhole(order.hidden)} dead hidden · show
  </button>`;
}
