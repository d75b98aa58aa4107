import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CHECKS = ["tcp.check_checksum", "ip.check_checksum", "udp.check_checksum"].flatMap((check) => [
  "-o",
  `${check}:TRUE`,
]);

/** Whether this machine has tshark. */
export const hasTshark = (): boolean => spawnSync("tshark", ["--version"]).status === 0;

/** The numbers of the packets of a capture that match a display filter. */
export function packetsThat(capture: Uint8Array, filter: string): number[] {
  return tshark(capture, "-Y", filter, "-T", "fields", "-e", "frame.number").map(Number);
}

/** What tshark prints of a capture, a line each; it checks all checksums. @throws Error if it fails. */
export function tshark(capture: Uint8Array, ...args: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "simloop-capture-"));
  try {
    const file = join(folder, "capture.pcapng");
    writeFileSync(file, capture);
    const { status, stdout, stderr } = spawnSync("tshark", ["-r", file, ...CHECKS, ...args], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (status !== 0) {
      throw new Error(`tshark: ${stderr}`);
    }
    return stdout.split("\n").filter((line) => line !== "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
