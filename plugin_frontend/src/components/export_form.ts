/**
 * The content of the export dialog: what, as what, of which steps; the file's name and size; progress, a way to call it
 * off, and what went wrong. Must not know how files are written.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import {
  chosenPoints,
  EXPORT_FACTORS,
  EXPORT_FORMATS,
  type ExportChoice,
  type ExportFormat,
  fileName,
  stepsOfFormat,
} from "../model/export_choice.js";
import { tagPath } from "../model/facts.js";
import { type Slot, sectionsOf } from "../model/sections.js";
import type { Session } from "../state/session.js";
import { choiceStyles } from "./choices.js";
import { controls } from "./controls.js";
import { exportFormStyles } from "./export_form_styles.js";
import { WRITERS } from "./export_formats.js";
import { type ExportedFile, type ExportPlan, pointText, runExport, runsOf } from "./export_job.js";
import { panelsOfAllViews } from "./export_offline.js";
import { bytesText } from "./export_words.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

type Outcome =
  | { readonly status: "none" }
  | { readonly status: "running"; readonly done: number; readonly of: number }
  | {
      readonly status: "saved";
      readonly name: string;
      readonly bytes: number;
      readonly lacking: readonly string[];
    }
  | { readonly status: "failed"; readonly message: string };

/** The last choice of this visit: the next export is often like it. */
let remembered: ExportChoice = {
  format: "png",
  scope: "panel",
  steps: "this",
  from: 0,
  to: 0,
  factor: 2,
};

interface Option<T> {
  readonly value: T;
  readonly label: string;
  /** Why it cannot be chosen. */
  readonly refusal?: string | null;
}

export class NnvizExportForm extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    tag: { attribute: false },
    onClose: { attribute: false },
    choice: { state: true },
    outcome: { state: true },
  };

  static override readonly styles = [shared, controls, choiceStyles, exportFormStyles];

  declare session: Session;
  /** Of the panel that the dialog was opened for. */
  declare tag: string | null;
  declare onClose: () => void;
  declare choice: ExportChoice;
  declare outcome: Outcome;
  #abort: AbortController | null = null;

  constructor() {
    super();
    this.choice = remembered;
    this.outcome = { status: "none" };
    new Watcher(this, () => [this.session.state, this.session.records.changes]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { points } = this.session.derived;
    const last = Math.max(0, points.length - 1);
    this.choice = {
      ...remembered,
      // All views are of all steps: to be chosen anew.
      scope: this.tag === null || remembered.scope === "all" ? "view" : remembered.scope,
      steps: points.length < 2 ? "this" : stepsOfFormat(remembered.format),
      from: 0,
      to: last,
    };
  }

  // Closing calls off what is under way.
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  get #slots(): readonly Slot[] {
    const { groups } = this.session.derived;
    const { layersPerPlot } = this.session.state.value.histogramDisplay;
    return sectionsOf(groups, layersPerPlot).flatMap(({ slots }) => slots);
  }

  get #plan(): ExportPlan {
    return this.#planOf(this.choice);
  }

  #planOf(choice: ExportChoice): ExportPlan {
    const { session } = this;
    const all = this.#slots;
    const { points, pointIndex } = session.derived;
    const slots = choice.scope === "panel" ? this.#meantAmong(all) : all;
    const indices = chosenPoints(choice, points.length, pointIndex);
    return { session, choice, slots, points: indices.flatMap((index) => points[index] ?? []) };
  }

  // A tile in the large has the tag of its record, which may be one of several in a card.
  #meantAmong(all: readonly Slot[]): readonly Slot[] {
    const holds = ({ panels }: Slot): boolean =>
      panels.some(({ members }) => members.some(({ entry }) => entry.tag === this.tag));
    const found = all.find(({ tag }) => tag === this.tag) ?? all.find(holds);
    return found === undefined ? [] : [found];
  }

  protected override render(): TemplateResult {
    const plan = this.#plan;
    const { choice, outcome } = this;
    const writer = WRITERS[choice.format];
    const refusal = this.#refusal(choice.format);
    const isRunning = outcome.status === "running";
    const size = refusal === null ? writer.size(plan) : null;
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        if (!isRunning && refusal === null && !size?.isTooLarge) void this.#run();
      }}
    >
      <header>
        <h2>Export</h2>
        <button type="button" class="icon" aria-label="Close" title="Close  ( Esc )" @click=${this.onClose}>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3.5 3.5l9 9m0-9l-9 9" /></svg>
        </button>
      </header>
      <fieldset ?disabled=${isRunning}>
        ${this.#scope()} ${this.#formats()}
        <p class="about" data-testid="export-about">${refusal ?? writer.about(plan)}</p>
        ${this.#steps()} ${writer.hasFactor ? this.#factor() : nothing}
      </fieldset>
      ${this.#file(plan, size)} ${this.#outcome()}
      <footer>
        ${
          isRunning
            ? html`<button type="button" class="button" data-testid="export-cancel" @click=${() => this.#abort?.abort()}>
                Cancel
              </button>`
            : nothing
        }
        <button
          class="button primary"
          data-testid="export-start"
          ?disabled=${isRunning || refusal !== null || size?.isTooLarge}
        >
          Export
        </button>
      </footer>
    </form>`;
  }

  #scope(): TemplateResult {
    const { view, views } = this.session.derived;
    const count = this.#slots.length;
    const options: Option<ExportChoice["scope"]>[] = [
      {
        value: "panel",
        label: this.tag === null ? "this panel" : tagPath(this.tag),
        refusal: this.tag === null ? "No panel is in sight" : null,
      },
      { value: "view", label: `all of ${view.replaceAll("_", " ")} (${count})` },
    ];
    const isHtml = this.choice.format === "html";
    if (views.size > 1)
      options.push({
        value: "all",
        label: `all ${views.size} views`,
        refusal: isHtml ? null : "Several views are exported as HTML only",
      });
    return this.#segments("export-scope", "What", options, this.choice.scope, (scope) =>
      // Other views have steps that this one's timeline may lack.
      this.#choose({ scope, ...(scope === "all" ? { steps: "all" } : {}) }),
    );
  }

  #formats(): TemplateResult {
    const options = EXPORT_FORMATS.map((format) => ({
      value: format,
      label: WRITERS[format].name,
      refusal: this.#refusal(format),
    }));
    return this.#segments("export-format", "As", options, this.choice.format, (format) =>
      this.#choose({
        format,
        ...(format !== "html" && this.choice.scope === "all" ? { scope: "view" } : {}),
        steps: this.session.derived.points.length < 2 ? "this" : stepsOfFormat(format),
        factor: format === "gif" ? 1 : 2,
      }),
    );
  }

  #steps(): TemplateResult {
    const { derived } = this.session;
    const { points, point } = derived;
    const shown = point === null ? "shown" : pointText(point, derived);
    const isAll = this.choice.scope === "all";
    const only = points.length < 2 && !isAll ? "There is one step only" : null;
    const options: Option<ExportChoice["steps"]>[] = [
      { value: "this", label: shown },
      { value: "all", label: isAll ? "all" : `all ${points.length}`, refusal: only },
      { value: "range", label: "from … to", refusal: only },
    ];
    const { choice } = this;
    return html`${this.#segments("export-steps", "Steps", options, choice.steps, (steps) => this.#choose({ steps }))}
    ${
      choice.steps === "range"
        ? html`<div class="row">
            <span></span>
            <div class="range">
              ${this.#end("from", "First step")} <span>to</span> ${this.#end("to", "Last step")}
            </div>
          </div>`
        : nothing
    }`;
  }

  #end(end: "from" | "to", name: string): TemplateResult {
    const { derived } = this.session;
    const at = this.choice[end];
    return html`<select
      aria-label=${name}
      data-testid=${`export-${end}`}
      @change=${(event: Event) => this.#choose({ [end]: Number((event.target as HTMLSelectElement).value) })}
    >
      ${derived.points.map(
        (point, index) =>
          html`<option value=${index} ?selected=${index === at}>${pointText(point, derived)}</option>`,
      )}
    </select>`;
  }

  #factor(): TemplateResult {
    const options = EXPORT_FACTORS.map((value) => ({ value, label: `${value}×` }));
    return this.#segments("export-factor", "Size", options, this.choice.factor, (factor) =>
      this.#choose({ factor }),
    );
  }

  #file(
    plan: ExportPlan,
    size: { readonly text: string; readonly isLarge: boolean } | null,
  ): TemplateResult {
    return html`<div class="row file">
      <span>File</span>
      <span>
        <span class="mono name" data-testid="export-name">${this.#name(plan, this.choice.format)}</span>
        ${
          size === null || size.text === ""
            ? nothing
            : html`<span class=${size.isLarge ? "size large" : "size"} data-testid="export-size">${size.text}</span>`
        }
      </span>
    </div>`;
  }

  #outcome(): TemplateResult | typeof nothing {
    const { outcome } = this;
    switch (outcome.status) {
      case "none":
        return html`<div class="outcome" role="status"></div>`;
      case "running": {
        const { done, of } = outcome;
        const hidden = this.session.state.value.tabVisible
          ? ""
          : " · waits while the tab is hidden";
        return html`<div class="outcome" role="status">
          <progress aria-label="Export" max=${of} value=${done}></progress>
          <span data-testid="export-progress">${done} of ${of}${hidden}</span>
        </div>`;
      }
      case "saved":
        return html`<div class="outcome" role="status" data-testid="export-saved">
          Saved ${outcome.name}, ${bytesText(outcome.bytes)}
        </div>
        ${
          outcome.lacking.length === 0
            ? nothing
            : html`<ul class="lacking" role="alert" tabindex="0" data-testid="export-lacking">
          ${outcome.lacking.map((text) => html`<li>Not in it: ${text}</li>`)}
        </ul>`
        }`;
      case "failed":
        return html`<div class="outcome failed" role="alert" data-testid="export-error">${outcome.message}</div>`;
    }
  }

  #segments<T extends string | number>(
    id: string,
    name: string,
    options: readonly Option<T>[],
    chosen: T,
    choose: (value: T) => void,
  ): TemplateResult {
    return html`<div class="row">
      <span id=${`${id}-name`}>${name}</span>
      <div class="segments" role="group" aria-labelledby=${`${id}-name`} data-testid=${id}>
        ${options.map(
          ({ value, label, refusal = null }) => html`<button
            type="button"
            class="ellipsis"
            aria-pressed=${value === chosen}
            aria-disabled=${refusal !== null}
            data-value=${value}
            title=${refusal ?? label}
            @click=${() => refusal === null && choose(value)}
          >
            ${label}
          </button>`,
        )}
      </div>
    </div>`;
  }

  #refusal(format: ExportFormat): string | null {
    const plan = this.#planOf({ ...this.choice, format });
    if (plan.slots.length === 0) return "There is nothing to export: no panel is shown";
    return WRITERS[format].refusal(plan);
  }

  #choose(change: Partial<ExportChoice>): void {
    this.choice = { ...this.choice, ...change };
    remembered = this.choice;
    this.outcome = { status: "none" };
  }

  #name(plan: ExportPlan, extension: string): string {
    const { derived } = this.session;
    const isAll = plan.choice.scope === "all";
    const panels = isAll ? panelsOfAllViews(this.session) : plan.slots;
    return fileName({
      view: isAll ? "all views" : derived.view,
      tags: panels.map(({ tag }) => tag),
      runs: (isAll ? derived.runs : runsOf(plan)).map(({ name }) => name),
      moments: plan.points.map((point) => pointText(point, derived)),
      extension,
    });
  }

  async #run(): Promise<void> {
    const plan = this.#plan;
    const abort = new AbortController();
    this.#abort = abort;
    this.outcome = { status: "running", done: 0, of: 1 };
    try {
      const file = await runExport(WRITERS[plan.choice.format], plan, abort.signal, (done, of) => {
        this.outcome = { status: "running", done, of };
      });
      this.outcome = this.#save(file, this.#name(plan, file.extension));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.outcome = abort.signal.aborted ? { status: "none" } : { status: "failed", message };
    }
  }

  #save({ blob, lacking }: ExportedFile, name: string): Outcome {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    // The browser reads it in its own time.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return { status: "saved", name, bytes: blob.size, lacking };
  }
}
