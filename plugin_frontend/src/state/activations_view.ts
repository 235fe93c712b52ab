/**
 * What a panel of activations shows besides values: how much of the layer responds, the samples' pictures, and whether
 * runs were shown the same samples. Pure functions of panels and records; must not know the DOM.
 */
import { deadText, type Said, zerosText } from "../model/activation_words.js";
import { type DeadChannels, deadChannels, zeroShare } from "../model/dead_channels.js";
import type { Display } from "../model/display.js";
import { isActivationsPanel, isSamplesPanel, type PanelEntry } from "../model/runs.js";
import { commonSize, type PictureSize } from "../model/sample_pictures.js";
import type { Tiles } from "../model/tiles.js";
import { isTopSamplesPanel, unexcitedUnits } from "../model/top_samples.js";
import type { Derived } from "./derived.js";
import type { RecordRef, RecordState } from "./record_store.js";
import { picturesOf, type RunPictures, sampleRefs } from "./sample_records.js";

/** How much of a layer responds to the samples. */
export interface Activity {
  readonly channels: DeadChannels | null;
  /** How many of them are dead, in words; null where none is. */
  readonly dead: ReturnType<typeof deadText>;
  /** The share of values that are 0; null where it was not counted. */
  readonly zeros: Said | null;
}

/** What samples are shown in is theirs: no choice for weights or activations changes a picture. */
export function displayOf(panel: PanelEntry, display: Display): Display {
  return showsPictures(panel)
    ? {
        ...display,
        show: "value",
        scale: "shared",
        colours: "auto",
        sort: "index",
        reversed: false,
        hideDead: false,
      }
    : display;
}

/** True for panels of pictures that are no more than what they show: samples, and those that excite units most. */
export function showsPictures(panel: PanelEntry): boolean {
  return isSamplesPanel(panel) || isTopSamplesPanel(panel);
}

/** Null for panels of anything but activations and of what excites units. */
export function activityOf(panel: PanelEntry, record: RecordState | null): Activity | null {
  if (record?.status === "ready" && isTopSamplesPanel(panel)) {
    const channels = unexcitedUnits(record.tiles);
    return { channels, dead: unexcitedText(channels), zeros: null };
  }
  if (!isActivationsPanel(panel) || record?.status !== "ready") return null;
  const { tiles } = record;
  const channels = deadChannels(tiles);
  // Values of both signs are hardly ever 0: that none is, is no news of them.
  const isNews = tiles.header.meaning === "non_negative" || (zeroShare(tiles) ?? 0) > 0;
  return {
    channels,
    dead: channels !== null && channels.dead > 0 ? deadText(channels) : null,
    zeros: isNews ? zerosText(tiles) : null,
  };
}

function unexcitedText(found: DeadChannels | null): Activity["dead"] {
  if (found === null || found.dead === 0) return null;
  const said = deadText(found);
  return said && { ...said, title: `${said.text}: no sample’s activation is above 0` };
}

/** Of the runs of a panel, in their order. */
export interface PanelPictures {
  /** True once all that there is of them is here. */
  readonly settled: boolean;
  /** The size that is kept free for a picture; null without pictures. */
  readonly size: PictureSize | null;
  readonly ofRuns: readonly (Tiles | null)[];
}

const NO_PICTURES: PanelPictures = { settled: true, size: null, ofRuns: [] };

/** The pictures beside a panel of activations. `needed`: the runs that it waits for. */
export function panelPictures(
  panel: PanelEntry,
  needed: ReadonlySet<string>,
  derived: Derived,
  recordState: (ref: RecordRef) => RecordState,
): PanelPictures {
  if (!isActivationsPanel(panel)) return NO_PICTURES;
  const found = panel.members.map(
    ({ run }): RunPictures => picturesOf(sampleRefs(run, derived), recordState),
  );
  return {
    settled: found.every(
      ({ status }, index) =>
        status !== "pending" || !needed.has(panel.members[index]?.run.run ?? ""),
    ),
    size: commonSize(found.flatMap((each) => (each.status === "ready" ? [each.size] : []))),
    ofRuns: found.map((each) => (each.status === "ready" ? each.tiles : null)),
  };
}

/** For each digest, whether it is another than the first that is known. What is not of samples has none. */
export function areOtherSamples(digests: readonly (string | null)[]): readonly boolean[] {
  const first = digests.find((digest) => digest !== null);
  return digests.map((digest) => digest !== null && digest !== first);
}
