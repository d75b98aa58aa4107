import { byId, onClick } from "./elements.ts";
import { listenToKeys } from "./keyboard.ts";
import { Page } from "./page.ts";
import { readPageData } from "./page-data.ts";
import { readPlace } from "./place-in-url.ts";

const ZOOM = 1.5;
const PAN = 0.2;
const SCROLL = 48;

const isDark = (): boolean =>
  (document.documentElement.dataset["theme"] ?? (matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "")) ===
  "dark";

function toggleTheme(page: Page): void {
  document.documentElement.dataset["theme"] = isDark() ? "light" : "dark";
  page.refreshColours();
}

function showTab(name: string): void {
  for (const tab of ["output", "schedule", "difference"]) {
    byId(tab).hidden = tab !== name;
    byId(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
  }
}

function bindButtons(page: Page): void {
  onClick("by-event", () => page.setAxis("event"));
  onClick("by-time", () => page.setAxis("time"));
  onClick("zoom-in", () => page.zoom(ZOOM));
  onClick("zoom-out", () => page.zoom(1 / ZOOM));
  onClick("fit", () => page.fit());
  onClick("theme", () => toggleTheme(page));
  onClick("help", () => byId<HTMLDialogElement>("keys").showModal());
  onClick("first", () => page.goTo(0));
  onClick("back", () => page.step(-1));
  onClick("play", () => page.player.toggle());
  onClick("on", () => page.step(1));
  onClick("last", () => page.goToEnd());
  onClick("next-match", () => page.goToMatch(false));
  onClick("previous-match", () => page.goToMatch(true));
  for (const tab of ["output", "schedule", "difference"]) {
    onClick(`tab-${tab}`, () => {
      showTab(tab);
      page.goTo(page.head);
    });
  }
  const head = byId<HTMLInputElement>("head");
  head.addEventListener("input", () => page.goTo(Number(head.value)));
}

function bindSearch(page: Page): void {
  const search = byId<HTMLInputElement>("search");
  search.addEventListener("input", () => page.find(search.value));
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      page.goToMatch(event.shiftKey);
    } else if (event.key === "Escape") {
      search.value = "";
      page.find("");
      search.blur();
    }
  });
}

function bindKeys(page: Page): void {
  listenToKeys({
    ArrowRight: () => page.step(1),
    ArrowLeft: () => page.step(-1),
    "Shift ArrowRight": () => page.turn(1),
    "Shift ArrowLeft": () => page.turn(-1),
    ArrowUp: () => page.scroll(-SCROLL),
    ArrowDown: () => page.scroll(SCROLL),
    Home: () => page.goTo(0),
    End: () => page.goToEnd(),
    " ": () => page.player.toggle(),
    "+": () => page.zoom(ZOOM),
    "=": () => page.zoom(ZOOM),
    "-": () => page.zoom(1 / ZOOM),
    "0": () => page.fit(),
    a: () => page.pan(-PAN),
    d: () => page.pan(PAN),
    t: () => page.toggleAxis(),
    n: () => page.goToMatch(false),
    p: () => page.goToMatch(true),
    c: () => page.goToCause(),
    g: () => page.goToDifference(),
    l: () => toggleTheme(page),
    "/": () => byId("search").focus(),
    "?": () => byId<HTMLDialogElement>("keys").showModal(),
  });
}

function start(): void {
  const data = readPageData();
  const page = new Page(data);
  bindButtons(page);
  bindSearch(page);
  bindKeys(page);
  matchMedia("(prefers-color-scheme:dark)").addEventListener("change", () => page.refreshColours());
  if (data.runs.length > 1) {
    showTab("difference");
    page.goTo(page.head);
  }
  page.goToPlace(readPlace(location.hash));
  addEventListener("hashchange", () => page.goToPlace(readPlace(location.hash)));
  document.documentElement.dataset["ready"] = "yes";
}

start();
