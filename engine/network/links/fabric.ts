import type { Detail, NoteShape, NoteValue } from "../../base/instrument.ts";
import type { RandomStream } from "../../base/random.ts";
import type { Agenda } from "../agenda.ts";
import type { Packet } from "../packets/packet.ts";
import type { RuleChain } from "./rules.ts";

/** One end of a link: a host, seen from below. */
export interface LinkEnd {
  readonly name: string;
  /** @internal Whether the host is down. */
  readonly _isDown: boolean;
  /** @internal Take a packet. @returns Why it was of no use, or `null` if it was. */
  _receive(packet: Packet, now: number): string | null;
}

/** What links need from the network that they are part of. */
export interface Fabric {
  readonly agenda: Agenda;
  readonly rules: RuleChain;
  /** Whether an instrument is attached, so that notes are worth making. */
  readonly isWatched: boolean;
  /** Seconds of virtual time. */
  now(): number;
  /** The random stream with this name. */
  random(name: string): RandomStream;
  /** A number for a packet. */
  nextPacketId(): number;
  /** Let `packet` arrive before anything else happens, but not within the present call. */
  arriveNow(packet: Packet): void;
  /** Let the run end with `error` as soon as the present step is over. */
  fail(error: unknown): void;
  /** Pass an event to the instrument, if there is one. */
  note(kind: string, detail: Detail): void;
  /** The same for what is frequent. */
  noteAs(shape: NoteShape, values: readonly NoteValue[]): void;
}
