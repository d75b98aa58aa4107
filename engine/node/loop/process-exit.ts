/** The program called `process.exit(code)`, or its process ended with a code other than 0. */
export class ProcessExit extends Error {
  override name = "ProcessExit";
  /** The exit code; 0 says that all went well. */
  readonly code: number;

  constructor(code: number) {
    super(`process.exit(${code})`);
    this.code = code;
  }
}
