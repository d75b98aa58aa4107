/** Where a command writes; the process's own streams, or a test's. */
export interface Console {
  /** Write to standard output. */
  print(text: string): void;
  /** Write to standard error. */
  complain(text: string): void;
  /** Show how far the command is, in a line that the next one replaces; "" takes it away. */
  progress(line: string): void;
}
