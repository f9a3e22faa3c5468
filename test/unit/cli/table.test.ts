import { describe, expect, it } from "vitest";
import { renderTable } from "../../../src/cli/table.js";

describe("renderTable", () => {
  it("aligns columns to their widest cell and ends no line in blanks", () => {
    const text = renderTable(
      [
        { heading: "name", align: "left" },
        { heading: "time", align: "right" },
      ],
      [["a", "1"], [], ["longer", "12345"]],
    );
    expect(text.split("\n")).toEqual([
      "name     time",
      "------  -----",
      "a           1",
      "",
      "longer  12345",
    ]);
  });
});
