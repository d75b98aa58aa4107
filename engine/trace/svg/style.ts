/*
 * The colours are of Okabe and Ito's palette, which the colour-blind can distinguish; shape and height say the same
 * again: waiting is a thin line, ready a hatched bar, running a full one.
 */
const LIGHT = {
  ground: "#ffffff",
  ink: "#1c2733",
  faint: "#5d6b7a",
  line: "#d8dee6",
  band: "#f3f5f8",
  waiting: "#a9b4c0",
  ready: "#e69f00",
  running: "#0072b2",
  wake: "#b3470a",
  create: "#7a5195",
  message: "#00785a",
  bad: "#b3002d",
};

const DARK: typeof LIGHT = {
  ground: "#14191f",
  ink: "#e8edf2",
  faint: "#9aa7b4",
  line: "#333d48",
  band: "#1d242c",
  waiting: "#66727f",
  ready: "#f0b429",
  running: "#56b4e9",
  wake: "#f0894b",
  create: "#c39bd8",
  message: "#2fc79c",
  bad: "#ff6b81",
};

/** The rules that have colours, without variables: the programs that papers are made with do not know them. */
const colourRules = (colours: typeof LIGHT): string =>
  [
    `text{fill:${colours.ink}}`,
    `.faint,.host{fill:${colours.faint}}`,
    `.number,.ground{fill:${colours.ground}}`,
    `.band{fill:${colours.band}}`,
    `.row,.tick{stroke:${colours.line}}`,
    `.waiting{fill:${colours.waiting}}`,
    `.ready,.hatch{stroke:${colours.ready}}`,
    `.running{fill:${colours.running}}`,
    ...(["wake", "create", "message"] as const).flatMap((kind) => [
      `.${kind}{stroke:${colours[kind]}}`,
      `.tip-${kind}{fill:${colours[kind]}}`,
    ]),
    `.lost,.lost-mark,.bad{stroke:${colours.bad}}`,
    `.tip-lost{fill:${colours.bad}}`,
    `.print{fill:${colours.ink}}`,
    `.finish{stroke:${colours.ink}}`,
  ]
    .map((rule) => rule.replace(/(^|,)(?=[.t])/g, "$1.simloop "))
    .join("\n");

/** The style sheet of a picture: dark where the reader's system is. */
export const STYLE = `<style>
.simloop text{font:12px ui-sans-serif,system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
.simloop .title{font-weight:600;font-size:14px}
.simloop .small{font-size:10.5px}
.simloop .end{text-anchor:end}
.simloop .middle{text-anchor:middle}
.simloop .host{font-weight:600;font-size:11px}
.simloop .code{font:11.5px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}
.simloop .number{font-size:9px;font-weight:700;text-anchor:middle}
.simloop .two{font-size:7.8px;letter-spacing:-.3px}
.simloop .ready{fill:url(#simloop-hatch);stroke-width:.75}
.simloop .hatch{stroke-width:2}
.simloop .arrow{fill:none;stroke-width:1.1;stroke-opacity:.8}
.simloop .create{stroke-dasharray:3 2}
.simloop .lost{stroke-dasharray:2 2}
.simloop .finish{stroke-width:2}
.simloop .bad{stroke-width:2;fill:none}
${colourRules(LIGHT)}
@media (prefers-color-scheme:dark){
${colourRules(DARK)}
}
</style>`;
