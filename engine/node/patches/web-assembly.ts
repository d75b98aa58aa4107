import { here } from "../loop/current.ts";
import { real } from "../loop/real.ts";

/** As much of `WebAssembly` as is replaced; Node's types have no values of it. */
interface Assembly {
  compile(bytes: unknown, ...rest: unknown[]): Promise<unknown>;
  instantiate(source: unknown, imports?: unknown, ...rest: unknown[]): Promise<unknown>;
  readonly Module: new (bytes: unknown) => object;
  readonly Instance: new (module: object, imports: unknown) => object;
}

/**
 * `WebAssembly.compile` and `instantiate` do their work at once: it depends on nothing but the bytes, and only its completion would come from the real
 * world. Node 20 and 22 compile the HTTP parser of `fetch` in this way.
 */
export function patchWebAssembly(): void {
  // To show the named imports the patches, Node loads undici in some versions, which begins to compile its parser. A simulation may begin at once.
  let isInstalling = true;
  real.setImmediate(() => {
    isInstalling = false;
  });
  const isOutside = (): boolean => here() === null && !isInstalling;
  const owner = (globalThis as unknown as { WebAssembly: Assembly }).WebAssembly;
  const { compile, instantiate, Module, Instance } = owner;
  const settled = (work: () => unknown): Promise<unknown> => new Promise((resolve) => resolve(work()));
  owner.compile = (bytes, ...rest) =>
    isOutside() ? compile.call(owner, bytes, ...rest) : settled(() => new Module(bytes));
  owner.instantiate = (source, imports, ...rest) => {
    if (isOutside()) {
      return instantiate.call(owner, source, imports, ...rest);
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
