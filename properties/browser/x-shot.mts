import { browserPath, openBrowser } from "./chromium.ts";
const [file, out, ...keys] = process.argv.slice(2);
const browser = await openBrowser(browserPath!);
for (const [w,h,scheme] of [[1440,900,"light"],[390,844,"dark"]] as const) {
  const page = await browser.newPage({ viewport: { width: w, height: h }, colorScheme: scheme, offline: true });
  page.on("pageerror", (e) => console.log("ERR", String(e)));
  page.on("console", (m) => console.log("LOG", m.text()));
  await page.goto("file://" + file);
  await page.waitForSelector("html[data-ready=yes]", { state: "attached" });
  for (const k of keys) { if (k.startsWith("#")) await page.click(k); else if (k.startsWith("type:")) { await page.fill("#search", k.slice(5)); } else await page.keyboard.press(k); }
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${out}-${w}.png` });
}
await browser.close();
