export default {
  files: ["engine/**/*.test.ts", "scenarios/**/*.test.ts", "properties/**/*.test.ts"],
  extensions: { ts: "module" },
  // tsx's loader does not reach worker threads on Node 20; "simloop-source" makes `import "simloop"` mean this checkout.
  workerThreads: false,
  nodeArguments: ["--conditions=simloop-source", "--import=tsx"],
  timeout: "2m",
};
