import { describe, expect, it } from "vitest";
import { renderReport } from "../../../../src/cli/bench/terminal.js";
import { exampleReport } from "./example-report.js";

describe("the report in the terminal", () => {
  const text = renderReport(exampleReport());

  it("fits 100 columns", () => {
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("begins with the version and the machine", () => {
    const [version, machine] = text.split("\n");
    expect(version).toBe("nearfar 0.1.0 (0123456789ab)");
    expect(machine).toBe("Example <CPU> & Co, 2 cores, Node 20.20.2, linux 6.1 x64");
  });

  it("has a row with all numbers for a measurement", () => {
    expect(text).toMatch(/far, Unix socket +56\.1 µs +67\.3 µs +140 µs +17,800 +401x/);
  });

  it("says in words how many times the calls near makes", () => {
    expect(text).toContain(
      "hash 13 B: 28.5x aside, 12,300x TCP, 401x a Unix socket, 240x TCP with 64 in flight",
    );
  });

  it("marks the extrapolated time of a million requests as such", () => {
    expect(text).toMatch(/1,000,000 hashes of 13 B, near: 142 ms/);
    expect(text).toMatch(/far, TCP: 9,000\/s over 9,000 requests.*111 s \(extrapolated\)/);
  });

  it("without near shows the far ways and says why", () => {
    const partial = renderReport(exampleReport(["unix", "tcp"]));
    expect(partial).toContain("near: not measured here. no native binary: switched off");
    expect(partial).not.toContain("x a Unix socket");
    expect(partial).toMatch(/far, TCP .* -$/m);
  });
});
