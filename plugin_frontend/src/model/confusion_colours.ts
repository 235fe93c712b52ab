/**
 * The colours of a confusion's cells: what is right in a bluish green, what is wrong in vermilion, which differ in hue
 * and in lightness for every reader, on the card's own colour; changes in the diverging colours. Knows RGB only.
 */
import { type Rgb, type Theme, tableEntries } from "./colours.js";

const CARD: Readonly<Record<Theme, Rgb>> = { light: [255, 255, 255], dark: [42, 44, 48] };
const RIGHT: Readonly<Record<Theme, Rgb>> = { light: [38, 132, 96], dark: [62, 180, 137] };
const WRONG: Readonly<Record<Theme, Rgb>> = { light: [213, 82, 52], dark: [240, 110, 76] };

/** Of a share that is hardly any: still to be told from none. */
const LEAST = 0.09;
/** Errors are small shares: their colours rise faster. */
const ERROR_POWER = 0.72;

/** The colour of a cell with samples; `share` of the true class, 0 to 1. */
export function shareColour(share: number, isRight: boolean, theme: Theme): Rgb {
  const strength = isRight ? share : share ** ERROR_POWER;
  const full = isRight ? RIGHT : WRONG;
  return mix(CARD[theme], full[theme], LEAST + (1 - LEAST) * Math.min(1, Math.max(0, strength)));
}

/** In a picture of many classes single errors are to be seen: colours start this strong. */
const LEAST_IN_MAP = 0.2;

/** The same in a picture of many classes, where cells are dots: small shares are stronger. */
export function mapColour(share: number, isRight: boolean, theme: Theme): Rgb {
  return shareColour(LEAST_IN_MAP + (1 - LEAST_IN_MAP) * Math.sqrt(share), isRight, theme);
}

/** The colour of a change of a share; `most` is the largest that is shown. */
export function changeColour(change: number, most: number, theme: Theme): Rgb {
  const entries = tableEntries(theme === "dark" ? "red_blue_dark" : "red_blue_light");
  const place = most > 0 ? (change / most + 1) / 2 : 0.5;
  return entries[Math.min(255, Math.max(0, Math.floor(256 * place)))] ?? CARD[theme];
}

/** Black or white, whichever is easier to read: at least 4.5 to 1 on any colour. */
export function textOn(colour: Rgb): "#000000" | "#ffffff" {
  return luminance(colour) > 0.179 ? "#000000" : "#ffffff";
}

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (to[channel] - from[channel]) * share);
  return [at(0), at(1), at(2)];
}

// Relative luminance as WCAG 2 defines it; at 0.179 black and white contrast alike.
function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
