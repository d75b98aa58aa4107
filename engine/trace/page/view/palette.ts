/** The colours of the canvas, which the style sheet holds as variables. */
const NAMES = [
  "ground",
  "ink",
  "faint",
  "line",
  "band",
  "waiting",
  "ready",
  "running",
  "wake",
  "create",
  "message",
  "bad",
  "head",
  "match",
] as const;

export type ColourName = (typeof NAMES)[number];

/** The colours that are in force, and the hatching for what is ready. */
export interface Palette extends Readonly<Record<ColourName, string>> {
  readonly hatch: CanvasPattern | string;
}

const HATCH_SIZE = 6;

/** Slanted lines, to distinguish what is ready from what runs without colours. */
function hatching(context: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = HATCH_SIZE;
  tile.height = HATCH_SIZE;
  const pen = tile.getContext("2d");
  if (pen === null) {
    return colour;
  }
  pen.strokeStyle = colour;
  pen.lineWidth = 1.8;
  for (const shift of [-HATCH_SIZE, 0, HATCH_SIZE]) {
    pen.moveTo(shift - 1, HATCH_SIZE + 1);
    pen.lineTo(shift + HATCH_SIZE + 1, -1);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat") ?? colour;
}

/** Read the colours of the style sheet. */
export function readPalette(context: CanvasRenderingContext2D): Palette {
  const style = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return { ...(colours as Record<ColourName, string>), hatch: hatching(context, colours["ready"]!) };
}
