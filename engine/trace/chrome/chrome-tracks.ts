import type { HostIndex } from "../timeline/host-index.ts";
import type { TaskNames } from "../words/names.ts";

/** The number of a program's process; those of hosts follow. */
export const PROGRAM = 1;

const CALLBACKS = 0;
/** Behind all tasks. */
const NETWORK = 2_147_483_647;

/** @internal A thread of Chrome's format. */
export interface Track {
  readonly pid: number;
  readonly tid: number;
}

const metadata = ({ pid, tid }: Track, name: string, args: object): string =>
  `{"ph":"M","pid":${pid},"tid":${tid},"name":"${name}","args":${JSON.stringify(args)}}`;

/**
 * @internal Where the events of a run stand in Chrome's format: a process for every host, and one for what is on none;
 * there a thread for every task, one for callbacks and timers, one for the network.
 */
export class ChromeTracks {
  private readonly _program: string;
  private readonly _names: TaskNames;
  private readonly _hosts: HostIndex;
  private readonly _processes = new Map<string, number>();
  private readonly _tasks = new Map<number, Track>();
  private readonly _callbacks = new Map<number, Track>();
  private readonly _networks = new Map<number, Track>();
  private _unnamed: string[] = [];

  constructor(program: string, names: TaskNames, hosts: HostIndex) {
    this._program = program;
    this._names = names;
    this._hosts = hosts;
    this._process("");
  }

  /** The names of what was new since the last call, as events. */
  takeNames(): string[] {
    const names = this._unnamed;
    this._unnamed = [];
    return names;
  }

  ofTask(task: number): Track {
    let track = this._tasks.get(task);
    if (track === undefined) {
      track = { pid: this._process(this._hosts.of(task)), tid: task };
      this._name(track, this._names.of(task));
      this._tasks.set(task, track);
    }
    return track;
  }

  /** The thread for callbacks and timers of the host that `handle` is on. */
  ofCall(handle: number): Track {
    return this._threadOf(this._callbacks, this._hosts.of(handle), CALLBACKS, "callbacks and timers");
  }

  /** The thread of who did something. */
  ofActor(id: number): Track {
    return this._names.has(id) ? this.ofTask(id) : this.ofCall(id);
  }

  /** The thread for what a host's network does. */
  ofNetwork(host: string): Track {
    return this._threadOf(this._networks, this._hosts.all.length > 1 ? host : "", NETWORK, "network");
  }

  private _threadOf(tracks: Map<number, Track>, host: string, tid: number, name: string): Track {
    const pid = this._process(host);
    let track = tracks.get(pid);
    if (track === undefined) {
      track = { pid, tid };
      this._name(track, name);
      tracks.set(pid, track);
    }
    return track;
  }

  private _process(host: string): number {
    let pid = this._processes.get(host);
    if (pid === undefined) {
      pid = PROGRAM + this._processes.size;
      this._processes.set(host, pid);
      const name = host === "" ? this._program : host;
      this._unnamed.push(metadata({ pid, tid: CALLBACKS }, "process_name", { name }));
      this._unnamed.push(metadata({ pid, tid: CALLBACKS }, "process_sort_index", { sort_index: pid }));
    }
    return pid;
  }

  private _name(track: Track, name: string): void {
    this._unnamed.push(metadata(track, "thread_name", { name }));
    this._unnamed.push(metadata(track, "thread_sort_index", { sort_index: track.tid }));
  }
}
