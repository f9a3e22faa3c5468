/** The look of the HTML report, in light and dark, on a phone and on paper. */
export const htmlStyle = `
:root { --page: #f4f6f8; --surface: #ffffff; --text: #1c2126; --muted: #5a646e; --line: #d9dee3;
  --accent: #0b7a75; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0e1114; --surface: #15191d; --text: #e8ecef; --muted: #a0abb5; --line: #343c44;
    --accent: #35c2b8; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 62rem; background: var(--page);
  color: var(--text); font: 1rem/1.55 system-ui, sans-serif; }
header { border-left: 4px solid var(--accent); padding-left: 1.25rem; margin-bottom: 2.5rem; }
h1 { margin: 0 0 .5rem; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 0 0 .75rem; font-size: 1.2rem; }
header p { margin: .25rem 0; max-width: 46rem; }
.facts { color: var(--muted); font-size: .9rem; }
section { margin-bottom: 2.25rem; }
ul { margin: 0; padding-left: 1.2rem; }
figure { margin: 0; overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
figure svg { display: block; width: 100%; min-width: 42rem; height: auto; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px;
  background: var(--surface); }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: .92rem;
  font-variant-numeric: tabular-nums; }
caption { padding: .75rem 1rem 0; text-align: left; color: var(--muted); }
th, td { padding: .35rem 1rem; text-align: right; white-space: nowrap; font-weight: 400; }
thead th, .group th { font-weight: 650; }
th[scope="row"], .group th, thead th:first-child { text-align: left; }
.group th { padding-top: .9rem; border-top: 1px solid var(--line); }
pre { padding: .9rem 1rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 8px;
  background: var(--surface); }
code { font-family: ui-monospace, monospace; font-size: .92em; }
@media print { body { max-width: none; padding: 0; } section { break-inside: avoid; } }
`;
