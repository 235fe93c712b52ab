/**
 * The content of the export dialog: what, as what, of which steps; the file's name and size; progress, a way to call it
 * off, and what went wrong. Must not know how files are written.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import {
  EXPORT_FACTORS,
  EXPORT_FORMATS,
  type ExportChoice,
  type ExportFormat,
  stepsOfFormat,
} from "../model/export_choice.js";
import { tagPath } from "../model/facts.js";
import { timelineNames } from "../state/point_names.js";
import type { Session } from "../state/session.js";
import { choiceStyles } from "./choices.js";
import { controls } from "./controls.js";
import { exportFormStyles } from "./export_form_styles.js";
import { WRITERS } from "./export_formats.js";
import { type ExportedFile, type ExportJob, type ExportPlan, runExport } from "./export_job.js";
import { type ExportOutcome, leftOutTemplate, outcomeTemplate } from "./export_outcome.js";
import { nameOf, planOf, slotsOf } from "./export_plan.js";
import { type SegmentOption, segments } from "./export_segments.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** The last choice of this visit: the next export is often like it. */
let remembered: ExportChoice = {
  format: "png",
  scope: "panel",
  steps: "this",
  from: 0,
  to: 0,
  factor: 2,
};

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
  declare outcome: ExportOutcome;
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

  #planOf(choice: ExportChoice): ExportPlan {
    return planOf(this.session, choice, this.tag);
  }

  protected override render(): TemplateResult {
    const plan = this.#planOf(this.choice);
    const { choice, outcome, session } = this;
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
        ${leftOutTemplate(refusal === null ? (writer.leftOut?.(plan) ?? []) : [])}
        ${this.#steps()} ${writer.hasFactor ? this.#factor() : nothing}
      </fieldset>
      ${this.#file(plan, size)} ${outcomeTemplate(outcome, session.state.value.tabVisible)}
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

  // What is loaded for one choice makes its size known.
  protected override updated(): void {
    const plan = this.#planOf(this.choice);
    const prepared = WRITERS[plan.choice.format].prepare?.(plan) ?? Promise.resolve(false);
    void prepared.then((isNew) => isNew && this.requestUpdate()).catch(() => undefined);
  }

  #scope(): TemplateResult {
    const { view, views } = this.session.derived;
    const count = slotsOf(this.session).length;
    const options: SegmentOption<ExportChoice["scope"]>[] = [
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
    return segments("export-scope", "What", options, this.choice.scope, (scope) =>
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
    return segments("export-format", "As", options, this.choice.format, (format) =>
      this.#choose({
        format,
        ...(format !== "html" && this.choice.scope === "all" ? { scope: "view" } : {}),
        steps: this.session.derived.points.length < 2 ? "this" : stepsOfFormat(format),
        factor: format === "gif" ? 1 : 2,
      }),
    );
  }

  #steps(): TemplateResult {
    const { derived, state } = this.session;
    const { points, pointIndex } = derived;
    const names = timelineNames(state.value, derived);
    const shown = names[pointIndex] ?? "shown";
    const isAll = this.choice.scope === "all";
    const only = points.length < 2 && !isAll ? "There is one step only" : null;
    const options: SegmentOption<ExportChoice["steps"]>[] = [
      { value: "this", label: shown },
      { value: "all", label: isAll ? "all" : `all ${points.length}`, refusal: only },
      { value: "range", label: "from … to", refusal: only },
    ];
    const { choice } = this;
    return html`${segments("export-steps", "Steps", options, choice.steps, (steps) => this.#choose({ steps }))}
    ${
      choice.steps === "range"
        ? html`<div class="row">
            <span></span>
            <div class="range">
              ${this.#end("from", "First step", names)} <span>to</span> ${this.#end("to", "Last step", names)}
            </div>
          </div>`
        : nothing
    }`;
  }

  #end(end: "from" | "to", name: string, names: readonly string[]): TemplateResult {
    const at = this.choice[end];
    return html`<select
      aria-label=${name}
      data-testid=${`export-${end}`}
      @change=${(event: Event) => this.#choose({ [end]: Number((event.target as HTMLSelectElement).value) })}
    >
      ${names.map((text, index) => html`<option value=${index} ?selected=${index === at}>${text}</option>`)}
    </select>`;
  }

  #factor(): TemplateResult {
    const options = EXPORT_FACTORS.map((value) => ({ value, label: `${value}×` }));
    return segments("export-factor", "Size", options, this.choice.factor, (factor) =>
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
        <span class="mono name" data-testid="export-name">${nameOf(plan, WRITERS[this.choice.format].extension(plan))}</span>
        ${
          size === null || size.text === ""
            ? nothing
            : html`<span class=${size.isLarge ? "size large" : "size"} data-testid="export-size">${size.text}</span>`
        }
      </span>
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

  async #run(): Promise<void> {
    const plan = this.#planOf(this.choice);
    const abort = new AbortController();
    this.#abort = abort;
    const tell: ExportJob["tell"] = (done, of, words = `${done} of ${of}`) => {
      this.outcome = { status: "running", done, of, words };
    };
    tell(0, 1, "…");
    try {
      const file = await runExport(WRITERS[plan.choice.format], plan, abort.signal, tell);
      this.outcome = this.#save(file, nameOf(plan, file.extension));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.outcome = abort.signal.aborted ? { status: "none" } : { status: "failed", message };
    }
  }

  #save({ blob, lacking }: ExportedFile, name: string): ExportOutcome {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    // The browser reads it in its own time.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return { status: "saved", name, bytes: blob.size, lacking };
  }
}
