// Writes every colour of the screen's data into one JSON: the colour maps (256 RGB entries each) and the colours of
// cells that hold no finite number, or a change too small to tell. The screen, the Python export and the tests read this one file, so that a picture
// looks the same wherever it is made. Knows d3's interpolators; must not know how the tables are applied.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rgb } from "d3-color";
import { interpolateLab, interpolateRgb, piecewise } from "d3-interpolate";
import { interpolateRdBu, interpolateViridis, schemeRdBu } from "d3-scale-chromatic";

const SIZE = 256;
const DARK_MIDDLE = "#1b1c1f";

// RdBu runs red to blue; negative is blue here. The dark table walks the same colours of the scheme from their light
// end through the dark middle, so that in both themes zero recedes into the page. The scheme's two darkest are left out:
// beside the dark middle they would make small values of either sign alike.
const redBlue = schemeRdBu[11];
const darkStops = [
  redBlue[7],
  redBlue[8],
  redBlue[9],
  interpolateLab(redBlue[9], DARK_MIDDLE)(0.5),
  DARK_MIDDLE,
  interpolateLab(DARK_MIDDLE, redBlue[1])(0.5),
  redBlue[1],
  redBlue[2],
  redBlue[3],
];

const interpolators = {
  // Linear in the code: d3's Greys is not, and would show image samples with a false gamma.
  gray: interpolateRgb("#000000", "#ffffff"),
  viridis: interpolateViridis,
  red_blue_light: (t) => interpolateRdBu(1 - t),
  red_blue_dark: piecewise(interpolateLab, darkStops),
};

const triple = (colour) => {
  const { r, g, b } = rgb(colour).clamp();
  return [r, g, b].map(Math.round);
};

const tables = Object.fromEntries(
  Object.entries(interpolators).map(([name, interpolate]) => [
    name,
    Array.from({ length: SIZE }, (_, index) => triple(interpolate(index / (SIZE - 1)))),
  ]),
);

// Far from every entry of every table (colour_tables.test.ts measures it), and from one another.
const glyphs = { nan: triple("#f000f0"), posinf: triple("#ff9100"), neginf: triple("#00e5e5") };

// Changes that are too small to tell from zero may fill half a picture, so their colour is quiet; still, it is none
// that the diverging tables pass through.
const unresolved = { light: triple("#d9dbbd"), dark: triple("#3f4a2c") };

// Channels that do not respond: the gray of what is switched off, which no colour map has in its middle or at zero.
const dead = { light: triple("#d6dae1"), dark: triple("#4a4e56") };

const target = new URL("../../tb_nnviz/plugin/static/colour_tables.json", import.meta.url);
mkdirSync(new URL(".", target), { recursive: true });
writeFileSync(
  fileURLToPath(target),
  `${JSON.stringify({ version: 1, tables, glyphs, unresolved, dead })}\n`,
);
