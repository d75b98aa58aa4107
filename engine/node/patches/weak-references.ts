import { currentWorld } from "../loop/current.ts";
import { realms } from "../loop/realms.ts";

/**
 * A garbage collector is not deterministic: in a simulation, `WeakRef` holds what it refers to, and
 * `FinalizationRegistry` never calls.
 */
export function patchWeakReferences(): void {
  for (const realm of realms) {
    patchRealm(realm);
  }
}

function patchRealm(realm: typeof globalThis): void {
  const { WeakRef: RealWeakRef, FinalizationRegistry: RealRegistry } = realm;
  /** For each weak reference of a simulation, what it keeps. */
  const kept = new WeakMap<object, object>();
  const define = (name: string, value: object): void => {
    Object.defineProperty(value, "name", { value: name });
    Object.defineProperty(realm, name, { value, configurable: true, writable: true });
  };
  define(
    "WeakRef",
    class HeldReference<T extends object> extends RealWeakRef<T> {
      constructor(target: T) {
        super(target);
        if (currentWorld() !== null) {
          kept.set(this, target);
        }
      }
    },
  );
  define(
    "FinalizationRegistry",
    class InertRegistry<T> extends RealRegistry<T> {
      override register(target: object, value: T, token?: object): void {
        if (currentWorld() === null) {
          super.register(target, value, token);
        }
      }
    },
  );
}
