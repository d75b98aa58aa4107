import { readFile } from "node:fs/promises";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import type { Browser, Page } from "playwright-core";
import { filterTrace, Recorder, Trace, type TraceRecord, toHtml } from "../../engine/index.ts";
import { pageScriptFile, pageScriptModule } from "./build-page.ts";
import { browserPath, openBrowser, openPage } from "./chromium.ts";

/*
 * The page in a real browser. Where there is none, these tests are skipped and say so; with REQUIRE_BROWSER=1 they
 * fail.
 */

const isWanted = browserPath !== undefined || process.env["REQUIRE_BROWSER"] === "1";
let browser: Browser;

test.before(async () => {
  if (isWanted) {
    if (browserPath === undefined) {
      throw new Error(
        "REQUIRE_BROWSER=1, and there is no Chromium; install one, or say where it is with CHROMIUM=path",
      );
    }
    browser = await openBrowser(browserPath);
  }
});
test.after.always(() => browser?.close());

interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

type Open = (html: string, opening?: Opening) => Promise<Page>;

/** A test with a page; anything that the page complains of is a failure. */
function inBrowser(title: string, body: (t: ExecutionContext, open: Open) => Promise<void>): void {
  let complaints: string[] = [];
  const pages: Page[] = [];
  const opened: Open = async (html, { width = 1280, height = 800, colorScheme = "light" } = {}) => {
    const page = await openPage(browser, { viewport: { width, height }, colorScheme, offline: true });
    pages.push(page);
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      // It is the test that reads the canvas back.
      if (!message.text().startsWith("Canvas2D: Multiple readback")) {
        complaints.push(message.text());
      }
    });
    await page.setContent(html);
    await page.waitForSelector("html[data-ready=yes]", { state: "attached" });
    return page;
  };
  (isWanted ? test.serial : test.serial.skip)(title, async (t) => {
    complaints = [];
    try {
      await body(t, opened);
    } finally {
      await Promise.all(pages.map((page) => page.close()));
    }
    t.deepEqual(complaints, []);
  });
}

const traceOf = (list: readonly object[], seed = 0): Trace =>
  new Trace(
    { ...new Recorder({ mode: "digest", program: "pair", seed }).trace.header },
    "",
    list.map((record, i) => ({ seq: i + 1, time: 0, ...record }) as TraceRecord),
  );

const pair = [
  { kind: "create", task: 1, name: "main", by: 0 },
  { kind: "wake", task: 1, by: 0 },
  { kind: "step", task: 1 },
  { kind: "create", task: 2, name: "child", by: 1, place: "pair.ts:3:7" },
  { kind: "wake", task: 2, by: 1 },
  { kind: "wait", task: 1, on: "task", target: 2 },
  { kind: "step", task: 2 },
  { kind: "print", text: "hello\n", by: 2 },
  { kind: "timer", handle: 3, when: 2, by: 2 },
  { kind: "wait", task: 2, on: "sleep", target: 3 },
  { time: 2, kind: "clock" },
  { time: 2, kind: "run", handle: 3 },
  { time: 2, kind: "wake", task: 2, by: 3 },
  { time: 2, kind: "step", task: 2 },
  { time: 2, kind: "print", text: "world\n", by: 2 },
  { time: 2, kind: "wake", task: 1, by: 2 },
  { time: 2, kind: "end", task: 2, outcome: "finished" },
  { time: 2, kind: "step", task: 1 },
  { time: 2, kind: "end", task: 1, outcome: "finished" },
];

const SOURCE = "function* main() {\n  // it sleeps\n  yield* createTask(child());\n}\n";
const html = toHtml(traceOf(pair), { sources: { "pair.ts": SOURCE } });

const heading = (page: Page): Promise<string | null> => page.textContent("#details h3");
const place = (page: Page): Promise<string | null> => page.textContent("#place");
/** Lines of the output that have been printed up to the play head. */
const printed = (page: Page): Promise<string[]> => page.locator("#output .line:not(.future)").allTextContents();
/** Colours on the canvas, by how many pixels have them, faint ones left out. */
const colours = (page: Page, canvas = "#chart-a"): Promise<Record<string, number>> =>
  page.evaluate((selector) => {
    const element = document.querySelector(selector) as HTMLCanvasElement;
    const pen = element.getContext("2d") as CanvasRenderingContext2D;
    const { data } = pen.getImageData(0, 0, element.width, element.height);
    const counts: Record<string, number> = {};
    for (let i = 0; i < data.length; i += 4) {
      const name = `${data[i]},${data[i + 1]},${data[i + 2]}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }, canvas);
/** Wait until the page has painted what was asked for before. */
const painted = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));

if (!isWanted) {
  test("Page: NOT TESTED, for this machine has no Chromium; install one, or say where it is with CHROMIUM=path", (t) => {
    t.log("skipped: the tests of the HTML page in a browser");
    t.pass();
  });
}

test("Page: the script in the sources is up to date; if not, `npm run page` makes it anew", async (t) => {
  const isFresh = (await readFile(pageScriptFile, "utf8")) === (await pageScriptModule());
  t.true(isFresh, "engine/trace/page/page-script.ts is older than what it is made of: run `npm run page`");
});

inBrowser("Page: it opens with the first event, and says what the run is", async (t, open) => {
  const page = await open(html);
  t.is(await page.textContent("#title"), "pair");
  t.regex((await page.textContent("#facts")) as string, /^19 events · 2 tasks · 2 instants · 2 s · seed 0 · start/);
  t.deepEqual([await heading(page), await place(page)], ["the outside creates main", "event 1 of 19 · 0 s"]);
});

inBrowser("Page: the play head goes from event to event, and the output goes with it", async (t, open) => {
  const page = await open(html);
  for (let i = 0; i < 7; i++) {
    await page.keyboard.press("ArrowRight");
  }
  t.deepEqual([await heading(page), await printed(page)], ['child prints "hello"', ["0 shello"]]);
  await page.keyboard.press("End");
  t.deepEqual([await heading(page), await printed(page)], ["main ends", ["0 shello", "2 sworld"]]);
  await page.keyboard.press("Home");
  t.deepEqual([await heading(page), await printed(page)], ["the outside creates main", []]);
  await page.keyboard.press("Shift+ArrowRight");
  t.is(await heading(page), "main starts");
  await page.click("#on");
  t.is(await heading(page), "main creates child at pair.ts:3:7");
  await page.keyboard.press("ArrowLeft");
  t.is(await heading(page), "main starts");
});

inBrowser("Page: play moves the head to the end and stops", async (t, open) => {
  const page = await open(toHtml(traceOf(pair.slice(0, 4))));
  await page.keyboard.press(" ");
  await page.waitForFunction(() => document.querySelector("#place")?.textContent?.startsWith("event 4 of 4") === true);
  await page.waitForSelector("#play[aria-pressed=false]");
  t.pass();
});

inBrowser("Page: search finds events and goes from one to the next", async (t, open) => {
  const page = await open(html);
  await page.keyboard.press("/");
  await page.keyboard.type("PRINTS");
  t.is(await page.textContent("#found"), "2");
  await page.keyboard.press("Enter");
  t.deepEqual([await heading(page), await page.textContent("#found")], ['child prints "hello"', "1 of 2"]);
  await page.keyboard.press("Enter");
  t.deepEqual([await heading(page), await page.textContent("#found")], ['child prints "world"', "2 of 2"]);
  await page.keyboard.press("Escape");
  t.deepEqual([await page.textContent("#found"), await page.inputValue("#search")], ["", ""]);
});

inBrowser("Page: a click on a lane goes to its event, and shows the line of the source", async (t, open) => {
  const page = await open(html);
  const box = await page.locator("#chart-a").boundingBox();
  t.truthy(box);
  await page.mouse.click((box?.x ?? 0) + 40, (box?.y ?? 0) + 26 + 24 + 12);
  t.is(await heading(page), "main creates child at pair.ts:3:7");
  t.is(await page.textContent(".source .at"), "3  yield* createTask(child());");
});

inBrowser("Page: the pointer over a bar says what it is", async (t, open) => {
  const page = await open(html);
  const box = await page.locator("#chart-a").boundingBox();
  const y = (box?.y ?? 0) + 26 + 12;
  await page.mouse.move((box?.x ?? 0) + 168 + ((box?.width ?? 0) - 168) / 2, y);
  t.regex((await page.textContent("#tip")) as string, /^main waits for childevent 6, at 0 s$/);
  await page.mouse.move(0, 0);
  t.true(await page.locator("#tip").isHidden());
});

inBrowser("Page: what made something happen is a key away", async (t, open) => {
  const page = await open(html);
  await page.keyboard.press("End");
  await page.keyboard.press("c");
  t.is(await heading(page), "child wakes main");
});

inBrowser("Page: the wheel zooms, dragging moves, and 0 shows all again", async (t, open) => {
  const page = await open(html);
  const shot = async (): Promise<string> => {
    await painted(page);
    return await page.evaluate(() => (document.querySelector("#chart-a") as HTMLCanvasElement).toDataURL());
  };
  await page.mouse.move(500, 600);
  const all = await shot();
  await page.mouse.wheel(0, -400);
  const near = await shot();
  await page.mouse.down();
  await page.mouse.move(300, 600, { steps: 4 });
  await page.mouse.up();
  const moved = await shot();
  await page.keyboard.press("0");
  t.deepEqual([all === near, near === moved, all === (await shot())], [false, false, true]);
});

inBrowser(
  "Page: waiting, ready and running have colours of their own, in the light and in the dark",
  async (t, open) => {
    const seen = async (colorScheme: "light" | "dark", wanted: readonly string[]): Promise<boolean[]> => {
      const page = await open(html, { colorScheme });
      await painted(page);
      const counts = await colours(page);
      return wanted.map((name) => (counts[name] ?? 0) > 100);
    };
    t.deepEqual(await seen("light", ["255,255,255", "169,180,192", "217,143,0", "0,114,178"]), [
      true,
      true,
      true,
      true,
    ]);
    t.deepEqual(await seen("dark", ["20,25,31", "102,114,127", "240,180,41", "86,180,233"]), [true, true, true, true]);
  },
);

inBrowser(
  "Page: after a yield, a task goes on because it gave up its turn, not because it was created",
  async (t, open) => {
    const yielding = [
      ...pair.slice(0, 3),
      { kind: "yield", task: 1 },
      { kind: "step", task: 1 },
      { kind: "print", text: "again\n", by: 1 },
    ];
    const page = await open(toHtml(traceOf(yielding)));
    await page.keyboard.press("End");
    t.deepEqual(await page.locator("#details tr", { hasText: "because" }).allTextContents(), [
      "becausemain gives up its turn (event 4)",
    ]);
    await page.keyboard.press("c");
    t.is(await heading(page), "main gives up its turn");
  },
);

inBrowser(
  "Page: a failure has a banner with the error, the command and the token, and links to its deviations",
  async (t, open) => {
    const failing = [...pair.slice(0, 6), { kind: "print", text: "other\n", by: 1 }, ...pair.slice(6, 14)];
    const page = await open(
      toHtml(traceOf(pair), {
        compareWith: traceOf(failing),
        names: ["default schedule", "failing schedule"],
        failure: {
          error: "failed: error\nError: \u202ebad",
          token: "s1:child#2>main#2",
          command: "simloop replay pair 's1:child#2>main#2'",
          marks: [
            { text: "child#2 waits", records: [14, 15] },
            { text: "and only here", records: [undefined, 7] },
          ],
        },
      }),
    );
    t.deepEqual(
      [await page.textContent("#failure h2"), await page.textContent("#failure pre")],
      ["failed: error", "Error: \\u202ebad"],
    );
    t.deepEqual(await page.locator("#failure code").allTextContents(), [
      "simloop replay pair 's1:child#2>main#2'",
      "s1:child#2>main#2",
    ]);
    await page.click("#failure li:nth-child(1) button");
    t.regex((await place(page)) ?? "", /^event 15 of 19/);
    await page.click("#failure li:nth-child(2) button");
    t.regex((await place(page)) ?? "", /^event 7 of 19/);
  },
);

inBrowser("Page: of two runs both outputs stand side by side, and both are searched", async (t, open) => {
  const other = pair.map((record) => ("text" in record ? { ...record, text: record.text.toUpperCase() } : record));
  const compared = toHtml(traceOf(pair), {
    compareWith: traceOf([...other, { time: 2, kind: "print", text: "more\n", by: 0 }]),
  });
  const page = await open(compared);
  await page.click("#tab-output");
  await page.keyboard.press("End");
  t.deepEqual(await page.locator("#output > div:nth-child(1) .line").allTextContents(), ["0 shello", "2 sworld"]);
  t.deepEqual(await page.locator("#output > div:nth-child(2) .line").allTextContents(), [
    "0 sHELLO",
    "2 sWORLD",
    "more",
  ]);
  await page.fill("#search", "prints");
  t.is(await page.textContent("#found"), "3 of 3");
  await page.fill("#search", "more");
  await page.press("#search", "Enter");
  t.regex((await place(page)) ?? "", /^event 20 of 20/);
});

inBrowser(
  "Page: compared runs of different lengths have one scale, so that equal events stand above each other",
  async (t, open) => {
    const page = await open(toHtml(traceOf(pair), { compareWith: traceOf([...pair, ...pair.slice(11, 15)]) }));
    const head = async (canvas: string): Promise<number[]> =>
      await page.evaluate((selector) => {
        const element = document.querySelector(selector) as HTMLCanvasElement;
        const pen = element.getContext("2d") as CanvasRenderingContext2D;
        const { data } = pen.getImageData(0, element.height - 3, element.width, 1);
        return Array.from({ length: element.width }, (_, x) => x).filter((x) => x > 170 && data[4 * x]! < 40);
      }, canvas);
    await page.keyboard.press("Home");
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press("ArrowRight");
    }
    await page.waitForTimeout(100);
    const [a, b] = [await head("#chart-a"), await head("#chart-b")];
    t.true(a.length > 0);
    t.deepEqual(a, b);
  },
);

inBrowser("Page: the tip of an event goes, or follows, when the chart moves below it", async (t, open) => {
  for (const move of ["wheel", "+"]) {
    const page = await open(html);
    const box = await page.locator("#chart-a").boundingBox();
    await page.mouse.move((box?.x ?? 0) + 168 + ((box?.width ?? 0) - 168) / 2, (box?.y ?? 0) + 26 + 12);
    t.false(await page.isHidden("#tip"));
    await page.evaluate(() => {
      (document.querySelector("#tip") as HTMLElement).textContent = "stale";
    });
    await (move === "wheel" ? page.mouse.wheel(0, 120) : page.keyboard.press(move));
    await page.waitForTimeout(100);
    t.true((await page.isHidden("#tip")) || (await page.textContent("#tip")) !== "stale", move);
  }
});

inBrowser("Page: the search filters by host, kind, task, time and text, which must all fit", async (t, open) => {
  const onHosts = pair.map((record) =>
    "name" in record ? { ...record, host: record.name === "main" ? "a" : "b" } : record,
  );
  const page = await open(toHtml(traceOf(onHosts)));
  const found = async (query: string): Promise<string | null> => {
    await page.fill("#search", query);
    return await page.textContent("#found");
  };
  t.is(await found("kind:print"), "2");
  t.is(await found("kind:print t>1"), "1");
  t.is(await found("kind:PRI* t<=0"), "1");
  t.is(await found('"prints \\"world"'), "none");
  t.is(await found("prints world"), "1");
  t.is(await found("task:ch* kind:step"), "2");
  t.is(await found("task:unknown"), "none");
  t.is(await found("host:b kind:wait"), "1");
  t.is(await found("host:a kind:wait"), "1");
  t.is(await found(""), "");
});

inBrowser("Page: a link names the event, the filter and the range", async (t, open) => {
  const page = await open(html);
  await page.evaluate(() => {
    location.hash = "#event=8&filter=kind%3Aprint&range=5-12";
  });
  await page.waitForFunction(() =>
    (document.querySelector("#place") as HTMLElement).textContent?.startsWith("event 8 "),
  );
  t.is(await page.inputValue("#search"), "kind:print");
  t.is(await page.textContent("#found"), "1 of 2");
  await page.evaluate(() => {
    location.hash = "#event=x&range=9-2";
  });
  await page.waitForTimeout(50);
  t.regex((await place(page)) ?? "", /^event 8 /, "what makes no sense is left out");
});

inBrowser("Page: L changes between light and dark", async (t, open) => {
  const page = await open(html);
  await page.keyboard.press("l");
  await painted(page);
  t.true(((await colours(page))["20,25,31"] ?? 0) > 1000);
});

inBrowser("Page: T shows virtual time to scale, where steps have no width", async (t, open) => {
  const page = await open(html);
  await painted(page);
  const before = (await colours(page))["0,114,178"] ?? 0;
  await page.keyboard.press("t");
  await painted(page);
  const after = (await colours(page))["0,114,178"] ?? 0;
  t.true(after > 0 && after < before / 10, `${before} pixels, then ${after}`);
});

inBrowser("Page: two runs stand above each other, from their first difference on", async (t, open) => {
  const other = pair.map((record, i) => (i === 14 ? { ...record, text: "WORLD\n" } : record));
  const page = await open(toHtml(traceOf(pair), { compareWith: traceOf(other, 1), names: ["good", "bad"] }));
  t.deepEqual(await page.locator("#details h3").allTextContents(), ['child prints "world"', 'child prints "WORLD"']);
  t.deepEqual(await page.locator("#details .differs td").allTextContents(), ["world\n", "WORLD\n"]);
  t.is(await place(page), "event 15 of 19 · 2 s");
  t.is(
    await page.textContent("#facts"),
    "19 events · 2 tasks · 2 instants · 2 s · seed 0 / 1 · start 2000-01-01T00:00:00 UTC",
  );
  t.regex(
    (await page.textContent("#difference")) as string,
    /14 events are the same; then good \(-\) and bad \(\+\) part/,
  );
  await page.keyboard.press("Home");
  await page.keyboard.press("g");
  t.is(await place(page), "event 15 of 19 · 2 s");
  t.true(((await colours(page, "#chart-b"))["0,114,178"] ?? 0) > 100);
});

inBrowser("Page: it fits a narrow window, and nothing is wider than it", async (t, open) => {
  for (const width of [360, 820, 1920]) {
    const page = await open(html, { width, height: 720 });
    t.is(await page.evaluate(() => document.documentElement.scrollWidth), width);
    t.true(((await page.locator("#chart-a").boundingBox())?.height ?? 0) > 150);
  }
});

inBrowser("Page: a part of a run has a lane for each task that it mentions, by its name", async (t, open) => {
  const prints = filterTrace(traceOf(pair), { kinds: ["print"] });
  const page = await open(toHtml(prints));
  t.regex((await page.textContent("#facts")) as string, /^2 events · 1 task · /);
  t.is(await heading(page), 'child prints "hello"');
});

inBrowser("Page: a run without events, and one that was cut off, open as well", async (t, open) => {
  const empty = await open(toHtml(Trace.EMPTY));
  t.is(await empty.textContent("#details"), "This run has no events.");
  t.is(await place(empty), "event 0 of 0 · 0 s");
  const cut = await open(toHtml(traceOf(pair.slice(5, 12))));
  await cut.keyboard.press("End");
  t.is(await heading(cut), "timer #3 fires");
});

inBrowser("Page: a hundred thousand events open, and each frame is a matter of the window's width", async (t, open) => {
  const long = Array.from({ length: 25_000 }, (_, i) => [
    { time: i, kind: "clock" },
    { time: i, kind: "wake", task: (i % 50) + 1, by: 0 },
    { time: i, kind: "step", task: (i % 50) + 1 },
    { time: i, kind: "wait", task: (i % 50) + 1, on: "sleep", target: 0 },
  ]).flat();
  const page = await open(toHtml(traceOf(long)));
  t.regex((await place(page)) as string, /^event 1 of 100000/);
  // Strokes are counted rather than time, which depends on the machine.
  const strokes = await page.evaluate(async () => {
    let count = 0;
    const real = CanvasRenderingContext2D.prototype.fillRect;
    CanvasRenderingContext2D.prototype.fillRect = function (...box) {
      count++;
      real.apply(this, box);
    };
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return count;
  });
  t.true(strokes > 0 && strokes < 60_000, `${strokes} strokes`);
});
