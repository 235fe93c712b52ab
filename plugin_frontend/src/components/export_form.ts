/**
 * The content of the export dialog: what, as what, of which steps; the file's name and size; progress, a way to call it
 * off, and what went wrong. Must not know how files are written.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import {
  EXPORT_FACTORS,
  EXPORT_FORMATS,
  type ExportChoice,
  type ExportScope,
  scopeOfFormat,
  scopeOnOpening,
  stepsOfFormat,
} from "../model/export_choice.js";
import { tagPath } from "../model/facts.js";
import { timelineNames } from "../state/point_names.js";
import type { Session } from "../state/session.js";
import { choiceStyles } from "./choices.js";
import { controls } from "./controls.js";
import type { ExportWish } from "./export.js";
import { exportFormStyles } from "./export_form_styles.js";
import { WRITERS } from "./export_formats.js";
import { type ExportJob, runExport } from "./export_job.js";
import {
  type ExportOutcome,
  fileTemplate,
  leftOutTemplate,
  outcomeTemplate,
} from "./export_outcome.js";
import { chosenAnew, nameOf, slotsOf, timelineOf } from "./export_plan.js";
import { type SegmentOption, segments } from "./export_segments.js";
import { type Told, toldOf } from "./export_told.js";
import { saveFile } from "./save_file.js";
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
/** Of it, the scope that was chosen by hand. */
let rememberedScope: ExportScope | null = null;

export class NnvizExportForm extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    wish: { attribute: false },
    onClose: { attribute: false },
    choice: { state: true },
    outcome: { state: true },
  };

  static override readonly styles = [shared, controls, choiceStyles, exportFormStyles];

  declare session: Session;
  declare wish: ExportWish;
  declare onClose: () => void;
  declare choice: ExportChoice;
  declare outcome: ExportOutcome;
  #abort: AbortController | null = null;
  /** Ends as an export begins, which needs the same records. */
  #weighing = new AbortController();
  /** Of the choice, as it was told last. */
  #told: Told | null = null;
  #chosenScope: ExportScope | null = null;

  constructor() {
    super();
    this.choice = remembered;
    this.outcome = { status: "none" };
    new Watcher(
      this,
      () => [
        this.session.state,
        this.session.records.changes,
        this.session.histograms.changes,
        this.session.confusions.records.changes,
      ],
      // What is read for an export changes nothing that is told of it.
      () => this.isRunning || this.requestUpdate(),
    );
  }

  get isRunning(): boolean {
    return this.outcome.status === "running";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#weighing = new AbortController();
    const { points } = this.session.derived;
    const last = Math.max(0, points.length - 1);
    this.#chosenScope = scopeOnOpening(rememberedScope, this.wish.isChosen);
    this.choice = {
      ...remembered,
      scope: scopeOfFormat(remembered.format, this.#chosenScope, this.wish.tag !== null),
      steps: points.length < 2 ? "this" : stepsOfFormat(remembered.format),
      from: 0,
      to: last,
    };
  }

  // Closing calls off what is under way.
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
    this.#weighing.abort();
  }

  protected override render(): TemplateResult {
    const { choice, outcome, session, isRunning } = this;
    if (!isRunning || this.#told === null) this.#told = toldOf(session, choice, this.wish.tag);
    const told = this.#told;
    const cannot = isRunning || told.size === null || told.size.isTooLarge;
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        if (!cannot) void this.#run(told);
      }}
    >
      <header>
        <h2>Export</h2>
        <button type="button" class="icon" aria-label="Close" title="Close  ( Esc )" @click=${this.onClose}>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3.5 3.5l9 9m0-9l-9 9" /></svg>
        </button>
      </header>
      <fieldset ?disabled=${isRunning}>
        ${this.#scope()} ${this.#formats(told)}
        <p class="about" data-testid="export-about">${told.about}</p>
        ${leftOutTemplate(told.leftOut)}
        ${this.#steps()} ${WRITERS[choice.format].hasFactor ? this.#factor() : nothing}
      </fieldset>
      ${fileTemplate(told, outcome.status === "saved")} ${outcomeTemplate(outcome, session.state.value.tabVisible)}
      <footer @keydown=${onlyOnce}>
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
          ?disabled=${cannot}
        >
          Export
        </button>
      </footer>
    </form>`;
  }

  protected override firstUpdated(): void {
    this.#focus(FIRST);
  }

  // What is loaded for one choice makes its size known, as a saved file is.
  protected override updated(): void {
    const isDone = this.isRunning || this.outcome.status === "saved";
    if (isDone || this.#told === null) return;
    const { plan } = this.#told;
    const { prepare } = WRITERS[plan.choice.format];
    const prepared = prepare?.(plan, this.#weighing.signal) ?? Promise.resolve(false);
    void prepared
      .then((isNew) => isNew && !this.isRunning && this.requestUpdate())
      .catch(() => undefined);
  }

  #scope(): TemplateResult {
    const { view, views } = this.session.derived;
    const { tag } = this.wish;
    const count = slotsOf(this.session).length;
    const options: SegmentOption<ExportChoice["scope"]>[] = [
      {
        value: "panel",
        label: tag === null ? "this panel" : tagPath(tag),
        refusal: tag === null ? "No panel is in sight" : null,
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
    return segments("export-scope", "What", options, this.choice.scope, (scope) => {
      this.#chosenScope = scope;
      rememberedScope = scope;
      this.#choose({ scope, ...(scope === "all" ? { steps: "all" } : {}) });
    });
  }

  #formats({ refusals }: Told): TemplateResult {
    const options = EXPORT_FORMATS.map((format) => ({
      value: format,
      label: WRITERS[format].name,
      refusal: refusals[format],
    }));
    return segments("export-format", "As", options, this.choice.format, (format) => {
      const scope = scopeOfFormat(format, this.#chosenScope, this.wish.tag !== null);
      this.#choose({
        format,
        scope,
        steps: stepsOfFormat(format),
        factor: format === "gif" ? 1 : 2,
      });
    });
  }

  #steps(): TemplateResult {
    const { derived, state } = this.session;
    const { timeline, shown } = timelineOf(this.session, this.choice.scope);
    const names = timelineNames(state.value, { ...derived, points: timeline });
    const only = timeline.length < 2 ? "There is one step only" : null;
    const options: SegmentOption<ExportChoice["steps"]>[] = [
      { value: "this", label: names[shown] ?? "shown" },
      { value: "all", label: `all ${timeline.length}`, refusal: only },
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

  #choose(change: Partial<ExportChoice>): void {
    this.choice = chosenAnew(this.session, this.choice, change);
    remembered = this.choice;
    this.outcome = { status: "none" };
  }

  async #run({ plan }: Told): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#weighing.abort();
    const tell: ExportJob["tell"] = (done, of, words = `${done} of ${of}`) => {
      this.outcome = { status: "running", done, of, words };
    };
    tell(0, 1, "…");
    await this.updateComplete;
    this.#focus(CANCEL);
    let outcome: ExportOutcome;
    try {
      const writer = WRITERS[plan.choice.format];
      const { blob, extension, lacking } = await runExport(writer, plan, abort.signal, tell);
      const name = nameOf(plan, extension);
      saveFile(blob, name);
      outcome = { status: "saved", name, bytes: blob.size, lacking };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      outcome = abort.signal.aborted ? { status: "none" } : { status: "failed", message };
    }
    const { activeElement } = this.renderRoot as ShadowRoot;
    if (this.isConnected) this.#weighing = new AbortController();
    this.outcome = outcome;
    await this.updateComplete;
    // A button that goes takes the focus with it, and the keyboard out of the dialog.
    if (activeElement === null || activeElement.matches(CANCEL))
      this.#focus("[data-testid='export-start']:enabled") || this.#focus(FIRST);
  }

  #focus(selector: string): boolean {
    const found = this.renderRoot.querySelector<HTMLElement>(selector);
    found?.focus();
    return found !== null;
  }
}

const CANCEL = "[data-testid='export-cancel']";
const FIRST = "[aria-pressed='true']";

/** A key that is held down presses one button, and not the one that has the focus next. */
function onlyOnce(event: KeyboardEvent): void {
  if (event.repeat && event.key === "Enter") event.preventDefault();
}
