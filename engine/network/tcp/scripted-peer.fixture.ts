import { RandomStream } from "../../base/random.ts";
import { AddressBook } from "../address.ts";
import { Agenda } from "../agenda.ts";
import type { Packet } from "../packets/packet.ts";
import { ACK, FIN, PSH, RST, SYN, type TcpFields, TcpSegment } from "../packets/tcp-segment.ts";
import { closeSending, receiveData, sendData } from "./calls.ts";
import type { ControlBlock } from "./control-block.ts";
import type { TcpListener } from "./listener.ts";
import { type TcpSettings, tcpSettings } from "./settings.ts";
import { TcpStack } from "./stack.ts";

const BITS: Readonly<Record<string, number>> = { S: SYN, F: FIN, R: RST, P: PSH, ".": ACK };
const PEER_START = 0xffff_f000;
const addresses = new AddressBook();
const HERE = addresses.get("10.0.0.1");
const THERE = addresses.get("10.0.0.2");

/**
 * A segment of the other side, with places in the streams instead of sequence numbers: 0 is the SYN, 1 the first byte.
 */
export interface Script {
  readonly place?: number;
  readonly ack?: number;
  /** In bytes; 65535 by default. The peer scales nothing. */
  readonly window?: number;
  /** How many bytes it carries. */
  readonly length?: number;
  /** Places of the blocks of a selective acknowledgement. */
  readonly sack?: readonly number[];
  readonly options?: Partial<TcpFields>;
}

/**
 * For tests: the TCP of one host whose other side is played segment by segment, as packetdrill does it for kernels.
 *
 * `lines` has what the host sends: the time, flags, place, length, acknowledged place, window in bytes and selective
 * acknowledgement.
 */
export class ScriptedPeer {
  readonly lines: string[] = [];
  /** Every segment that the host sent. */
  readonly sent: TcpSegment[] = [];
  readonly stack: TcpStack;
  readonly agenda = new Agenda();
  /** The path of the host to the peer, which a test may change. */
  readonly path = { mtu: 1500 };
  now = 0;
  block!: ControlBlock;
  private _hereStart = 0;

  constructor(settings: Partial<TcpSettings> = {}) {
    this.stack = new TcpStack({
      name: "here",
      isWatched: false,
      note: () => {},
      agenda: this.agenda,
      tcpSettings: tcpSettings(settings),
      now: () => this.now,
      random: (purpose) => new RandomStream(1, purpose),
      transmit: (packet) => this._take(packet),
      pathTo: () => this.path,
    });
  }

  /** The host connects to the peer, which answers after 0.1 s. Nothing of it is logged. */
  connect(synAck: Script = {}): this {
    this.startConnecting();
    this.until(0.1);
    this.sends("S.", { place: 0, ack: 1, ...synAck });
    return this.forget();
  }

  /** The host sends its SYN. */
  startConnecting(): this {
    const ends = { local: HERE, localPort: 5000, remote: THERE, remotePort: 80 };
    this.block = this.stack.connect(ends, this.now);
    return this;
  }

  /** The host listens at port 5000. */
  listen(backlog = 5): TcpListener {
    return this.stack.listen(HERE, 5000, backlog);
  }

  /** The host accepts a connection of the peer. Nothing of the handshake is logged. */
  accept(backlog = 5): this {
    const listener = this.listen(backlog);
    this.sends("S", { place: 0 });
    this.until(0.1);
    this.sends(".", { place: 1, ack: 1 });
    this.block = listener.complete.shift()!;
    return this.forget();
  }

  /** A segment of the peer arrives. */
  sends(
    flags: string,
    { place = 1, ack = 0, window = 0xffff, length = 0, sack = [], options = {} }: Script = {},
  ): this {
    const isSyn = flags.includes("S");
    const segment = new TcpSegment({
      source: THERE,
      sourcePort: 80,
      destination: HERE,
      destinationPort: 5000,
      flags: [...flags].reduce((all, letter) => all | BITS[letter]!, 0),
      sequence: (PEER_START + place) >>> 0,
      acknowledgement: flags.includes(".") ? (this._hereStart + ack) >>> 0 : 0,
      window,
      data: Uint8Array.from({ length }, (_, i) => (place + i) & 0xff),
      sack: sack.map((each) => (this._hereStart + each) >>> 0),
      ...(isSyn ? { maximumSize: 1460, windowScale: 0 } : {}),
      ...options,
    });
    this.stack.receive(segment, this.now);
    return this;
  }

  /** The program writes `count` bytes. @returns How many were taken. */
  writes(count: number): number {
    return sendData(this.block, new Uint8Array(count), this.now);
  }

  /** The program reads up to `limit` bytes. @returns How many there were. */
  reads(limit: number): number {
    return receiveData(this.block, limit, this.now).length;
  }

  /** The program ends its stream. */
  ends(): this {
    closeSending(this.block, this.now);
    return this;
  }

  /** Time passes, and timers fire. */
  until(time: number): this {
    while (this.agenda.nextTime() <= time) {
      this.now = this.agenda.nextTime();
      this.agenda.takeDue(this.now)?._happen(this.now);
    }
    this.now = time;
    return this;
  }

  /** Forget the lines so far. */
  forget(): this {
    this.lines.length = 0;
    return this;
  }

  private _take(packet: Packet): void {
    const segment = packet as TcpSegment;
    const { flagText, flags, data, window } = segment;
    const isSyn = (flags & SYN) !== 0;
    if (isSyn) {
      this._hereStart = segment.sequence;
    }
    this.sent.push(segment);
    const place = (flags & RST) !== 0 && segment.sequence === 0 ? 0 : (segment.sequence - this._hereStart) >>> 0;
    const length = data.length === 0 ? "" : ` +${data.length}`;
    const ack = (flags & ACK) === 0 ? "" : ` ack ${(segment.acknowledgement - PEER_START) >>> 0}`;
    const bytes = (flags & RST) !== 0 ? "" : ` win ${isSyn ? window : window << 7}`;
    const edges = segment.sack.map((edge) => (edge - PEER_START) >>> 0);
    const sack = edges.length === 0 ? "" : ` sack ${edges.join(",")}`;
    this.lines.push(`${Number(this.now.toFixed(4))} ${flagText} ${place}${length}${ack}${bytes}${sack}`);
  }
}
