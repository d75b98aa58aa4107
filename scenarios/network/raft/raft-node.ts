import {
  DatagramProtocol,
  type DatagramTransport,
  decode,
  encode,
  getRunningLoop,
  type Host,
  print,
  Queue,
  TimeoutError,
  waitFor,
} from "../../../engine/index.ts";
import { type Message, NOTHING, type PeerMessage } from "./messages.ts";
import { RaftLog } from "./raft-log.ts";
import type { Safety } from "./safety.ts";

/** Where nodes listen. */
export const RAFT_PORT = 5000;

const HEARTBEAT_SECONDS = 0.05;
const ELECTION_SECONDS = [0.15, 0.3] as const;

type Role = "follower" | "candidate" | "leader";
type AppendEntries = PeerMessage & { readonly type: "appendEntries" };

/**
 * One server of a Raft cluster: takes one message after another, and wakes up by itself when none comes for too long.
 */
export class RaftNode extends DatagramProtocol {
  private readonly _name: string;
  private readonly _peers: readonly string[];
  private readonly _safety: Safety;
  private readonly _log: RaftLog;
  private readonly _inbox = new Queue<Message>();
  private _transport!: DatagramTransport;
  private _role: Role = "follower";
  private _deadline = 0;
  private _commitIndex = 0;
  private _votes = new Set<string>();
  /** What each peer gets next, and what it has for sure; a leader's knowledge. */
  private readonly _nextIndex = new Map<string, number>();
  private readonly _matchIndex = new Map<string, number>();

  constructor(host: Host, names: readonly string[], safety: Safety) {
    super();
    this._name = host.name;
    this._peers = names.filter((name) => name !== host.name);
    this._safety = safety;
    this._log = new RaftLog(host.disk);
  }

  override connectionMade(transport: DatagramTransport): void {
    this._transport = transport;
  }

  override datagramReceived(data: Uint8Array): void {
    this._inbox.putNowait(JSON.parse(decode(data)));
  }

  /** Serve for ever. */
  *run() {
    const loop = getRunningLoop();
    yield* loop.createDatagramEndpoint(() => this, { localAddress: ["0.0.0.0", RAFT_PORT] });
    this._waitAnew();
    for (;;) {
      try {
        yield* this._receive(yield* waitFor(this._inbox.get(), this._deadline - loop.time()));
      } catch (error) {
        if (!(error instanceof TimeoutError)) {
          throw error;
        }
        yield* this._timeout();
      }
    }
  }

  /** Nothing was heard: a leader shows that it is there, anybody else stands for election. */
  private *_timeout() {
    if (this._role === "leader") {
      this._appendToAll();
      return;
    }
    this._role = "candidate";
    this._log.term++;
    this._log.votedFor = this._name;
    this._votes = new Set([this._name]);
    this._waitAnew();
    yield* this._log.save();
    const { term, lastIndex } = this._log;
    for (const peer of this._peers) {
      const lastTerm = this._log.termAt(lastIndex);
      this._send(peer, { type: "requestVote", term, from: this._name, lastIndex, lastTerm });
    }
  }

  private *_receive(message: Message) {
    if (message.type === "propose") {
      yield* this._propose(message.command);
    } else {
      yield* this._receiveFromPeer(message);
    }
  }

  private *_receiveFromPeer(message: PeerMessage) {
    if (message.term > this._log.term) {
      yield* this._follow(message.term);
    }
    switch (message.type) {
      case "requestVote":
        yield* this._answerCandidate(message);
        break;
      case "vote":
        yield* this._countVote(message);
        break;
      case "appendEntries":
        yield* this._appendEntries(message);
        break;
      case "appended":
        this._noteAppended(message);
        break;
    }
  }

  /** A later term has begun: whatever this node was, it follows now. */
  private *_follow(term: number) {
    this._log.term = term;
    this._log.votedFor = null;
    this._role = "follower";
    this._waitAnew();
    yield* this._log.save();
  }

  private *_answerCandidate(message: PeerMessage & { readonly type: "requestVote" }) {
    const { term, votedFor } = this._log;
    const isFree = votedFor === null || votedFor === message.from;
    const granted = message.term === term && isFree && this._log.isNoBetterThan(message.lastIndex, message.lastTerm);
    if (granted) {
      this._log.votedFor = message.from;
      this._waitAnew();
      yield* this._log.save();
    }
    this._send(message.from, { type: "vote", term, from: this._name, granted });
  }

  private *_countVote(message: PeerMessage & { readonly type: "vote" }) {
    if (this._role !== "candidate" || message.term !== this._log.term || !message.granted) {
      return;
    }
    this._votes.add(message.from);
    if (this._votes.size > this._peers.length / 2) {
      this._safety.elected(this._name, message.term);
      print(`${now()} ${this._name} leads term ${message.term}`);
      yield* this._lead(message.term);
    }
  }

  private *_lead(term: number) {
    this._role = "leader";
    for (const peer of this._peers) {
      this._nextIndex.set(peer, this._log.lastIndex + 1);
      this._matchIndex.set(peer, 0);
    }
    this._log.append({ term, command: NOTHING });
    yield* this._log.save();
    this._appendToAll();
  }

  private *_propose(command: string) {
    if (this._role === "leader" && !this._log.has(command)) {
      this._log.append({ term: this._log.term, command });
      yield* this._log.save();
      this._appendToAll();
    }
  }

  private _appendToAll(): void {
    this._deadline = getRunningLoop().time() + HEARTBEAT_SECONDS;
    for (const peer of this._peers) {
      const previousIndex = this._nextIndex.get(peer)! - 1;
      this._send(peer, {
        type: "appendEntries",
        term: this._log.term,
        from: this._name,
        previousIndex,
        previousTerm: this._log.termAt(previousIndex),
        entries: this._log.from(previousIndex + 1),
        commitIndex: this._commitIndex,
      });
    }
  }

  private *_appendEntries(message: AppendEntries) {
    const { term, from, previousIndex, previousTerm, entries, commitIndex } = message;
    const isCurrent = term === this._log.term;
    const isMatch =
      isCurrent && previousIndex <= this._log.lastIndex && this._log.termAt(previousIndex) === previousTerm;
    const matchIndex = previousIndex + entries.length;
    if (isCurrent) {
      this._role = "follower";
      this._waitAnew();
    }
    if (isMatch) {
      this._log.merge(previousIndex, entries);
      yield* this._log.save();
      this._commit(Math.min(commitIndex, matchIndex));
    }
    this._send(from, { type: "appended", term: this._log.term, from: this._name, isMatch, matchIndex });
  }

  private _noteAppended(message: PeerMessage & { readonly type: "appended" }): void {
    if (this._role !== "leader" || message.term !== this._log.term) {
      return;
    }
    const { from, isMatch, matchIndex } = message;
    if (!isMatch) {
      this._nextIndex.set(from, Math.max(1, this._nextIndex.get(from)! - 1));
      return;
    }
    this._matchIndex.set(from, Math.max(matchIndex, this._matchIndex.get(from)!));
    this._nextIndex.set(from, this._matchIndex.get(from)! + 1);
    // An entry is committed when most nodes have it and it is of this term; those before it go along.
    const indices = [this._log.lastIndex, ...this._matchIndex.values()].sort((a, b) => b - a);
    const majority = indices[Math.floor(indices.length / 2)]!;
    if (this._log.termAt(majority) === this._log.term) {
      this._commit(majority);
    }
  }

  private _commit(upTo: number): void {
    while (this._commitIndex < upTo) {
      this._commitIndex++;
      this._safety.committed(this._name, this._commitIndex, this._log.at(this._commitIndex));
    }
  }

  /** No message has to come for a random while, so that not all stand for election at the same time. */
  private _waitAnew(): void {
    const loop = getRunningLoop();
    this._deadline = loop.time() + loop.random(`elections of ${this._name}`).uniform(...ELECTION_SECONDS);
  }

  private _send(to: string, message: PeerMessage): void {
    this._transport.sendto(encode(JSON.stringify(message)), [to, RAFT_PORT]);
  }
}

const now = (): string => `${getRunningLoop().time().toFixed(3).padStart(7)} s:`;
