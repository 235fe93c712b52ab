/** The style of graphs. */
import { css } from "lit";

export const graphStyles = css`
  nnviz-graph-card,
  .failure {
    display: block;
  }
  nnviz-graph-card + *,
  .failure + * {
    margin-top: 16px;
  }
  header {
    padding-left: 16px;
  }
  header .segments {
    flex: none;
  }
  .segments button {
    min-width: 30px;
  }
  .segments .percent {
    min-width: 58px;
  }
  header .button {
    flex: none;
    padding: 3px 10px;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 0;
    padding: 6px 16px;
    border-bottom: 1px solid var(--line);
    list-style: none;
    font-size: calc(12 * var(--dot));
    color: var(--secondary);
  }
  .legend li {
    display: flex;
    align-items: center;
    gap: 5px;
  }
  .legend svg {
    width: 18px;
    height: 18px;
  }
  .viewport {
    position: relative;
    height: var(--graph-height);
    overflow: hidden;
    border-radius: 0 0 var(--radius) var(--radius);
    cursor: grab;
    touch-action: none;
    user-select: none;
  }
  .viewport.dragging {
    cursor: grabbing;
  }
  .viewport:focus-visible {
    outline-offset: -3px;
  }
  .drawing {
    position: absolute;
    left: 0;
    top: 0;
    overflow: visible;
    transform-origin: 0 0;
  }
  /* While it moves, what is painted is moved; when it rests, it is painted sharp again. */
  .drawing.moving {
    will-change: transform;
  }
  .hit,
  .fold-model {
    cursor: pointer;
    outline: none;
  }
  .hit {
    fill: transparent;
  }
  .visual {
    pointer-events: none;
  }
  .node .body {
    fill: var(--card);
    stroke: var(--colour);
    stroke-width: 1.5;
  }
  .node .second {
    fill: none;
    stroke: var(--colour);
    stroke-width: 1;
  }
  .hit:hover + .visual .body {
    fill: var(--chip);
  }
  .node .band {
    fill: var(--colour);
  }
  .sign {
    fill: none;
    stroke: #ffffff;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .node text {
    fill: var(--ink);
    font-size: 12px;
  }
  .node .name {
    font: 600 12.5px var(--mono);
  }
  .node .faint {
    fill: var(--secondary);
  }
  .node .chip-box {
    fill: var(--chip);
  }
  .node .chip-box.care {
    fill: var(--amber-chip);
  }
  .node .chip-text {
    font-size: 11px;
    fill: var(--secondary);
  }
  .node .chip-text.care {
    fill: var(--amber);
  }
  .node .ring,
  .fold-model .ring {
    fill: none;
    stroke: none;
  }
  .node.selected .ring,
  .node.matched .ring {
    stroke: var(--accent);
    stroke-width: 3;
  }
  .node.matched:not(.selected) .ring {
    stroke-dasharray: 7 3;
  }
  .hit:focus-visible + .visual .ring,
  .fold-model:focus-visible .ring {
    stroke: var(--accent-ink);
    stroke-width: 2.5;
  }
  .node.open .title {
    fill: var(--chip);
    stroke: var(--colour);
    stroke-width: 1.5;
  }
  .hit:hover + .visual .title {
    fill: var(--line);
  }
  .ground .inside {
    fill: color-mix(in srgb, var(--page) 60%, transparent);
    stroke: var(--colour);
    stroke-width: 1.5;
  }
  .fold-model rect {
    fill: var(--chip);
    stroke: var(--line);
  }
  .fold-model:hover rect {
    fill: var(--line);
  }
  .fold-model path {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.6;
    stroke-linecap: round;
  }
  .line {
    fill: none;
    stroke: var(--mark);
    stroke-width: 1.4;
  }
  .line.near {
    stroke: var(--accent);
    stroke-width: 2.4;
  }
  .arrow {
    fill: var(--mark);
  }
  .arrow.near {
    fill: var(--accent);
  }
  .line-label {
    font-size: 11px;
    fill: var(--secondary);
    text-anchor: middle;
  }
  .line-label-box {
    fill: var(--card);
  }
  .table {
    max-height: var(--graph-height);
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  caption {
    position: absolute;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--card);
    color: var(--secondary);
    font-size: calc(12 * var(--dot));
    box-shadow: inset 0 -1px var(--line);
  }
  th,
  td {
    padding: 5px 12px;
    font-weight: 400;
    text-align: start;
    vertical-align: baseline;
  }
  th:first-child,
  td:first-child {
    padding-left: 16px;
  }
  tbody tr + tr > * {
    border-top: 1px solid var(--line);
  }
  th.number,
  td.number {
    text-align: end;
  }
  tbody th button {
    padding: 1px 6px;
    margin-left: calc(-6px + var(--depth, 0) * 20px);
    border: 0;
    border-radius: 4px;
    background: none;
    text-align: start;
    font-weight: 500;
  }
  tbody th button:hover {
    background: var(--chip);
  }
  tbody th button[aria-pressed="true"] {
    box-shadow: 0 0 0 2px var(--accent);
  }
  td .sign-box {
    display: inline-block;
    width: 16px;
    height: 16px;
    margin-right: 7px;
    vertical-align: -3px;
  }
  .note {
    margin: 0;
    padding: 8px 16px;
    border-bottom: 1px solid var(--line);
    color: var(--secondary);
  }
  .reserved {
    height: var(--graph-height);
    padding: 16px;
  }
  .skeleton {
    height: 100%;
    border-radius: 6px;
    background: var(--chip);
  }
  .failed {
    margin: 12px 16px;
  }
  .absent-graphs {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 7px;
    margin: 12px 2px;
    color: var(--secondary);
  }
`;
