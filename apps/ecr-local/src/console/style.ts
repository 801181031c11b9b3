/** No colour alone carries a meaning; both schemes have a contrast of at least 4.5. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a4150); --soft: light-dark(#f3f5f8, #1d222b);
  --link: light-dark(#0a4fb3, #8ab8ff); --bad: light-dark(#a3160b, #ff9d93); --good: light-dark(#11632d, #7fdc9c);
  --ink: light-dark(#1a1f29, #e6e9ef); --quiet: light-dark(#525b6b, #a9b2c2); --page: light-dark(#fff, #14181f); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
a { color: var(--link); }
header { border-bottom: 1px solid var(--line); background: var(--soft); padding: .6rem 1.2rem; display: flex;
  flex-wrap: wrap; gap: .3rem 1.4rem; align-items: baseline; }
header strong { font-size: 1.05rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; margin: 0; padding: 0; }
nav [aria-current] { font-weight: 600; color: inherit; text-decoration: none; border-bottom: 2px solid var(--link); }
header p { margin: 0 0 0 auto; color: var(--quiet); display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; overflow-wrap: anywhere; }
main { padding: 1rem 1.2rem 3rem; max-width: 84rem; margin: 0 auto; }
h1 { font-size: 1.4rem; margin: .3rem 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
.scroll:focus-visible, a:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible,
summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .5rem .8rem; color: var(--quiet); }
th, td { text-align: left; padding: .4rem .8rem; border-top: 1px solid var(--line); vertical-align: top; }
thead th { background: var(--soft); white-space: nowrap; }
td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.wrap { min-width: 8rem; }
td code { white-space: nowrap; }
td code.answer { white-space: pre-wrap; }
td summary { color: var(--quiet); margin: 0; }
td.wrap, dd, .tag { overflow-wrap: anywhere; }
time { white-space: nowrap; }
code, pre, textarea { font: 13px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem;
  margin: .4rem 0; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 4px; padding: 0 .4rem; margin: 0 .3rem .2rem 0; }
.quiet { color: var(--quiet); font-weight: 400; }
.bad { color: var(--bad); }
.good { color: var(--good); }
summary { margin: .5rem 0; }
tr.gone td { color: var(--quiet); }
mark { background: light-dark(#ffe1dd, #5a1e18); color: inherit; display: inline-block; min-width: 100%; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: .4rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; min-width: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .6rem 0; }
input, textarea, button { font: inherit; color: inherit; background: var(--page); border: 1px solid light-dark(#7a8494, #8590a3);
  border-radius: 5px; padding: .3rem .6rem; max-width: 100%; }
textarea { display: block; width: 100%; min-height: 26rem; margin-top: .2rem; font: 13px/1.5 ui-monospace, monospace; }
.command { display: block; margin: .5rem 0; color: var(--quiet); }
.command input { display: block; width: 100%; background: var(--soft); font: 13px/1.5 ui-monospace, monospace; color: var(--ink); }
input[type=number] { width: 6.5rem; }
button { background: var(--soft); cursor: pointer; }
button.main { background: light-dark(#0a4fb3, #8ab8ff); color: light-dark(#fff, #0d1420); border-color: transparent; }
.split { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.4rem; }
.split > * { min-width: 0; }
.note { border-left: 3px solid var(--link); background: var(--soft); padding: .5rem .8rem; margin: .6rem 0; }
.note.problem { border-color: var(--bad); }
svg rect.track { fill: var(--line); }
svg rect.kept { fill: light-dark(#3b7d54, #5fb881); }
svg line { stroke: var(--ink); stroke-dasharray: 2 2; }
@media (max-width: 34rem) { main, header { padding-left: .7rem; padding-right: .7rem; } dl { grid-template-columns: 1fr; }
  th, td, caption { padding: .35rem .45rem; } td.wrap { min-width: 6rem; } }
`;
