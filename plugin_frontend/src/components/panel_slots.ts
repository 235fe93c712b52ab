/**
 * The panels of a view below the headings of their layers, each in its slot: the panel where it is near what is in sight,
 * else a card of its height. Must not know what is near, nor what a panel shows.
 */
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { tagPath } from "../model/facts.js";
import type { Section, Slot } from "../model/sections.js";
import type { Session } from "../state/session.js";
import { layerHeading } from "./layer_heading.js";
import { isLowSlot, panelOfKind, reservedHeight, slotTitle } from "./panel_of_kind.js";

/** Of a slot whose panel is there: the height of the card that it had before. */
const RESERVED = "--reserved-height";

/** What slots are drawn from. */
export interface SlotsView {
  readonly session: Session;
  /** Tags of the panels that are there. */
  readonly rendered: ReadonlySet<string>;
  /** Inner width of a panel; 0 until it has been measured. */
  readonly width: number;
  /** Of panels that have been there, by tag. */
  readonly heights: ReadonlyMap<string, number>;
}

export function sectionsTemplate(sections: readonly Section[], view: SlotsView): unknown {
  return repeat(
    sections,
    (section) => section.layer?.key ?? section.slots[0]?.tag,
    (section) => guard(readsOf(section, view), () => sectionTemplate(section, view)),
  );
}

// All that the section is rendered from: while panels come and go, few of hundreds of sections are concerned.
function readsOf(section: Section, { session, rendered, width }: SlotsView): unknown[] {
  const { collapsed, histogramDisplay } = session.state.value;
  const there = section.slots.map((slot) => rendered.has(slot.tag));
  const folded = section.slots.map((slot) => collapsed.has(slot.tag));
  const isOpen = !collapsed.has(section.layer?.key ?? "");
  const { runs } = session.derived.columns;
  return [section, isOpen, ...there, ...folded, width, runs, histogramDisplay.plot];
}

function sectionTemplate({ layer, slots }: Section, view: SlotsView): TemplateResult {
  const { session, rendered } = view;
  if (layer === null)
    return html`<section class="layer">${slotsTemplate(slots, true, view)}</section>`;
  const isOpen = !session.state.value.collapsed.has(layer.key);
  const heading = layerHeading(layer, isOpen, () => session.folding.toggleCollapsed(layer.key));
  const isNear = slots.some(({ tag }) => rendered.has(tag));
  return html`<section class="layer ${isNear ? "near" : ""}" aria-label=${layer.path ?? ""}>
    ${heading} ${isOpen ? slotsTemplate(slots, false, view) : nothing}
  </section>`;
}

/** `isBare`: there is no heading above them. */
function slotsTemplate(slots: readonly Slot[], isBare: boolean, view: SlotsView): unknown {
  return repeat(
    slots,
    ({ tag }) => tag,
    (slot) => slotTemplate(slot, isBare, view),
  );
}

function slotTemplate(
  slot: Slot,
  isBare: boolean,
  { session, rendered, width, heights }: SlotsView,
): TemplateResult {
  const isRendered = rendered.has(slot.tag) && width > 0;
  const isFolded = session.state.value.collapsed.has(slot.tag);
  const height = heights.get(slot.tag) ?? reservedHeight(slot, isFolded, width, session);
  return html`<div
    class=${isLowSlot(slot) ? "slot low" : "slot"}
    tabindex="-1"
    data-testid="panel"
    data-tag=${slot.tag}
    style=${styleMap({ [isRendered ? RESERVED : "height"]: `${height}px` })}
  >
    ${
      isRendered
        ? panelOfKind(slot, session, width)
        : html`<div class="card mono">${isBare ? tagPath(slot.tag) : slotTitle(slot)}</div>`
    }
  </div>`;
}

/**
 * Until the next frame, slots whose panels have just come keep the height of their cards: these panels have yet to render
 * themselves, and who measures anything meanwhile would find the end of the page, and what it is scrolled to, higher up.
 * `before`: what had come by then.
 */
export function holdHeights(
  slots: readonly HTMLElement[],
  rendered: ReadonlySet<string>,
  before: ReadonlySet<string>,
): void {
  const come = slots.filter(({ dataset: { tag = "" } }) => rendered.has(tag) && !before.has(tag));
  if (come.length === 0) return;
  for (const { style } of come) style.minHeight = `var(${RESERVED})`;
  requestAnimationFrame(() => {
    for (const { style } of come) style.minHeight = "";
  });
}
