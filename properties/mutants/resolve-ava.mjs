// A resolve hook: each test file gets an `ava` of its own, which declares tests with the runner of that file.
const shim = (parent) =>
  `data:text/javascript,export default globalThis.chainOfTests; // ${encodeURIComponent(parent)}`;

export async function resolve(specifier, context, nextResolve) {
  return specifier === "ava"
    ? { url: shim(context.parentURL), format: "module", shortCircuit: true }
    : await nextResolve(specifier, context);
}
