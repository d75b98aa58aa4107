/** The parts of `node:inspector` and `node:module` that show where a suspended generator stands. */
interface Inspector {
  readonly Session: new () => Session;
}

interface Session {
  connect(): void;
  disconnect(): void;
  on(event: "Debugger.scriptParsed", listener: (message: { params: { scriptId: string; url: string } }) => void): void;
  post(method: string, params: object, callback: (error: Error | null, answer: Answer) => void): void;
}

interface Answer {
  readonly result?: { readonly objectId?: string };
  readonly internalProperties?: readonly { readonly name: string; readonly value?: { readonly value?: unknown } }[];
}

interface Position {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface SourceMaps {
  findSourceMap?(url: string):
    | {
        findEntry(
          line: number,
          column: number,
        ): { originalSource?: string; originalLine?: number; originalColumn?: number };
      }
    | undefined;
}

interface InspectorHost {
  readonly process?: {
    getBuiltinModule?(name: "node:inspector" | "node:module"): unknown;
  };
}

const host = globalThis as unknown as InspectorHost;

/** Under which name the inspector finds the generator, for a moment. */
const NAME = "__simloopSuspendedGenerator";

/**
 * Where each of `generators` stands, as `file:line:column`; `undefined` where the host cannot say.
 *
 * Only a debugger knows that, and asking it takes some ten milliseconds: for the report of a run that has failed.
 */
export function generatorPlaces(generators: readonly object[]): readonly (string | undefined)[] {
  try {
    const inspector = host.process?.getBuiltinModule?.("node:inspector") as Inspector | undefined;
    return inspector === undefined ? generators.map(() => undefined) : ask(inspector, generators);
  } catch {
    return generators.map(() => undefined);
  }
}

function ask(inspector: Inspector, generators: readonly object[]): (string | undefined)[] {
  const session = new inspector.Session();
  const urls = new Map<string, string>();
  session.connect();
  try {
    session.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
    session.post("Debugger.enable", {}, () => {});
    return generators.map((generator) => {
      const position = positionOf(session, generator);
      const url = position === undefined ? undefined : urls.get(position.scriptId);
      return url === undefined || url === "" ? undefined : placeIn(url, position!);
    });
  } finally {
    Reflect.deleteProperty(globalThis, NAME);
    session.disconnect();
  }
}

function positionOf(session: Session, generator: object): Position | undefined {
  let position: Position | undefined;
  Object.defineProperty(globalThis, NAME, { value: generator, configurable: true });
  // The answers come at once.
  session.post("Runtime.evaluate", { expression: NAME, silent: true }, (_error, found) => {
    const objectId = found?.result?.objectId;
    session.post("Runtime.getProperties", { objectId, ownProperties: true }, (_failure, answer) => {
      const location = answer?.internalProperties?.find(({ name }) => name === "[[GeneratorLocation]]");
      position = location?.value?.value as Position | undefined;
    });
  });
  return position;
}

function placeIn(url: string, { lineNumber, columnNumber }: Position): string {
  const maps = host.process?.getBuiltinModule?.("node:module") as SourceMaps | undefined;
  const entry = maps?.findSourceMap?.(url)?.findEntry(lineNumber, columnNumber);
  if (entry?.originalSource !== undefined && entry.originalLine !== undefined) {
    return `${entry.originalSource}:${entry.originalLine + 1}:${(entry.originalColumn ?? 0) + 1}`;
  }
  return `${url}:${lineNumber + 1}:${columnNumber + 1}`;
}
