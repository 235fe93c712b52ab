/**
 * What a panel says of itself beside its grids: its name and facts, what is to be known of its values, its scale.
 * Templates of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { panelFacts, panelTitle, tagPath } from "../model/facts.js";
import { formatCount, formatRange, formatWhole } from "../model/format.js";
import type { RunEntry } from "../model/parse_index.js";
import type { Source } from "../model/record.js";
import { isEmpty, isScalar } from "../model/tiles.js";
import { differenceWords } from "../state/change_words.js";
import type { PanelView } from "../state/panel_view.js";
import { isOwnReference } from "../state/references.js";
import type { Session } from "../state/session.js";
import { activityChips, commonActivity, deadShown } from "./activity_chips.js";
import { changeText } from "./comparison_words.js";
import { noteChip } from "./note_chips.js";
import { orderChips } from "./order_chips.js";
import {
  commonDead,
  commonNonFinite,
  type Dead,
  deadChips,
  nonFiniteChip,
  remarkChips,
} from "./panel_column.js";

export interface PanelContext {
  readonly session: Session;
  readonly tag: string;
  readonly view: PanelView;
}

export function foldButton(name: string, isOpen: boolean, onFold: () => void): TemplateResult {
  return html`<button
    class="fold"
    aria-expanded=${isOpen}
    aria-label=${`${isOpen ? "Fold" : "Unfold"} ${name}`}
    @click=${onFold}
  >
    <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 2.5 8 6 4 9.5" /></svg>
  </button>`;
}

/** The name, with the whole path for those who point at it or hear it. */
export function panelHeading(
  title: string,
  whole: string,
  source: Source | null,
): TemplateResult | typeof nothing {
  return source?.layerPath === null || source === null
    ? html`<h2 class="mono ellipsis" title=${whole}>${title}</h2>`
    : html`<h3 class="mono ellipsis" title=${whole}>${title}</h3>`;
}

/** Of a panel that is shown alone, without the heading of its layer above it. `name`: of the stop. */
export function titleAndFactsAlone(name: string, { tag, view }: PanelContext): TemplateResult {
  const { layerType = null, layerIndex = null } = view.source ?? {};
  const facts = [
    ...(layerType === null ? [] : [layerType]),
    ...(layerIndex === null ? [] : [`layer ${layerIndex}`]),
    ...panelFacts(view.source, view.loaded[0]?.header ?? null),
  ].join(" · ");
  return html`${panelHeading(name, tag, null)}
    <span class="facts ellipsis" title=${facts}>${facts}</span>`;
}

export function titleAndFacts({ tag, view }: PanelContext): TemplateResult {
  const facts = panelFacts(view.source, view.loaded[0]?.header ?? null).join(" · ");
  return html`${panelHeading(panelTitle(tag, view.source), tag, view.source)}
    <span class="facts ellipsis" title=${facts}>${facts}</span>`;
}

export function panelFoldButton({ session, tag }: PanelContext, isOpen: boolean): TemplateResult {
  return foldButton(tagPath(tag), isOpen, () => session.folding.toggleCollapsed(tag));
}

/** Of runs whose columns the others of the panel take: why they have none. */
export function coveredRuns({ view }: PanelContext, covered: readonly RunEntry[]): unknown {
  const isShared = (run: RunEntry): boolean =>
    view.columns.some(({ sharedBy }) => sharedBy.includes(run));
  const told = (runs: readonly RunEntry[], what: string): TemplateResult | typeof nothing => {
    if (runs.length === 0) return nothing;
    const names = runs.map(({ name }) => name).join(", ");
    const short = runs.length === 1 ? names : formatCount(runs.length, "run");
    return html`<span class="facts ellipsis" data-testid="covered" title=${`${what} ${names}`}
      >${what} ${short}</span
    >`;
  };
  return html`${told(covered.filter(isShared), "the same in")}
  ${told(
    covered.filter((run) => !isShared(run)),
    "not logged in",
  )}`;
}

// How many are hidden as dead, the chip of what is hidden says.
function deadInSight(view: PanelView): Dead {
  const { dead = 0, constant = 0 } = commonDead(view) ?? {};
  return dead - constant === view.order.hidden ? { dead: constant, constant } : { dead, constant };
}

/** What is to be known of the values besides their scale. */
export function remarks(context: PanelContext): TemplateResult {
  const { view } = context;
  const facts = panelFacts(view.source, view.loaded[0]?.header ?? null);
  const omitted = view.remarks.omitted.filter((text) => !facts.includes(text));
  const activity = commonActivity(view);
  return html`${remarkChips({ ...view.remarks, omitted })}
  ${barsChips(view)} ${activity === null ? nothing : activityChips(activity)} ${deadChips(deadInSight(view))} ${nonFinite(view)}
  ${change(context)} ${orderChips(context)}`;
}

// What the bars below the tiles are, and how long.
function barsChips({ classBars, loaded, remarks }: PanelView): TemplateResult | typeof nothing {
  if (classBars === null || classBars.sorted === null || loaded.length === 0) return nothing;
  const { classes, scale, sort, notes } = classBars;
  const { shown, count } = classes;
  const end = formatRange({ lo: -scale, hi: scale });
  const name = shown.find(({ index }) => index === sort?.classIndex)?.name;
  return html`<span
      class="chip bars-scale"
      data-testid="bars-scale"
      data-scale=${scale}
      title="The weight of each class onto the unit above: to the left below zero, to the right above; one scale for all units and runs"
      ><span class="bar negative"></span><span class="bar positive"></span> class weights ${end}</span
    >
    ${notes.filter((note) => !remarks.notes.includes(note)).map(noteChip)}
    ${
      shown.length === count
        ? nothing
        : html`<span class="chip" title="Those that weigh most on any unit">${shown.length} of ${formatWhole(count)} classes</span>`
    }
    ${
      name === undefined || sort === null
        ? nothing
        : html`<span class="chip" data-testid="class-sort">sorted by ${name} ${sort.isDescending ? "↓" : "↑"}</span>`
    }`;
}

function change({ session, view }: PanelContext): TemplateResult | typeof nothing {
  if (view.display.show === "value" || view.loaded.length === 0) return nothing;
  const text =
    view.display.show === "difference"
      ? differenceWords(session.state.value, session.derived, minuends(view), view.since)
      : changeText(session, view.since);
  return html`<span class="chip" data-testid="change" title=${text}>${text}</span>`;
}

// What is compared with itself is no difference to speak of.
function minuends({ columns }: PanelView): readonly RunEntry[] {
  return columns.flatMap(({ run, entry, match, found }) =>
    found?.status !== "found" || match.match === "none" || isOwnReference(found, entry, match.index)
      ? []
      : [run],
  );
}

/** The scale; numbers alone need no colours. */
export function legend({ session, view }: PanelContext): TemplateResult | typeof nothing {
  const { colouring, loaded } = view;
  if (colouring === null || loaded.every((tiles) => isScalar(tiles) || isEmpty(tiles)))
    return nothing;
  return html`<nnviz-legend
    .colouring=${colouring}
    .range=${view.shared}
    .scale=${view.display.scale}
    .show=${view.display.show}
    .sharedOver=${view.sharedOver}
    .scaleProgress=${view.scaleProgress}
    .counts=${view.counts}
    .dead=${deadShown(view)}
    .theme=${session.state.value.theme}
  ></nnviz-legend>`;
}

// Counts of several runs stand beside facts of one: what is not the same in each, its own caption says.
function nonFinite(view: PanelView): TemplateResult | typeof nothing {
  const common = commonNonFinite(view);
  const runs = view.loaded.length;
  if (common === null) return nothing;
  return nonFiniteChip(common, runs > 1 ? ` in each of ${runs} runs` : "");
}
