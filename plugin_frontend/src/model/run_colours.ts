/**
 * The colours of runs: which a run gets when it is first seen, and what is remembered of them. Knows names of runs
 * only; must not know where colours are kept or shown.
 */

/** Distinct for colour-blind readers; taken in the order in which runs were first seen. */
export const RUN_COLOURS = [
  "#0077bb",
  "#ff7043",
  "#33bbee",
  "#009988",
  "#ee3377",
  "#cc3311",
  "#bbbbbb",
] as const;

/** Colours by run. */
export type Colours = ReadonlyMap<string, string>;

/** What is kept in the browser: the colours that runs were given, and those that the user has chosen. */
export interface RememberedColours {
  readonly assigned: Colours;
  readonly chosen: Colours;
}

export const NO_COLOURS: RememberedColours = { assigned: new Map(), chosen: new Map() };

/** More runs than these are forgotten, the oldest first. */
const MAX_REMEMBERED = 1000;

/**
 * Colours for all runs: those given before stay, then those remembered from earlier visits; the other runs take, in
 * their order, the colour that fewest have.
 */
export function assignColours(
  before: Colours,
  runs: readonly { readonly run: string }[],
  remembered: Colours = new Map(),
): Colours {
  const colours = new Map(before);
  for (const { run } of runs) {
    const known = remembered.get(run);
    if (!colours.has(run) && known !== undefined) colours.set(run, known);
  }
  for (const { run } of runs) if (!colours.has(run)) colours.set(run, leastUsed(colours.values()));
  return colours;
}

function leastUsed(used: Iterable<string>): string {
  const counts = new Map<string, number>(RUN_COLOURS.map((colour) => [colour, 0]));
  for (const colour of used) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  return RUN_COLOURS.reduce((a, b) => ((counts.get(b) ?? 0) < (counts.get(a) ?? 0) ? b : a));
}

/** `#0077bb`; what the browser's colour box gives and takes. */
export function isColour(text: unknown): text is string {
  return typeof text === "string" && /^#[0-9a-f]{6}$/.test(text);
}

/** Reads what `formatColours` wrote; anything else is nothing remembered. */
export function parseColours(text: string | null): RememberedColours {
  try {
    const stored = JSON.parse(text ?? "{}") as Partial<Record<keyof RememberedColours, unknown>>;
    return { assigned: parseMap(stored.assigned), chosen: parseMap(stored.chosen) };
  } catch {
    return NO_COLOURS;
  }
}

function parseMap(value: unknown): Colours {
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(
    Object.entries(value).filter((entry): entry is [string, string] => isColour(entry[1])),
  );
}

/** As text for the browser; what was remembered of other runs stays. */
export function formatColours(before: RememberedColours, now: RememberedColours): string {
  const assigned = [...new Map([...before.assigned, ...now.assigned])].slice(-MAX_REMEMBERED);
  // A choice that was taken back is one of a run that is here and is not chosen any more.
  const kept = [...before.chosen].filter(([run]) => !now.assigned.has(run));
  const chosen = [...new Map([...kept, ...now.chosen])].slice(-MAX_REMEMBERED);
  return JSON.stringify({
    assigned: Object.fromEntries(assigned),
    chosen: Object.fromEntries(chosen),
  });
}
