import type { Detail } from "../base/instrument.ts";
import type { RandomStream } from "../base/random.ts";
import type { Address } from "./address.ts";
import type { Agenda } from "./agenda.ts";
import type { Packet } from "./packets/packet.ts";

/** What the protocols on a host need from it. */
export interface StackHost {
  readonly name: string;
  /** Whether an instrument is attached, so that notes are worth making. */
  readonly isWatched: boolean;
  /** Pass an event to the instrument, if there is one. */
  note(kind: string, detail: Detail): void;
  readonly agenda: Agenda;
  /** Seconds of virtual time. */
  now(): number;
  /** The random stream of this host with the given purpose. */
  random(purpose: string): RandomStream;
  /** Put `packet` on its way. */
  transmit(packet: Packet): void;
  /** The way to `destination`, and the biggest packet that goes there in one piece, in bytes, at any time. */
  pathTo(destination: Address): { readonly mtu: number };
}
