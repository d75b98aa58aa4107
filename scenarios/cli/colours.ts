/** The environment variables that decide about colours. */
export interface ColourEnvironment {
  readonly FORCE_COLOR?: string | undefined;
  readonly NO_COLOR?: string | undefined;
}

/**
 * Whether to write colours to a stream: `FORCE_COLOR` decides first, with `0` and `false` for no; then any `NO_COLOR`
 * that is not empty forbids them; otherwise a terminal that has them gets them.
 */
export function wantsColours(
  stream: { readonly isTTY?: boolean; hasColors?(): boolean },
  { FORCE_COLOR: force, NO_COLOR: forbid = "" }: ColourEnvironment,
): boolean {
  if (force !== undefined) {
    return force !== "0" && force !== "false";
  }
  return forbid === "" && stream.isTTY === true && stream.hasColors?.() === true;
}
