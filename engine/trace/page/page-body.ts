const button = (id: string, label: string, title: string): string =>
  `<button type="button" id="${id}" title="${title}" aria-label="${title}">${label}</button>`;

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["← →", "an event back or on"],
  ["Shift ← →", "a step of a task back or on"],
  ["Home End", "the first or last event"],
  ["Space", "play, or stop"],
  ["+ −", "zoom in or out (or the wheel; drag to move)"],
  ["0", "show all"],
  ["A D", "move to the left or right (or Shift and the wheel)"],
  ["↑ ↓", "scroll the lanes (or the wheel over the names)"],
  ["T", "by event, or by virtual time"],
  [
    "/",
    "search: words, host:n2, kind:dropped, task:worker*, t&gt;10; Enter and Shift Enter, or N and P: next and previous",
  ],
  ["C", "what made this happen"],
  ["G", "the first difference of two runs"],
  ["L", "light or dark"],
  ["?", "this list"],
];

const KEY_LIST = KEYS.map(([keys, does]) => `<dt>${keys}</dt><dd>${does}</dd>`).join("");

const LEGEND =
  '<span><i class="run"></i>running</span><span><i class="ready"></i>ready</span><span><i class="wait"></i>waiting</span>' +
  '<span><i class="arrow wake"></i>wakes</span><span><i class="arrow create"></i>creates</span><span><i class="arrow message"></i>packet</span>' +
  '<span><i class="arrow lost"></i>lost packet</span><span><b>◆</b>prints</span>' +
  '<span><b>❙</b>finished</span><span><b class="bad">✕</b>failed</span><span><b class="bad">⊘</b>cancelled</span>';

/** What stands on the page; the script finds its parts by their ids. */
export const PAGE_BODY = `
<header>
<h1 id="title"></h1><p id="facts"></p>
<div class="tools">
<div class="group" role="group" aria-label="Axis">${button("by-event", "by event", "Give every event its room (T)")}${button("by-time", "by time", "Show virtual time to scale (T)")}</div>
<div class="group search"><input id="search" type="search" placeholder="Search (/)" aria-label="Search the events" autocomplete="off" spellcheck="false"><output id="found"></output>${button("previous-match", "‹", "Previous match (P)")}${button("next-match", "›", "Next match (N)")}</div>
<div class="group">${button("zoom-out", "−", "Zoom out (−)")}${button("zoom-in", "+", "Zoom in (+)")}${button("fit", "all", "Show all (0)")}</div>
<div class="group">${button("theme", "◐", "Light or dark (L)")}${button("help", "?", "Keys (?)")}</div>
</div>
</header>
<section id="failure" role="alert" hidden></section>
<main>
<section id="charts" aria-label="Swim lanes">
<div class="chart"><p class="name" id="name-a"></p><canvas id="chart-a" tabindex="0" role="img" aria-label="Swim lanes of the run"></canvas></div>
<div class="chart" id="second" hidden><p class="name" id="name-b"></p><canvas id="chart-b" tabindex="0" role="img" aria-label="Swim lanes of the other run"></canvas></div>
<div id="legend" aria-hidden="true">${LEGEND}<em id="crowded"></em></div>
</section>
<aside>
<section id="details" aria-live="polite" aria-label="The event at the play head"></section>
<div class="tabs" role="tablist"><button type="button" role="tab" id="tab-output" aria-controls="output" aria-selected="true">Output</button><button type="button" role="tab" id="tab-schedule" aria-controls="schedule" aria-selected="false">Schedule</button><button type="button" role="tab" id="tab-difference" aria-controls="difference" aria-selected="false" hidden>Difference</button></div>
<div class="panels"><div class="columns" id="output" role="tabpanel" aria-labelledby="tab-output"></div><div class="columns" id="schedule" role="tabpanel" aria-labelledby="tab-schedule" hidden></div><pre id="difference" role="tabpanel" aria-labelledby="tab-difference" tabindex="0" hidden></pre></div>
</aside>
</main>
<footer>
<div class="group">${button("first", "⇤", "First event (Home)")}${button("back", "←", "An event back (←)")}${button("play", "▶", "Play (Space)")}${button("on", "→", "An event on (→)")}${button("last", "⇥", "Last event (End)")}</div>
<input id="head" type="range" min="0" step="1" value="0" aria-label="Play head">
<output id="place"></output>
</footer>
<div id="tip" role="tooltip" hidden></div>
<dialog id="keys"><h2>Keys</h2><dl>${KEY_LIST}</dl><form method="dialog"><button>Close</button></form></dialog>
<noscript>This page draws a run of a program; it needs JavaScript to be allowed.</noscript>
`;
