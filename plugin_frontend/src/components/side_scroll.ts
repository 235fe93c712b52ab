/**
 * Scrolls the panels sideways, all at once: keeps the column at the left edge where the session says, reports where the
 * user scrolls to, and which columns are in sight. Knows columns by their runs; must not know what is drawn in them.
 */
import {
  type Columns,
  columnBounds,
  columnLeft,
  columnsBetween,
  layoutColumns,
} from "../model/columns.js";
import type { ColumnPlace } from "../model/link.js";
import type { RunEntry } from "../model/parse_index.js";
import type { Session } from "../state/session.js";

/** Columns this far outside are drawn, so that scrolling finds them there. In CSS pixels. */
const NEARLY_IN_SIGHT = 160;

export class SideScroll {
  readonly #area: HTMLElement;
  readonly #session: () => Session;
  /** Left of the first column, in CSS pixels. */
  readonly #inset: number;
  #columns: Columns = layoutColumns(0, 0);
  #runs: readonly RunEntry[] = [];
  #width = 0;
  /** Where the area was at the last event: scrolling down tells of itself too, and is no other place. */
  #left = 0;
  #place: ColumnPlace | null = null;
  #reported: ColumnPlace | null = null;

  constructor(area: HTMLElement, session: () => Session, inset: number) {
    this.#area = area;
    this.#session = session;
    this.#inset = inset;
    area.addEventListener("scroll", this.#onScroll, { passive: true });
  }

  /** The columns of the view in panels that are `width` wide inside. */
  columnsIn(width: number): Columns {
    const { runs, kind } = this.#session().derived.columns;
    return layoutColumns(width, runs.length, columnBounds(kind));
  }

  /** Goes to where the session has been put by a link. */
  follow(): void {
    if (this.#session().left.value !== this.#reported) this.go();
  }

  /** Goes there, even where it is there as far as is known: that it was scrolled may be yet to be told. */
  go(): void {
    const place = this.#session().left.value;
    this.#reported = place;
    this.#place = place;
    this.#goTo();
  }

  /** To be called when what stands in the area may have changed; other columns keep the place. */
  settle(width: number): void {
    // A hidden tab has no width, and forgets where it was scrolled to.
    const isHidden = this.#area.clientWidth === 0;
    const { runs } = this.#session().derived.columns;
    const columns = this.columnsIn(width);
    const isSame =
      runs === this.#runs && columns.width === this.#columns.width && width === this.#width;
    this.#runs = runs;
    this.#columns = columns;
    this.#width = isHidden ? 0 : width;
    if (isHidden || isSame) return;
    this.#goTo();
    this.#look();
  }

  /** Brings the next or the previous column to the left edge; returns its run. */
  move(offset: 1 | -1, from: string | undefined): RunEntry | undefined {
    const focused = this.#runs.findIndex(({ run }) => run === from);
    const { index, beyond } = this.#at();
    const next =
      focused >= 0 ? focused + offset : offset > 0 ? index + 1 : index - (beyond > 0 ? 0 : 1);
    const run = this.#runs[Math.max(0, Math.min(this.#runs.length - 1, next))];
    if (run === undefined) return run;
    this.#session().left.set(run === this.#runs[0] ? null : { run: run.run, offset: 0 });
    return run;
  }

  #goTo(): void {
    const place = this.#place;
    const index = this.#runs.findIndex(({ run }) => run === place?.run);
    if (place === null) this.#area.scrollLeft = 0;
    else if (index >= 0) this.#area.scrollLeft = columnLeft(this.#columns, index) + place.offset;
  }

  #at(): { readonly index: number; readonly beyond: number } {
    const { scrollLeft } = this.#area;
    const pitch = columnLeft(this.#columns, 1);
    const index = Math.max(0, Math.floor(scrollLeft / pitch));
    return { index, beyond: Math.round(scrollLeft - index * pitch) };
  }

  #look(): void {
    // Before there are any columns nothing is known of those in sight.
    if (this.#runs.length === 0) return;
    const { clientWidth, scrollLeft } = this.#area;
    const left = scrollLeft - this.#inset;
    const [start, end] = columnsBetween(
      this.#columns,
      left - NEARLY_IN_SIGHT,
      left + clientWidth + NEARLY_IN_SIGHT,
    );
    const now = this.#runs.slice(start, end).map(({ run }) => run);
    const before = this.#session().state.value.columnsInSight;
    const isSame = before?.size === now.length && now.every((run) => before.has(run));
    if (!isSame) this.#session().setColumnsInSight(new Set(now));
  }

  readonly #onScroll = (): void => {
    const { clientWidth, scrollLeft } = this.#area;
    if (clientWidth === 0 || this.#runs.length < 2 || scrollLeft === this.#left) return;
    this.#left = scrollLeft;
    this.#look();
    const { index, beyond } = this.#at();
    const run = this.#runs[index]?.run;
    const place = scrollLeft <= 0 || run === undefined ? null : { run, offset: beyond };
    if (place?.run === this.#place?.run && place?.offset === this.#place?.offset) return;
    this.#place = place;
    this.#reported = place;
    this.#session().left.set(place);
  };
}
