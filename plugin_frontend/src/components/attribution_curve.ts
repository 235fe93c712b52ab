/** The output along the path, drawn small: a line in the run's colour, a dot at the α that is shown. Must not scale. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { alphaText } from "../model/alphas.js";
import { formatSigned } from "../model/format.js";
import { curveLine, curveX, curveY, type PathCurve, valueAlong } from "../model/path_curve.js";
import type { Range } from "../model/ranges.js";

export interface CurveOptions {
  readonly curve: PathCurve;
  /** Of all runs of the sample. */
  readonly range: Range;
  /** Null where no α is chosen. */
  readonly alpha: number | null;
  readonly colour: string;
  readonly width: number;
  readonly height: number;
  readonly name: string;
}

const MARGIN = 5;
/** Below this width two numbers of three digits would touch. */
const NARROW = 130;
/** Numbers at the ends of the axis, in CSS pixels. */
const DIGITS = 13;

export function curveTemplate(options: CurveOptions): TemplateResult {
  const { curve, range, alpha, colour, width, height, name } = options;
  const room = { width, height: height - DIGITS, margin: MARGIN };
  const at = alpha === null ? NaN : valueAlong(curve, alpha);
  const start = curve.values[0] ?? NaN;
  const end = curve.values.at(-1) ?? NaN;
  const digits = width < NARROW ? 2 : 3;
  const words = `F along the path, ${name}: ${formatSigned(start)} at α 0, ${formatSigned(end)} at α 1`;
  const here = Number.isNaN(at) ? "" : `; ${formatSigned(at, 4)} at α ${alphaText(alpha ?? 0)}`;
  const zero = range.lo < 0 && range.hi > 0 ? curveY(0, range, room) : null;
  const floor = room.height - MARGIN;
  return html`<svg
    class="path"
    role="img"
    aria-label=${words + here}
    data-testid="path"
    data-alpha=${alpha ?? nothing}
    data-value=${Number.isNaN(at) ? nothing : at}
    data-start=${start}
    data-end=${end}
    width=${width}
    height=${height}
    viewBox=${`0 0 ${width} ${height}`}
    style=${`color: ${colour}`}
  >
    ${svg`<title>${words + here}</title>
    <line class="floor" x1=${MARGIN} x2=${width - MARGIN} y1=${floor} y2=${floor} />
    ${zero === null ? nothing : svg`<line class="zero" x1=${MARGIN} x2=${width - MARGIN} y1=${zero} y2=${zero} />`}
    <path d=${curveLine(curve, range, room)} />
    ${Number.isNaN(at) || alpha === null ? nothing : svg`<line class="at" x1=${curveX(alpha, room)} x2=${curveX(alpha, room)} y1=${MARGIN} y2=${floor} /><circle cx=${curveX(alpha, room)} cy=${curveY(at, range, room)} r="3.5" />`}
    <text x=${MARGIN} y=${height - 2}>${formatSigned(start, digits)}</text>
    <text x=${width - MARGIN} y=${height - 2} text-anchor="end">${formatSigned(end, digits)}</text>`}
  </svg>`;
}
