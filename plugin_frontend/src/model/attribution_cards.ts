/**
 * The tags of the attributions as cards: one for each input of the model and each set of samples, with all that is
 * logged of it. Knows tags and the index; must not know records.
 */
import type { TagEntry } from "./parse_index.js";
import type { PanelEntry } from "./runs.js";

export const ATTRIBUTIONS = "attributions";

/** What a tag of the attributions holds, as the second part of its name says. */
export const ATTRIBUTION_PARTS = [
  "integrated_gradients",
  "interior_gradients",
  "path_outputs",
  "scores",
  "baselines",
  "spread",
] as const;
export type AttributionPart = (typeof ATTRIBUTION_PARTS)[number];

/** Of models with one input, `input` is empty. */
export interface AttributionTag {
  readonly part: AttributionPart;
  readonly input: string;
}

/** Null for a tag of another view, and for what this screen does not know. */
export function readAttributionTag(tag: string): AttributionTag | null {
  const [view, name, ...rest] = tag.split("/");
  const part = ATTRIBUTION_PARTS.find((each) => each === name);
  return view !== ATTRIBUTIONS || part === undefined ? null : { part, input: rest.join("/") };
}

/** True for a tag whose records are compared with earlier ones: maps, not what explains them. */
export function isMapTag(tag: string): boolean {
  const part = readAttributionTag(tag)?.part;
  return part === "integrated_gradients" || part === "interior_gradients";
}

/** True for a card of attributions, whose members are all that is logged of it, several entries for each run. */
export function isAttributionCard({ kind }: PanelEntry): boolean {
  return kind === ATTRIBUTIONS;
}

/** The card with those of its tags that hold maps: they share a scale. */
export function mapsOfCard(card: PanelEntry): PanelEntry {
  return { ...card, members: card.members.filter(({ entry }) => isMapTag(entry.tag)) };
}

/** The input that a card is of; empty for models with one. */
export function inputOfCard({ members }: PanelEntry): string {
  return members.map(({ entry }) => readAttributionTag(entry.tag)?.input ?? "").find(Boolean) ?? "";
}

/** The samples that a card is of, as the index knows them. */
export function digestOfCard({ members }: PanelEntry): string | null {
  return members[0]?.entry.source.samplesDigest ?? null;
}

/** The entry of a run in a card. */
export function entryOfCard(
  { members }: PanelEntry,
  run: string,
  part: AttributionPart,
): TagEntry | null {
  const found = members.find(
    (member) => member.run.run === run && readAttributionTag(member.entry.tag)?.part === part,
  );
  return found?.entry ?? null;
}

/** The panels with those of attributions joined into cards; what belongs to no card stays a panel of its own. */
export function withAttributionCards(panels: readonly PanelEntry[]): readonly PanelEntry[] {
  const taken = new Set<TagEntry>();
  const cards = panels.flatMap((panel) => {
    const read = readAttributionTag(panel.tag);
    return read?.part === "integrated_gradients" ? cardsOf(panel, panels, read.input, taken) : [];
  });
  const rest = panels.flatMap((panel) => {
    const members = panel.members.filter(({ entry }) => !taken.has(entry));
    if (members.length === panel.members.length) return [panel];
    return members.length === 0 ? [] : [{ ...panel, members }];
  });
  return [...cards, ...rest];
}

// Without a digest nothing is known of a run's samples: then it has a card of its own.
function cardsOf(
  maps: PanelEntry,
  panels: readonly PanelEntry[],
  input: string,
  taken: Set<TagEntry>,
): readonly PanelEntry[] {
  const bySamples = new Map<string, PanelEntry["members"][number][]>();
  for (const member of maps.members) {
    const { samplesDigest } = member.entry.source;
    const key = samplesDigest === null ? `run ${member.run.run}` : `samples ${samplesDigest}`;
    const known = bySamples.get(key);
    if (known === undefined) bySamples.set(key, [member]);
    else known.push(member);
  }
  return [...bySamples].map(([key, shown], index): PanelEntry => {
    const runs = new Set(shown.map(({ run }) => run));
    const others = panels.flatMap(({ tag, members }) => {
      const read = readAttributionTag(tag);
      const isOurs = read !== null && tag !== maps.tag && ["", input].includes(read.input);
      return isOurs ? members.filter(({ run }) => runs.has(run)) : [];
    });
    const ofInput = others.filter(({ entry }) => isOfInput(entry.tag, input));
    const members = [...shown, ...ofInput];
    for (const { entry } of members) taken.add(entry);
    return { tag: index === 0 ? maps.tag : `${maps.tag}#${key}`, kind: ATTRIBUTIONS, members };
  });
}

/** Parts that are of the whole model, whichever input a card is of. */
const OF_MODEL: ReadonlySet<AttributionPart> = new Set(["path_outputs", "scores"]);

function isOfInput(tag: string, input: string): boolean {
  const read = readAttributionTag(tag);
  return read !== null && (read.input === input || (OF_MODEL.has(read.part) && read.input === ""));
}
