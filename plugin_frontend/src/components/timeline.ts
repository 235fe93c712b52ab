/**
 * The one time axis of the screen: play, a slider over the points that exist, what the shown point is called, and how
 * playing goes. Must not know what is drawn at a point.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { pointText } from "../model/reference.js";
import { comparePoints, SPEEDS, TIME_AXES } from "../model/time_axis.js";
import { whoHasText } from "../model/timeline_ticks.js";
import { readNumber } from "../model/url_text.js";
import { showsGraphs } from "../state/derived.js";
import type { Session } from "../state/session.js";
import { type TimelineLabel, timelineLabel } from "../state/timeline_label.js";
import { runsAtPoint } from "../state/timeline_runs.js";
import { Announcer } from "./announcer.js";
import { controls } from "./controls.js";
import { accept, refuse } from "./refusal.js";
import { timelineStyles } from "./timeline_styles.js";
import { marksTemplate, pinnedMarkTemplate, tellPoint, ticksTemplate } from "./timeline_ticks.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

const SPEED_NAMES = new Map<number, string>([
  [0.25, "¼×"],
  [0.5, "½×"],
]);

const ICONS = {
  first: "M4 3v10M12.5 3 6 8l6.5 5z",
  previous: "M11.5 3 5 8l6.5 5z",
  next: "M4.5 3 11 8l-6.5 5z",
  last: "M12 3v10M3.5 3 10 8l-6.5 5z",
  play: "M5 3v10l8-5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  pin: "M5.5 2.5h5l-.5 5 2 2v1h-8v-1l2-2zM8 10.5V14",
  loop: "M3 7.5V6a1.5 1.5 0 0 1 1.5-1.5h8M10.5 2.5l2 2-2 2M13 8.5V10a1.5 1.5 0 0 1-1.5 1.5h-8M5.5 9.5l-2 2 2 2",
} as const;

export class NnvizTimeline extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [shared, controls, timelineStyles];

  declare session: Session;

  readonly #announcer: Announcer;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state]);
    this.#announcer = new Announcer(this);
  }

  // The slider tells its own value while it has the focus.
  protected override updated(): void {
    const { playing } = this.session.state.value;
    const isOnSlider = this.shadowRoot?.activeElement?.matches("input[type=range]") ?? false;
    const isQuiet = playing || isOnSlider || this.session.derived.point === null;
    this.#announcer.tell(isQuiet ? "" : this.#label.words);
  }

  protected override render(): TemplateResult {
    const { points, pointIndex } = this.session.derived;
    const { playing } = this.session.state.value;
    const last = Math.max(0, points.length - 1);
    const label = this.#label;
    return html`
      <div class="moves" role="group" aria-label="Playing">
        ${this.#move("first", "First (Home)", () => 0)}
        ${this.#move("previous", "Previous (←)", (index) => index - 1)}
        <button
          class="play"
          data-testid="play"
          aria-label=${playing ? "Pause" : "Play"}
          title=${`${playing ? "Pause" : "Play"} (space)`}
          ?disabled=${points.length < 2}
          @click=${() => this.session.timeline.togglePlaying()}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d=${playing ? ICONS.pause : ICONS.play} />
          </svg>
        </button>
        ${this.#move("next", "Next (→)", (index) => index + 1)}
        ${this.#move("last", "Last (End)", () => last)}
      </div>
      <div
        class="track"
        style=${styleMap({ "--place": String(last === 0 ? 0 : pointIndex / last) })}
      >
        ${marksTemplate(this.session)} ${pinnedMarkTemplate(this.session, ICONS.pin)}
        <input
          type="range"
          data-testid="step-slider"
          aria-label="Time in training"
          aria-valuetext=${[label.words, this.#lacking].filter((text) => text !== "").join(", ")}
          min="0"
          max=${last}
          step="1"
          .value=${String(Math.max(0, pointIndex))}
          ?disabled=${points.length < 2}
          @input=${this.#onSlider}
          @pointermove=${(event: PointerEvent) => tellPoint(this.session, event)}
        />
        ${ticksTemplate(this.session)}
      </div>
      ${this.#place(label)} ${this.#settings()}
    `;
  }

  #move(
    icon: keyof typeof ICONS,
    title: string,
    target: (index: number) => number,
  ): TemplateResult {
    const { points, pointIndex } = this.session.derived;
    const at = target(pointIndex);
    const still = at === pointIndex || points[at] === undefined;
    return html`<button
      class="icon ${icon}"
      title=${title}
      aria-label=${title}
      ?disabled=${still}
      @click=${() => this.session.timeline.goTo(at)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS[icon]} /></svg>
    </button>`;
  }

  // Two lines of fixed height and width, so that the slider never moves under the pointer that drags it.
  #place(label: TimelineLabel): TemplateResult {
    const { axis, offeredAxes, point } = this.session.derived;
    return html`<div class="place">
      <div class="number">
        <select
          data-testid="time-axis"
          aria-label="Axis of the timeline"
          title="What the timeline counts"
          .value=${axis}
          ?disabled=${point === null}
          @change=${this.#onAxis}
        >
          ${repeat(
            offeredAxes,
            // An option that became another one would lose the choice.
            (each) => each,
            (each) => html`<option value=${each} ?selected=${each === axis}>${each}</option>`,
          )}
        </select>
        <input
          class="field"
          data-testid="step-number"
          inputmode="decimal"
          autocomplete="off"
          aria-label=${`Go to ${axis}`}
          title=${`Go to this ${axis}, or to the nearest earlier one that is logged`}
          .value=${label.value}
          ?disabled=${point === null}
          @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
          @change=${this.#onNumber}
        />
        <span class="of ellipsis">${label.of}</span>
      </div>
      <div class="detail ellipsis ${label.isPhase ? "phase" : ""}" data-testid="step-phase">
        ${label.detail}
      </div>
      <div class="hidden" data-testid="step-label">${label.words}</div>
      <div class="hidden" role="status">${this.#announcer.text}</div>
    </div>`;
  }

  #settings(): TemplateResult {
    const { loop, speed, position } = this.session.state.value;
    const following = position.at === "latest";
    return html`<div class="settings" role="group" aria-label="How it plays">
      <select
        data-testid="speed"
        aria-label="Speed of playing"
        title="Speed of playing; 1× is four points a second"
        .value=${String(speed)}
        @change=${this.#onSpeed}
      >
        ${SPEEDS.map(
          (each) => html`<option value=${each} ?selected=${each === speed}>
            ${SPEED_NAMES.get(each) ?? `${each}×`}
          </option>`,
        )}
      </select>
      ${this.#pin()}
      <button
        class="icon loop"
        data-testid="loop"
        title="Start over at the end (l)"
        aria-label="Loop"
        aria-pressed=${loop}
        @click=${() => this.session.timeline.setLoop(!loop)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS.loop} /></svg>
      </button>
      <button
        class="follow"
        data-testid="follow"
        aria-label="follow latest"
        title="Look for new data every ten seconds and go along with it (f)"
        aria-pressed=${following}
        @click=${() => this.session.timeline.setFollowing(!following)}
      >
        <i></i><span>follow latest</span>
      </button>
      <button
        class="icon help"
        data-testid="help"
        title="Keys (?)"
        aria-label="Keys"
        aria-haspopup="dialog"
        @click=${() => this.dispatchEvent(new CustomEvent("nnviz-help", { bubbles: true, composed: true }))}
      >
        ?
      </button>
    </div>`;
  }

  #pin(): TemplateResult {
    const { point, axis } = this.session.derived;
    const { point: pinned } = this.session.state.value.reference;
    const isHere = point !== null && pinned !== null && comparePoints(point, pinned) === 0;
    const here = point === null ? "this point" : pointText(point, axis);
    return html`<button
      class="icon pin"
      data-testid="pin-here"
      title=${isHere ? `Let go of ${here} (x)` : `Pin ${here}, to see the difference to it (x)`}
      aria-label=${`Pin ${here}`}
      aria-pressed=${isHere}
      ?disabled=${point === null || showsGraphs(this.session.derived)}
      @click=${() => this.session.pins.togglePoint()}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS.pin} /></svg>
    </button>`;
  }

  get #label(): TimelineLabel {
    return timelineLabel(this.session.state.value, this.session.derived);
  }

  /** Said to those who do not see the marks on the panels. */
  get #lacking(): string {
    const { derived } = this.session;
    const { having, lacking } = runsAtPoint(derived, derived.pointIndex);
    return lacking.length === 0 ? "" : whoHasText(having, lacking);
  }

  readonly #onSlider = (event: Event): void => {
    this.session.timeline.goTo(Number((event.target as HTMLInputElement).value));
  };

  readonly #onAxis = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const axis = TIME_AXES.find((each) => each === value);
    if (axis !== undefined) this.session.timeline.setTimeAxis(axis);
  };

  readonly #onSpeed = (event: Event): void => {
    this.session.timeline.setSpeed(Number((event.target as HTMLSelectElement).value));
  };

  // What was typed gives way to where that has led; what is no number, to where one is.
  readonly #onNumber = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const number = readNumber(field.value.replace(",", "."));
    if (number === null) {
      refuse(field, this.#label.value);
      return;
    }
    accept(field);
    this.session.timeline.goToNumber(number);
    field.value = this.#label.value;
  };
}
