-- GET /style.css: how pages look, light or dark as the reader wants it. -> body
select $css$:root {
  color-scheme: light dark;
  --back: #fdfdfc; --text: #1d2126; --dim: #5b6570; --line: #d9dde2; --panel: #f3f4f6; --link: #0b57a8;
  --add: #e2f5e5; --add-text: #12602a; --del: #fbe6e5; --del-text: #962020; --hunk: #e6eefb; --mark: #fff5d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171a; --text: #dfe3e7; --dim: #98a2ad; --line: #33393f; --panel: #1d2125; --link: #7ab8ff;
    --add: #12301b; --add-text: #8edba1; --del: #3a1a1b; --del-text: #f2a3a0; --hunk: #17273d; --mark: #37300f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: .75rem 1rem; }
header { border-bottom: 1px solid var(--line); }
footer { margin-top: 2rem; border-top: 1px solid var(--line); color: var(--dim); font-size: .875rem; }
a { color: var(--link); text-decoration: none; overflow-wrap: anywhere; }
a:hover, a:focus { text-decoration: underline; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: .5rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; font-weight: 600; margin: 0; padding: .4rem .75rem; background: var(--panel); border-bottom: 1px solid var(--line); }
h3 a[href^="#"] { color: var(--dim); font-weight: 400; }
pre, code { font: .8125rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; tab-size: 8; }
code { overflow-wrap: anywhere; }
pre { margin: 0; padding: .75rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 4px; }
pre.text { white-space: pre-wrap; overflow-wrap: anywhere; }
dl { margin: 0 0 1rem; display: grid; grid-template-columns: minmax(0, 1fr); row-gap: .15rem; }
dl div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th { text-align: left; font-weight: 600; color: var(--dim); border-bottom: 2px solid var(--line); }
th, td { padding: .35rem .75rem .35rem 0; vertical-align: top; }
td { border-bottom: 1px solid var(--line); }
td time { white-space: nowrap; }
.checks td:first-child { width: 1%; }
tr.current td { background: var(--mark); }
tr.current td.name { font-weight: 600; }
.state, .check, .tag { display: inline-block; padding: 0 .45rem; border-radius: .7rem; border: 1px solid var(--line);
  background: var(--panel); font-size: .8125rem; white-space: nowrap; }
.s-accepted, .c-success { background: var(--add); color: var(--add-text); }
.s-rejected, .s-missing, .c-fail { background: var(--del); color: var(--del-text); }
.s-changes-requested, .c-warning { background: var(--mark); }
.s-under-review { background: var(--hunk); }
.q, .cut, .none, .count, .only { color: var(--dim); }
.cut { font-size: .875rem; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--dim); padding: .3rem 0; }
details.file { border: 1px solid var(--line); border-radius: 4px; }
details.file summary { padding: .35rem .75rem; background: var(--panel); color: var(--text); }
details.file pre { border: 0; border-top: 1px solid var(--line); border-radius: 0; }
summary .a { color: var(--add-text); }
summary .d { color: var(--del-text); }
pre.diff { padding: 0; }
pre.diff code { display: block; width: max-content; min-width: 100%; padding: .25rem .75rem; overflow-wrap: normal; }
pre.diff span { display: block; margin: 0 -.75rem; padding: 0 .75rem; unicode-bidi: isolate; }
pre.diff .a { background: var(--add); color: var(--add-text); }
pre.diff .d { background: var(--del); color: var(--del-text); }
pre.diff .h { background: var(--hunk); }
pre.diff .m { color: var(--dim); }
.comment { margin: .75rem 0; border: 1px solid var(--line); border-radius: 4px; overflow: hidden; }
.comment pre { border: 0; }
.comment:target { outline: 2px solid var(--link); }
.depth1 { margin-left: 1.25rem; } .depth2 { margin-left: 2.5rem; } .depth3 { margin-left: 3.75rem; }
.depth4 { margin-left: 5rem; } .depth5 { margin-left: 6.25rem; } .depth6 { margin-left: 7.5rem; }
.depth7 { margin-left: 8.75rem; }
.filters { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: 0 0 1rem; }
input, select, button { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line);
  border-radius: 4px; padding: .15rem .5rem; max-width: 100%; }
button { background: var(--panel); cursor: pointer; }
.pages { display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin: 1rem 0; }
@media (max-width: 46rem) {
  body { font-size: 15px; }
  dl div { grid-template-columns: 6.5rem minmax(0, 1fr); }
  thead { display: none; }
  tr { display: flex; flex-wrap: wrap; gap: .1rem .6rem; align-items: baseline; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: 0; font-size: .875rem; }
  td:empty { display: none; }
  td.name { flex: 1 1 100%; font-size: 1rem; }
  tr.current { background: var(--mark); }
  .comment { margin-left: 0; }
  .depth1 { margin-left: .4rem; } .depth2 { margin-left: .8rem; } .depth3, .depth4, .depth5, .depth6, .depth7 { margin-left: 1.2rem; }
}
@media print {
  header, footer, .filters, .pages { display: none; }
  pre { white-space: pre-wrap; }
}
$css$ as body
