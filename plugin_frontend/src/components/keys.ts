/** The keys of what is on the screen, and pressing one of them. Must not know how keys reach the screen. */
import type { Session } from "../state/session.js";
import type { Key, KeyGroup, Screen } from "./key.js";
import { KEY_GROUPS } from "./key_groups.js";

/** The groups with the keys that do something in the view that is shown. */
export function keyGroups(session: Session): readonly KeyGroup[] {
  const applies = (of: Pick<Key, "applies">): boolean => of.applies?.(session) ?? true;
  return KEY_GROUPS.filter(applies).map((group) => ({
    ...group,
    keys: group.keys.filter(applies),
  }));
}

/** Presses a key. False where it means nothing in the view that is shown. */
export function pressKey(screen: Screen, key: string): boolean {
  const found = keyGroups(screen.session)
    .flatMap(({ keys }) => keys)
    .find(({ keys }) => keys.includes(key));
  found?.press(screen, key);
  return found !== undefined;
}

/** How the help writes a key. */
export function writtenKeys(session: Session, { written }: Key): readonly string[] {
  return typeof written === "function" ? written(session) : written;
}
