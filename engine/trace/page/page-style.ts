const LIGHT =
  "--ground:#fff;--panel:#f6f8fa;--ink:#1c2733;--faint:#5d6b7a;--line:#d8dee6;--band:#f1f4f8;--waiting:#a9b4c0;--ready:#d98f00;--running:#0072b2;--wake:#b3470a;" +
  "--create:#7a5195;--message:#00785a;--bad:#b3002d;--head:#111827;--match:#c2a400;--mark:#fff2b8;--focus:#0072b2;--alert:#fdecef";
const DARK =
  "--ground:#14191f;--panel:#1b222a;--ink:#e8edf2;--faint:#9aa7b4;--line:#333d48;--band:#1c232b;--waiting:#66727f;--ready:#f0b429;--running:#56b4e9;--wake:#f0894b;" +
  "--create:#c39bd8;--message:#2fc79c;--bad:#ff6b81;--head:#fff;--match:#f0e442;--mark:#4a4313;--focus:#56b4e9;--alert:#35191f";

/**
 * The style sheet of the page. The colours are of Okabe and Ito's palette; shape and height say the same as they do.
 */
export const PAGE_STYLE = `
:root{color-scheme:light;${LIGHT}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${DARK}}}
:root[data-theme=dark]{color-scheme:dark;${DARK}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html,body{height:100%;margin:0}
body{display:grid;grid-template:auto auto minmax(0,1fr) auto/minmax(0,1fr);background:var(--ground);color:var(--ink);font:13px/1.45 ui-sans-serif,system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;overflow:hidden}
header,footer{display:flex;align-items:center;gap:8px 14px;padding:8px 14px;background:var(--panel);border:0 solid var(--line)}
header{border-bottom-width:1px;flex-wrap:wrap}
footer{border-top-width:1px}
h1{font-size:15px;margin:0;white-space:nowrap}
h2{font-size:15px;margin:0 0 10px}
p{margin:0}
#facts{color:var(--faint);font-size:12px;flex:1 1 160px;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.tools{display:flex;flex-wrap:wrap;gap:8px}
.group{display:flex;align-items:center}
button,input[type=search]{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--line);padding:3px 9px;height:28px}
button{cursor:pointer;margin-left:-1px;min-width:30px}
.group>:first-child,dialog button{border-radius:6px 0 0 6px;margin-left:0}
.group>:last-child{border-radius:0 6px 6px 0}
dialog button{border-radius:6px}
button:hover{background:var(--band)}
button[aria-pressed=true]{background:var(--running);color:var(--ground);border-color:var(--running)}
:focus-visible{outline:2px solid var(--focus);outline-offset:1px;z-index:1}
canvas:focus-visible{outline-offset:-2px}
.search input{width:170px}
.search output:empty{display:none}
.search output{border:1px solid var(--line);border-width:1px 0;height:28px;line-height:26px;padding:0 6px;color:var(--faint);font-size:12px;background:var(--ground);min-width:54px;text-align:right;white-space:nowrap}
main{grid-row:3;display:grid;grid-template-columns:minmax(0,1fr) minmax(260px,360px);min-height:0}
#charts{display:grid;grid-auto-rows:auto;grid-template-rows:minmax(0,1fr);min-height:0;min-width:0}
#charts:has(#second:not([hidden])){grid-template-rows:minmax(0,1fr) minmax(0,1fr)}
.chart{position:relative;min-height:0;min-width:0;overflow:hidden}
#second{border-top:2px solid var(--line)}
.chart .name{position:absolute;z-index:1;left:12px;top:4px;font-weight:600;font-size:12px;max-width:150px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
canvas{position:absolute;inset:0;width:100%;height:100%;display:block;touch-action:none;cursor:crosshair}
canvas.dragged{cursor:grabbing}
#failure{grid-row:2;max-height:26vh;overflow:auto;padding:8px 14px;background:var(--alert);border-bottom:2px solid var(--bad);overflow-wrap:anywhere}
#failure h2{font-size:13px;margin:0;color:var(--bad)}
#failure pre{margin:2px 0;font:11.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap}
#failure ol{margin:4px 0;padding-left:22px}
#failure .copy{font-size:12px;margin-top:2px}
#failure .copy span{color:var(--faint)}
#failure code{font:11.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
#legend{display:flex;flex-wrap:wrap;gap:2px 16px;padding:5px 14px;border-top:1px solid var(--line);font-size:11.5px;color:var(--faint);align-items:center}
#legend span{display:inline-flex;align-items:center;gap:6px}
#legend b{color:var(--ink);font-size:10px}
#legend em{color:var(--wake);font-style:normal}
#legend i{width:20px;display:inline-block}
#legend .run{height:12px;background:var(--running)}
#legend .ready{height:8px;border:1px solid var(--ready);background:repeating-linear-gradient(135deg,var(--ready) 0 1.5px,transparent 1.5px 4px)}
#legend .wait{height:3px;background:var(--waiting)}
#legend .arrow{border-top:1.5px solid;height:0;position:relative}
#legend .arrow::after{content:"";position:absolute;right:-1px;top:-4.5px;border:3.5px solid transparent;border-left:6px solid;border-right:0}
#legend .wake{color:var(--wake)}
#legend .create{color:var(--create);border-top-style:dashed}
#legend .message{color:var(--message)}
#legend .lost{color:var(--bad);border-top-style:dotted}
#legend b.bad{color:var(--bad);font-size:12px}
aside{display:grid;grid-template-rows:auto auto minmax(0,1fr);border-left:1px solid var(--line);min-height:0;min-width:0;background:var(--panel)}
#details{padding:10px 14px;max-height:44vh;overflow:auto;overflow-wrap:anywhere}
#details h3{margin:0 0 2px;font-size:13px}
#details .when{color:var(--faint);font-size:12px}
#details table{border-collapse:collapse;font-size:12px;margin-top:6px;width:100%}
#details th{font-weight:400;color:var(--faint);text-align:left;vertical-align:top;padding:1px 14px 1px 0;white-space:nowrap;width:1%}
#details .differs td{background:var(--mark)}
#details td{padding:1px 0;font-variant-numeric:tabular-nums}
#details .other{border-top:1px solid var(--line);margin-top:8px;padding-top:8px}
#details .side{color:var(--faint);font-size:11px}
button.link{border:0;background:none;color:var(--running);padding:0;height:auto;min-width:0;text-align:left;text-decoration:underline;text-underline-offset:2px}
.source{margin:6px 0 0;background:var(--ground);border:1px solid var(--line);border-radius:6px;font:11.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow:auto}
.source div{white-space:pre;padding:0 8px;min-width:max-content}
.source .at{background:var(--mark)}
.source .number{color:var(--faint);display:inline-block;min-width:30px;text-align:right;margin-right:10px;user-select:none}
.tabs{display:flex;border-bottom:1px solid var(--line);padding:0 10px}
.tabs button{border:0;background:none;height:30px;padding:0 10px;color:var(--faint);border-bottom:2px solid transparent}
.tabs button[aria-selected=true]{color:var(--ink);border-bottom-color:var(--running)}
.panels{min-height:0;position:relative;background:var(--ground)}
.columns{position:absolute;inset:0;display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,1fr)}
.columns>div{display:grid;grid-template-rows:auto minmax(0,1fr);min-width:0;min-height:0}
.columns>div+div{border-left:1px solid var(--line)}
.columns h4{margin:0;padding:3px 10px;font-size:11px;font-weight:600;color:var(--faint);border-bottom:1px solid var(--line);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.columns .list{grid-row:2;overflow:auto;position:relative;min-height:0}
#difference{position:absolute;inset:0;overflow:auto;margin:0}
#difference{padding:10px 14px;font:11.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.space{position:relative;min-width:max-content}
.line{position:absolute;left:0;right:0;height:20px;line-height:20px;white-space:pre;padding:0 14px 0 0;cursor:pointer;font-size:12px;min-width:100%;width:max-content}
.line:hover{background:var(--band)}
.line .time{display:inline-block;width:76px;padding-right:10px;text-align:right;color:var(--faint);font-size:11px;font-variant-numeric:tabular-nums}
.line .who{font-weight:600}
#output .line{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.line.future{color:var(--faint);opacity:.6}
.line.match{background:var(--mark)}
.line.now{box-shadow:inset 3px 0 0 var(--head);background:var(--band)}
footer input{flex:1;min-width:60px;accent-color:var(--running)}
#place{font-variant-numeric:tabular-nums;white-space:nowrap;min-width:190px;text-align:right}
#tip{position:fixed;z-index:10;max-width:min(420px,90vw);padding:6px 10px;background:var(--ink);color:var(--ground);border-radius:6px;font-size:12px;pointer-events:none;overflow-wrap:anywhere}
#tip small{display:block;opacity:.75}
dialog{border:1px solid var(--line);border-radius:10px;background:var(--ground);color:var(--ink);padding:18px 22px;max-width:min(560px,92vw)}
dialog::backdrop{background:#0007}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:0 0 14px}
dt{font-weight:600;white-space:nowrap}
dd{margin:0}
noscript{position:fixed;inset:40% 10%;text-align:center}
@media (max-width:820px){
#legend{display:none}
.chart .name{max-width:86px}
#failure{max-height:20vh}
main{grid-template-columns:minmax(0,1fr);grid-template-rows:minmax(0,1.2fr) minmax(0,1fr)}
aside{border-left:0;border-top:1px solid var(--line)}
#details{max-height:20vh}
footer{flex-wrap:wrap}
#place{min-width:0;margin-left:auto}
h1{white-space:normal;overflow-wrap:anywhere}
#facts{flex-basis:100%;order:1}
.tools{order:2}
.search input{width:110px}
}
`;
