export default {
  files: ["engine/**/*.test.ts", "scenarios/**/*.test.ts", "properties/**/*.test.ts"],
  extensions: { ts: "module" },
  // tsx's loader does not reach worker threads on Node 20; "simloop-source" makes `import "simloop"` mean this checkout.
  workerThreads: false,
  nodeArguments: ["--conditions=simloop-source", "--import=tsx"],
  // ava counts real time without a test that ends. Only a hang may reach this limit, on a machine twenty times too slow as well.
  timeout: "30m",
};
