/**
 * What is said of arrays over samples, in words: what their tiles are, what a panel of a layer's response is called, how
 * much of the layer responds. Knows records; must not know components.
 */
import { type DeadChannels, zeroShare } from "./dead_channels.js";
import { axisWord, formatCount, formatWhole, plural } from "./format.js";
import { percentText } from "./histogram_words.js";
import { SAMPLE } from "./placement.js";
import type { Axis, Source, TilesHeader } from "./record.js";
import type { Tiles } from "./tiles.js";

/** A short text, and all that is to be known of it. */
export interface Said {
  readonly text: string;
  readonly title: string;
}

const RESPONSES: ReadonlyMap<string | null, string> = new Map([
  ["output", "output"],
  ["pre_activation", "pre-activation"],
]);

/**
 * What the response of a layer is called below the layer's name: `output`, `pre-activation`; of a layer with several
 * outputs or calls, `call 2 · output 1`. `path` is the tag without its view; null for what is no response.
 */
export function responseTitle(path: string, { layerPath, role }: Source): string | null {
  const word = RESPONSES.get(role);
  if (word === undefined || layerPath === null || !path.startsWith(layerPath)) return null;
  const parts = /^(?:#(\d+))?(?::(\d+))?(?:\/pre_activation)?$/.exec(path.slice(layerPath.length));
  if (parts === null) return null;
  const [, call, output] = parts;
  const name = output === undefined ? word : `${word} ${output}`;
  return call === undefined ? name : `call ${call} · ${name}`;
}

/** `26×26 maps`, `8 of 32 channels`, `16 samples`; null for arrays that are not over samples. */
export function sampleFacts(header: TilesHeader): readonly string[] | null {
  const { axes } = header;
  const samples = axes.find(({ name }) => name === SAMPLE);
  if (samples === undefined) return null;
  const within = axes.filter(({ name }) => TILE_AXES.has(name));
  const others = axes.filter((axis) => axis !== samples && !within.includes(axis));
  return [tileText(within, header), ...others.map(countText), countText(samples)];
}

/** `3 of 64 channels dead`, in short `3 of 64 dead`; null for records without channels. */
export function deadText(found: DeadChannels | null): (Said & { readonly short: string }) | null {
  if (found === null) return null;
  const { word, dead, of, ofLayer, samples, rounded } = found;
  const shown = of < ofLayer ? `the ${formatWhole(of)} shown of ${formatWhole(ofLayer)}` : "all";
  const zero = rounded ? "0, or too small for the record’s precision," : "0";
  return {
    text: `${formatWhole(dead)} of ${plural(word, of, formatWhole(of))} dead`,
    short: `${formatWhole(dead)} of ${formatWhole(of)} dead`,
    title: `Of ${shown} ${plural(word, 2)}, ${formatWhole(dead)} are ${zero} at every place for each of the ${formatCount(samples, "sample")}`,
  };
}

/** `41 % zeros`; null where they were not counted. */
export function zerosText(tiles: Tiles): Said | null {
  const share = zeroShare(tiles);
  if (share === null) return null;
  const over = (sampleFacts(tiles.header) ?? []).slice(1).join(", ");
  const where = over === "" ? "" : `, over ${over}`;
  return {
    text: `${roundedText(share)} zeros`,
    title: `${percentText(share)} of the values are exactly 0${where}`,
  };
}

// Whole percents, but near none and near all, where they would say what is not true.
function roundedText(share: number): string {
  return share < 0.01 || share > 0.99 ? percentText(share) : `${Math.round(100 * share)} %`;
}

const TILE_AXES: ReadonlySet<string> = new Set(["height", "width", "color"]);

function tileText(within: readonly Axis[], { meaning }: TilesHeader): string {
  const axis = (name: string): Axis | undefined => within.find((each) => each.name === name);
  const [height, width] = [axis("height"), axis("width")];
  if (width === undefined) return "";
  const along = width.represents;
  if (height === undefined || (height.size === 1 && height.represents === null))
    return along === null ? formatCount(width.fullSize, "value") : wholeText(width, along);
  if (height.represents !== null && along !== null)
    return `${wholeText(height, height.represents)} ↓ ${wholeText(width, along)} →`;
  const colour = axis("color") === undefined ? "" : "colour ";
  const word = meaning === "image" ? `${colour}picture` : "map";
  return `${height.fullSize}×${width.fullSize} ${word}s`;
}

function wholeText({ fullSize }: Axis, word: string): string {
  return plural(axisWord(word), fullSize, formatWhole(fullSize));
}

// In the words of the record's own remark on what it leaves out, so that it need not be said twice.
function countText({ name, size, fullSize }: Axis): string {
  const word = name === "depth" ? "depth slice" : axisWord(name);
  return size < fullSize
    ? `${size} of ${plural(word, fullSize, String(fullSize))}`
    : plural(word, size, formatWhole(size));
}
