/**
 * The picture of one sample, or what stands in its place while it is on its way or cannot be had. Paints; must not
 * look for pictures or fetch.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Range } from "../model/ranges.js";
import { drawSample } from "../render/confusion_picture.js";
import type { ShelvedPicture } from "../state/picture_shelf.js";
import { shared } from "./tokens.js";

const WHY: Readonly<Record<string, string>> = {
  sampled: "its picture is not among the records that TensorBoard kept",
  unread: "its picture could not be read",
  "not-logged": "its picture was not logged",
};

export class NnvizConfusionPicture extends LitElement {
  static override readonly properties = {
    picture: { attribute: false, hasChanged: isOther },
    range: { attribute: false, hasChanged: isOtherRange },
    index: { type: Number },
    side: { type: Number },
  };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: grid;
        place-items: center;
        flex: none;
      }
      canvas {
        display: block;
        border-radius: 2px;
      }
      canvas.enlarged {
        image-rendering: pixelated;
      }
      .missing,
      .pending {
        display: grid;
        place-items: center;
        width: 100%;
        height: 100%;
        overflow: hidden;
        border: 1px dashed var(--track);
        border-radius: 3px;
        font-size: calc(11 * var(--dot));
        color: var(--faint);
      }
      .pending {
        border: 0;
        background: var(--chip);
        color: transparent;
      }
    `,
  ];

  declare picture: ShelvedPicture;
  declare range: Range | null;
  /** Of the sample in the data. */
  declare index: number;
  /** The longer side in CSS pixels. */
  declare side: number;

  protected override render(): TemplateResult {
    const { picture, side } = this;
    this.style.width = `${side}px`;
    this.style.height = `${side}px`;
    if (picture.status !== "ready" || this.range === null) {
      const isMissing = picture.status === "missing";
      const why = picture.status === "missing" ? (WHY[picture.why] ?? "") : "loading";
      return html`<span
        class=${isMissing ? "missing" : "pending"}
        data-testid=${isMissing ? "missing-picture" : "pending-picture"}
        title=${`sample ${this.index}: ${why}`}
        >${side >= 36 ? `#${this.index}` : ""}</span
      >`;
    }
    const { height, width } = picture.tiles.shape;
    const scale = side / Math.max(height, width);
    const size = {
      width: `${Math.max(1, width * scale)}px`,
      height: `${Math.max(1, height * scale)}px`,
    };
    return html`<canvas
      class=${scale > 1 ? "enlarged" : ""}
      aria-hidden="true"
      data-testid="sample-picture"
      data-sample=${this.index}
      style=${styleMap(size)}
    ></canvas>`;
  }

  protected override updated(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    const { picture, range } = this;
    if (canvas !== null && picture.status === "ready" && range !== null)
      drawSample(canvas, picture.tiles, picture.tile, range);
  }
}

function isOther(a: ShelvedPicture, b: ShelvedPicture | undefined): boolean {
  if (a.status === "ready" && b?.status === "ready")
    return a.tiles !== b.tiles || a.tile !== b.tile;
  return a.status !== b?.status;
}

function isOtherRange(a: Range | null, b: Range | null | undefined): boolean {
  return a?.lo !== b?.lo || a?.hi !== b?.hi;
}
