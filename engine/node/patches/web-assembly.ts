import { holdRuns } from "../loop/compilations.ts";
import { here } from "../loop/current.ts";
import { realms } from "../loop/realms.ts";

/** As much of `WebAssembly` as is replaced; Node's types have no values of it. */
interface Assembly {
  compile(bytes: unknown, ...rest: unknown[]): Promise<unknown>;
  instantiate(source: unknown, imports?: unknown, ...rest: unknown[]): Promise<unknown>;
  readonly Module: new (bytes: unknown) => object;
  readonly Instance: new (module: object, imports: unknown) => object;
}

/**
 * `WebAssembly.compile` and `instantiate` do their work at once in a simulation: it depends on nothing but the bytes,
 * and only its completion would come from the real world. Node 20 and 22 compile the HTTP parser of `fetch` in this
 * way. Outside, they keep the next run from beginning meanwhile.
 */
export function patchWebAssembly(): void {
  for (const realm of realms) {
    patchAssembly((realm as unknown as { WebAssembly: Assembly }).WebAssembly);
  }
}

function patchAssembly(owner: Assembly): void {
  const { compile, instantiate, Module, Instance } = owner;
  const settled = (work: () => unknown): Promise<unknown> => new Promise((resolve) => resolve(work()));
  owner.compile = (bytes, ...rest) =>
    here() === null ? holdRuns(compile.call(owner, bytes, ...rest)) : settled(() => new Module(bytes));
  owner.instantiate = (source, imports, ...rest) => {
    if (here() === null) {
      return holdRuns(instantiate.call(owner, source, imports, ...rest));
    }
    return settled(() => {
      if (source instanceof Module) {
        return new Instance(source, imports);
      }
      const module = new Module(source);
      return { module, instance: new Instance(module, imports) };
    });
  };
}
