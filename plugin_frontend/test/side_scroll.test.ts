import { expect, test, vi } from "vitest";
import { SideScroll } from "../src/components/side_scroll.js";
import type { ColumnPlace } from "../src/model/link.js";
import { Observable } from "../src/state/observable.js";
import type { Session } from "../src/state/session.js";

const INSET = 20;

/** An area with so much to scroll sideways, and the session of two runs. */
function scrolled(most: number) {
  const target = new EventTarget();
  let scrollLeft = 0;
  const area = {
    clientWidth: 1000,
    addEventListener: target.addEventListener.bind(target),
    get scrollLeft() {
      return scrollLeft;
    },
    set scrollLeft(left) {
      scrollLeft = Math.max(0, Math.min(most, left));
      target.dispatchEvent(new Event("scroll"));
    },
    /** As a browser does until it draws the next frame. */
    scrollUntold(left: number) {
      scrollLeft = left;
    },
  };
  const session = {
    left: new Observable<ColumnPlace | null>(null),
    derived: { columns: { runs: [{ run: "a" }, { run: "b" }], kind: "confusion" } },
    state: { value: { columnsInSight: null } },
    setColumnsInSight: vi.fn(),
  };
  const side = new SideScroll(
    area as unknown as HTMLElement,
    () => session as unknown as Session,
    INSET,
  );
  side.settle(960);
  return { area, session, side, scrollDown: () => target.dispatchEvent(new Event("scroll")) };
}

test("a column that the window has no room to bring to the left stays the place while one scrolls down", () => {
  const { session, side, scrollDown } = scrolled(0);
  side.move(1, undefined);
  side.follow();
  scrollDown();
  expect(session.left.value).toEqual({ run: "b", offset: 0 });
});

test("scrolling sideways by hand is another place", () => {
  const { area, session, side } = scrolled(600);
  side.move(1, undefined);
  side.follow();
  area.scrollLeft = 12;
  expect(session.left.value).toEqual({ run: "a", offset: 12 });
  area.scrollLeft = 0;
  expect(session.left.value).toBeNull();
});

test("a link that is followed before anyone was told of the scrolling goes to its own place", () => {
  const { area, session, side } = scrolled(600);
  area.scrollUntold(300);
  session.left.set(null);
  side.follow();
  side.go();
  expect(area.scrollLeft).toBe(0);
});
