/**
 * The bar above the activations: all layers or one at a time, and then the stops from the input to the last output, with
 * what goes from stop to stop and which sample goes. Must not know what is drawn at a stop.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import {
  LAYER_MODES,
  type LayerMode,
  type LayerStop,
  splitStopName,
} from "../model/layer_player.js";
import type { Session } from "../state/session.js";
import { stageSamples } from "../state/stage.js";
import { Announcer } from "./announcer.js";
import { choiceStyles } from "./choices.js";
import { controls } from "./controls.js";
import { layerBarStyles } from "./layer_bar_styles.js";
import { NARROW } from "./layer_player.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

const MODE_LABELS: Readonly<Record<LayerMode, { readonly label: string; readonly title: string }>> =
  {
    all: { label: "All layers", title: "All panels below one another" },
    one: {
      label: "One at a time",
      title: "One sample from the input through the layers, a layer at a time",
    },
  };

/** Less than this for a stop, in CSS pixels, leaves no room for names: then a slider with ticks stands for them. */
const LEAST_STOP = 76;
/** The switch, the buttons and the sample take about this much of the bar; all of a narrow one. */
const BESIDE_STOPS = 640;

const ICONS = {
  previous: "M11.5 3 5 8l6.5 5z",
  next: "M4.5 3 11 8l-6.5 5z",
  play: "M5 3v10l8-5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
} as const;

export class NnvizLayerBar extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    width: { type: Number },
  };

  static override readonly styles = [shared, controls, choiceStyles, layerBarStyles];

  declare session: Session;
  /** Of the bar, in CSS pixels. */
  declare width: number;

  readonly #announcer: Announcer;

  constructor() {
    super();
    this.width = 0;
    new Watcher(this, () => [this.session.state, this.session.records.changes]);
    this.#announcer = new Announcer(this);
  }

  // The slider tells its own value while it has the focus.
  protected override updated(): void {
    const { stage, stops, stopIndex } = this.session.derived;
    const { playingLayers } = this.session.state.value;
    const isOnSlider = this.shadowRoot?.activeElement?.matches(".track input") ?? false;
    const isQuiet = playingLayers || isOnSlider || stage === null;
    this.#announcer.tell(isQuiet ? "" : wordsOf(stops, stopIndex));
  }

  protected override render(): TemplateResult | typeof nothing {
    const { stops, stage } = this.session.derived;
    if (stops.length === 0) return nothing;
    return html`<div
      class="bar ${stage === null ? "" : "one"} ${this.width < NARROW ? "narrow" : ""}"
      role="region"
      aria-label="Layers"
      data-testid="layer-player"
    >
      ${this.#modes()} ${stage === null ? this.#through() : this.#walk(stops)}
      <div class="hidden" role="status">${this.#announcer.text}</div>
    </div>`;
  }

  #modes(): TemplateResult {
    const { layerMode } = this.session.state.value;
    return html`<div class="segments" role="group" aria-label="Layers that are shown">
      ${LAYER_MODES.map((mode) => {
        const { label, title } = MODE_LABELS[mode];
        return html`<button
          data-testid="layer-mode"
          data-value=${mode}
          title=${title}
          aria-pressed=${mode === layerMode}
          @click=${() => this.session.layers.setMode(mode)}
        >
          ${label}
        </button>`;
      })}
    </div>`;
  }

  #through(): TemplateResult {
    return html`<button
      class="through"
      data-testid="play-through"
      title="From the input through the layers, one after the other (p)"
      @click=${() => this.session.layers.togglePlaying()}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS.play} /></svg>
      Play through the layers
    </button>`;
  }

  #walk(stops: readonly LayerStop[]): TemplateResult {
    const { playingLayers } = this.session.state.value;
    const beside = this.width < NARROW ? 0 : BESIDE_STOPS;
    const hasRoom = this.width - beside >= LEAST_STOP * stops.length;
    const playTitle = playingLayers ? "Pause" : "Play through the layers";
    return html`<div class="moves" role="group" aria-label="Playing through the layers">
        ${this.#move("previous", "Previous layer ([)", -1)}
        <button
          class="icon"
          data-testid="play-layers"
          aria-label=${playTitle}
          title=${`${playTitle} (p), as fast as the timeline’s speed says: 1× is a layer a second`}
          ?disabled=${stops.length < 2}
          @click=${() => this.session.layers.togglePlaying()}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d=${playingLayers ? ICONS.pause : ICONS.play} />
          </svg>
        </button>
        ${this.#move("next", "Next layer (])", 1)}
      </div>
      ${hasRoom ? this.#row(stops) : this.#slider(stops)} ${this.#sample()}`;
  }

  #move(icon: "previous" | "next", title: string, offset: 1 | -1): TemplateResult {
    const { stops, stopIndex } = this.session.derived;
    return html`<button
      class="icon"
      data-testid=${`${icon}-layer`}
      title=${title}
      aria-label=${title}
      ?disabled=${stops[stopIndex + offset] === undefined}
      @click=${() => this.session.layers.move(offset)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS[icon]} /></svg>
    </button>`;
  }

  #row(stops: readonly LayerStop[]): TemplateResult {
    const { stopIndex } = this.session.derived;
    return html`<ol class="stops" aria-label="Stops">
      ${stops.map(
        (stop, index) => html`<li class=${index <= stopIndex ? "passed" : ""}>
          <button
            class="stop"
            data-testid="layer-stop"
            data-stop=${stop.name}
            aria-current=${index === stopIndex ? "step" : "false"}
            title=${titleOf(stop)}
            @click=${() => this.session.layers.goTo(index)}
          >
            <i></i>${nameOf(stop)}
          </button>
        </li>`,
      )}
    </ol>`;
  }

  #slider(stops: readonly LayerStop[]): TemplateResult {
    const { stopIndex } = this.session.derived;
    const last = Math.max(1, stops.length - 1);
    const current = stops[stopIndex];
    return html`<div class="track">
        <input
          type="range"
          data-testid="layer-slider"
          aria-label="Stop"
          aria-valuetext=${wordsOf(stops, stopIndex)}
          min="0"
          max=${stops.length - 1}
          .value=${String(stopIndex)}
          @input=${(event: Event) =>
            this.session.layers.goTo(Number((event.target as HTMLInputElement).value))}
        />
        <div class="ticks" aria-hidden="true">
          ${stops.map(
            (_, index) => html`<i style=${styleMap({ left: `${(100 * index) / last}%` })}></i>`,
          )}
        </div>
      </div>
      <div class="current" title=${current === undefined ? "" : titleOf(current)}>
        ${current === undefined ? nothing : nameOf(current)}
        <span class="of">${stopIndex + 1} of ${stops.length}</span>
      </div>`;
  }

  #sample(): TemplateResult | typeof nothing {
    const samples = stageSamples(this.session);
    if (samples === null || samples.count < 2) return nothing;
    return html`<label class="sample" title="The sample that goes through the network"
      >sample
      <input
        type="range"
        data-testid="stage-sample"
        min="0"
        max=${samples.count - 1}
        .value=${String(samples.index)}
        aria-valuetext=${samples.text}
        @input=${(event: Event) =>
          this.session.looks.setSample(Number((event.target as HTMLInputElement).value))}
      /><output class="ellipsis">${samples.text}</output></label
    >`;
  }
}

function nameOf({ name }: LayerStop): TemplateResult {
  const [head, tail] = splitStopName(name);
  return html`<span class="name mono"
    >${head === "" ? nothing : html`<span class="ellipsis">${head}</span>`}<span class="ellipsis"
      >${tail}</span
    ></span
  >`;
}

function titleOf({ name, layerType }: LayerStop): string {
  return layerType === null ? name : `${name} · ${layerType}`;
}

function wordsOf(stops: readonly LayerStop[], index: number): string {
  const stop = stops[index];
  return stop === undefined ? "" : `${titleOf(stop)}, stop ${index + 1} of ${stops.length}`;
}
