import { describe, expect, it } from "vitest";
import { renderTable, wrapText } from "../../../src/cli/table.js";

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

describe("wrapText", () => {
  it("breaks at blanks and keeps a word that is too long whole", () => {
    expect(wrapText("to be or not to be", 8).split("\n")).toEqual(["to be or", "not to", "be"]);
    expect(wrapText("a considerable word", 6).split("\n")).toEqual(["a", "considerable", "word"]);
    expect(wrapText("", 6)).toBe("");
  });
});
