import { describeValue } from "../../base/describe.ts";
import type { Access } from "../../base/ordering-policy.ts";
import { exploringPolicy } from "./annotations.ts";

/** Methods of collections that change them. */
const CHANGES: ReadonlySet<string> = new Set([
  "set",
  "add",
  "delete",
  "clear",
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
]);

/** For an object and a label, its proxy: asked twice, the same one. */
const proxies = new WeakMap<object, Map<string, object>>();

/**
 * `object`, which says by itself when it is read and changed, property by property and whatever depth, as {@link touch}
 * does by hand.
 *
 * Plain objects, arrays, maps, sets and instances of classes without private `#fields` will do.
 *
 * @param label - What to call it in explanations.
 */
export function shared<T extends object>(object: T, label: string): T {
  if ((typeof object !== "object" && typeof object !== "function") || object === null) {
    throw new TypeError(`shared: expected an object such as { balance: 0 }, got ${describeValue(object)}`);
  }
  exploringPolicy()?.shown.set(label, () => object);
  return proxyOf(object, label);
}

/** The proxy of `object`, or of a part of it, which is the same whenever it is asked for. */
function proxyOf<T extends object>(object: T, label: string): T {
  const known = proxies.get(object)?.get(label);
  if (known !== undefined) {
    return known as T;
  }
  const proxy = new Proxy(object, handlerFor(label));
  const byLabel = proxies.get(object) ?? new Map<string, object>();
  byLabel.set(label, proxy);
  proxies.set(object, byLabel);
  return proxy;
}

const note = (label: string, access: Access): void => exploringPolicy()?.touched(label, access);

const isWhole = (target: object): boolean => target instanceof Map || target instanceof Set || Array.isArray(target);

/** Collections count as one thing, other objects property by property. */
const partOf = (label: string, target: object, key: PropertyKey): string =>
  isWhole(target) || typeof key === "symbol" ? label : `${label}.${String(key)}`;

function handlerFor<T extends object>(label: string): ProxyHandler<T> {
  return {
    get(target, key) {
      const isCollection = target instanceof Map || target instanceof Set;
      const value = Reflect.get(target, key, isCollection ? target : undefined) as unknown;
      if (typeof value === "function") {
        return isWhole(target) ? calling(target, value, label, String(key)) : value;
      }
      const part = partOf(label, target, key);
      note(part, "r");
      return isOpen(value) ? proxyOf(value, part === label ? `${label}.${String(key)}` : part) : value;
    },
    set(target, key, value) {
      note(partOf(label, target, key), "w");
      return Reflect.set(target, key, value);
    },
    has(target, key) {
      note(partOf(label, target, key), "r");
      return Reflect.has(target, key);
    },
    deleteProperty(target, key) {
      note(partOf(label, target, key), "w");
      return Reflect.deleteProperty(target, key);
    },
    ownKeys(target) {
      note(label, "r");
      return Reflect.ownKeys(target);
    },
  };
}

/** Whether the insides of a value can be watched as well. */
const isOpen = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  (isWhole(value) || Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);

/** A method of a collection that notes what it does. */
const calling =
  (target: object, method: unknown, label: string, name: string): unknown =>
  (...args: readonly unknown[]): unknown => {
    note(label, CHANGES.has(name) ? "w" : "r");
    return Reflect.apply(method as () => unknown, target, args);
  };
