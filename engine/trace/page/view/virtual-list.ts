const HEIGHT = 20;
/** A browser cannot scroll through more pixels than some tens of millions. */
const MAX_PIXELS = 15_000_000;

/** A long list of lines, of which only those in sight exist. */
export class VirtualList {
  private readonly _element: HTMLElement;
  private readonly _space: HTMLElement;
  private readonly _count: number;
  private readonly _render: (index: number, line: HTMLElement) => void;
  private readonly _onClick: (index: number) => void;
  private readonly _step: number;

  constructor(
    element: HTMLElement,
    count: number,
    render: (index: number, line: HTMLElement) => void,
    onClick: (index: number) => void,
  ) {
    this._element = element;
    this._count = count;
    this._render = render;
    this._onClick = onClick;
    this._step = Math.min(HEIGHT, MAX_PIXELS / Math.max(1, count));
    this._space = document.createElement("div");
    this._space.className = "space";
    this._space.style.height = `${Math.max(0, (count - 1) * this._step + HEIGHT)}px`;
    element.replaceChildren(this._space);
    element.addEventListener("scroll", () => this.refresh(), { passive: true });
  }

  /** Make the lines in sight anew. */
  refresh(): void {
    const { scrollTop, clientHeight } = this._element;
    const first = Math.max(0, Math.floor(scrollTop / this._step));
    const shown = Math.min(this._count - first, Math.ceil(clientHeight / HEIGHT) + 1);
    const top = this._step === HEIGHT ? first * HEIGHT : scrollTop;
    const lines = Array.from({ length: Math.max(0, shown) }, (_, i) => {
      const line = document.createElement("div");
      line.className = "line";
      line.setAttribute("role", "listitem");
      line.setAttribute("aria-setsize", String(this._count));
      line.setAttribute("aria-posinset", String(first + i + 1));
      line.style.top = `${top + i * HEIGHT}px`;
      line.addEventListener("click", () => this._onClick(first + i));
      this._render(first + i, line);
      return line;
    });
    this._space.replaceChildren(...lines);
  }

  /** Bring a line into sight. */
  reveal(index: number): void {
    const { scrollTop, clientHeight } = this._element;
    const top = Math.max(0, index) * this._step;
    if (top < scrollTop || top + HEIGHT > scrollTop + clientHeight) {
      this._element.scrollTop = top - clientHeight / 2;
    }
    this.refresh();
  }
}
