/** How the page looks: one column to read, quiet colours, light or dark as the reader has it, and fit for paper. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --sheet: #fff; --ink: #1f2328; --quiet: #667079; --rule: #e3e0da; --well: #f4f2ee;
  --good: #2c7a51; --bad: #b3372f; --warn: #9a6a08; --link: #2c5f8a;
  --good-ground: #e6f2ea; --bad-ground: #fbe9e7; --warn-ground: #faf0d9;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15181b; --sheet: #1b1f23; --ink: #dfe3e6; --quiet: #949da5; --rule: #30363c; --well: #22272c;
    --good: #6fc596; --bad: #f08b80; --warn: #e0b354; --link: #86b9e6;
    --good-ground: #1d3327; --bad-ground: #43221f; --warn-ground: #3b3018;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif;
}
main { max-width: 62rem; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
h1 { font-size: 2.1rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0; font-weight: 650; }
h2 { font-size: 1.3rem; letter-spacing: -0.01em; margin: 3.2rem 0 0.4rem; font-weight: 620; }
h3 { font-size: 1rem; margin: 2rem 0 0.5rem; font-weight: 620; }
h3 small { font-weight: 400; color: var(--quiet); margin-left: 0.5em; }
p { margin: 0.4rem 0; max-width: 44rem; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
code, pre { font-family: var(--mono); font-size: 0.82em; }
.quiet { color: var(--quiet); }
.head { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: baseline; }
.head .version { color: var(--quiet); }
.lead { font-size: 1.1rem; margin-top: 0.7rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.figures { display: flex; flex-wrap: wrap; gap: 0; margin: 1.8rem 0 1.2rem; padding: 0; list-style: none;
  border: 1px solid var(--rule); border-radius: 8px; background: var(--sheet); }
.figures li { flex: 1 1 6.5rem; padding: 0.8rem 1rem; border-left: 1px solid var(--rule); margin-left: -1px; }
.figures b { display: block; font-size: 1.5rem; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums; }
.figures span { color: var(--quiet); font-size: 0.84rem; }
nav { font-size: 0.9rem; color: var(--quiet); } nav a { margin-right: 1.1em; white-space: nowrap; }
.card { background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; overflow: hidden; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th { text-align: left; font-weight: 500; color: var(--quiet); font-size: 0.82rem; }
th, td { padding: 0.5rem 1rem; border-top: 1px solid var(--rule); vertical-align: top; }
tr:first-child > td { border-top: 0; } thead + tbody tr:first-child > td { border-top: 1px solid var(--rule); }
.wrong td:first-child, .wrong td.name { width: 1%; }
thead th { border-top: 0; background: var(--well); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.name { white-space: nowrap; }
.one { border-top: 1px solid var(--rule); } .one:first-child { border-top: 0; }
.one > summary { display: grid; grid-template-columns: 5.2rem minmax(0, 1fr) auto; gap: 0 1rem; align-items: baseline;
  padding: 0.6rem 1rem; cursor: pointer; list-style: none; }
.one > summary::-webkit-details-marker { display: none; }
.one > summary:hover { background: var(--well); }
.one > summary:focus-visible { outline: 2px solid var(--link); outline-offset: -2px; }
.one[open] > summary { background: var(--well); }
.one .id { font-family: var(--mono); font-size: 0.8rem; color: var(--quiet); display: block; overflow-wrap: anywhere; }
.one .side { color: var(--quiet); font-size: 0.82rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.mark { font-size: 0.78rem; border-radius: 4px; padding: 0.1rem 0.45rem; text-align: center; line-height: 1.5; }
.mark.passed { color: var(--good); background: var(--good-ground); }
.mark.failed { color: var(--bad); background: var(--bad-ground); font-weight: 600; }
.mark.vacuous, .mark.lacking { color: var(--warn); background: var(--warn-ground); font-weight: 600; }
.mark.skipped { color: var(--quiet); background: var(--well); }
.inside { padding: 0.4rem 1rem 1.1rem 7.2rem; font-size: 0.9rem; }
.inside h4 { font-size: 0.82rem; font-weight: 500; color: var(--quiet); margin: 1rem 0 0.2rem; }
.inside ul { margin: 0.2rem 0; padding-left: 1.1rem; } .inside li { overflow-wrap: anywhere; }
.findings li { color: var(--bad); }
.run { display: block; background: var(--well); border-radius: 5px; padding: 0.4rem 0.7rem; overflow-x: auto;
  white-space: pre; user-select: all; }
.exchange { border: 1px solid var(--rule); border-radius: 5px; margin-top: 0.3rem; background: var(--ground); }
.exchange > summary { display: flex; gap: 0.7em; padding: 0.25rem 0.7rem; cursor: pointer; font-family: var(--mono);
  font-size: 0.78rem; align-items: baseline; }
.exchange .path { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: 1; }
.exchange .nth { color: var(--quiet); min-width: 2em; text-align: right; }
.exchange .fault { color: var(--bad); white-space: nowrap; } .exchange .wrote { color: var(--good); white-space: nowrap; }
.exchange pre { margin: 0; padding: 0.5rem 0.8rem; border-top: 1px solid var(--rule); white-space: pre-wrap;
  overflow-wrap: anywhere; line-height: 1.45; }
.exchange pre.answer { background: var(--well); }
.gap { color: var(--quiet); font-size: 0.82rem; padding: 0.4rem 0.7rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--quiet); font-size: 0.86rem; }
@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 3rem; }
  .one > summary { grid-template-columns: 4.6rem minmax(0, 1fr); } .one .side { display: none; }
  .inside { padding-left: 1rem; }
}
@media print {
  body { background: #fff; } .exchange, nav { display: none; } .card { border-radius: 0; } h2, h3 { break-after: avoid; }
}
`
