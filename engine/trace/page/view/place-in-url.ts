/** What a link to the page says about it. */
export interface UrlPlace {
  /** Number of the event at the play head. */
  readonly event?: number;
  /** What the search looks for. */
  readonly filter?: string;
  /** Numbers of the first and the last event in view. */
  readonly range?: readonly [number, number];
}

const positive = (text: string | null | undefined): number | undefined =>
  text != null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** Read the part of a URL behind `#`: `event=12&filter=kind:print&range=5-30`. What cannot be read is left out. */
export function readPlace(hash: string): UrlPlace {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const event = positive(fields.get("event"));
  const filter = fields.get("filter");
  const [from, to] = (fields.get("range") ?? "").split("-").map(positive);
  return {
    ...(event === undefined ? {} : { event }),
    ...(filter === null ? {} : { filter }),
    ...(from === undefined || to === undefined || to <= from ? {} : { range: [from, to] }),
  };
}

/** `place` as the part of a URL behind `#`. */
export function placeHash({ event, filter, range }: UrlPlace): string {
  const fields = new URLSearchParams();
  if (event !== undefined) {
    fields.set("event", String(event));
  }
  if (filter !== undefined && filter !== "") {
    fields.set("filter", filter);
  }
  if (range !== undefined) {
    fields.set("range", range.join("-"));
  }
  return `#${fields}`;
}

let isPending = false;

/**
 * Save a place in the URL of the page when the browser has nothing else to do: it changes with every frame of a
 * gesture.
 */
export function savePlace(place: () => UrlPlace): void {
  if (isPending) {
    return;
  }
  isPending = true;
  requestIdleCallback(() => {
    isPending = false;
    const hash = placeHash(place());
    if (hash !== location.hash) {
      try {
        history.replaceState(null, "", hash);
      } catch {
        // A page without an address of its own, such as one in a frame, has no place to save it in.
      }
    }
  });
}
