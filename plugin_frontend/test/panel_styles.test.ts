import { describe, expect, test } from "vitest";
import { panelStyles } from "../src/components/panel_styles.js";

// There is no layout engine here: the rules stand for what a browser makes of them.
function rule(selector: string): string {
  const start = panelStyles.cssText.indexOf(`  ${selector} {`);
  return panelStyles.cssText.slice(start, panelStyles.cssText.indexOf("}", start));
}

describe("the caption of a run's column", () => {
  test("keeps room for eight characters of the run's name, and cuts long chips instead", () => {
    expect(rule(".caption .name")).toContain("min-width: 8ch;");
    expect(rule(".caption .chip")).toContain("min-width: 0;");
    expect(rule(".caption .chip")).toContain("text-overflow: ellipsis;");
    expect(rule(".moment")).not.toContain("flex: none");
  });
});
