import type { Debugger, Moment } from "../../../engine/index.ts";
import { columns } from "../columns.ts";
import { nearest } from "../nearest.ts";
import { type ReadLine, showCauses, showMoment, showReady, showSteps, showTasks, showValues } from "./show-moment.ts";

/** A command of the debugger: what it takes, and what it does. */
interface DebugCommand {
  readonly short: string;
  readonly argument: string;
  readonly about: string;
  act(session: DebugSession, argument: string): Promise<string> | string;
}

const AROUND = 5;

const commands: Readonly<Record<string, DebugCommand>> = {
  step: {
    short: "s",
    argument: "[count]",
    about: "run the next step, or so many",
    act: (session, argument) => session.goTo(session.at + count(argument, 1)),
  },
  back: {
    short: "b",
    argument: "[count]",
    about: "go back one step, or so many",
    act: (session, argument) => session.goTo(session.at - count(argument, 1)),
  },
  goto: {
    short: "g",
    argument: "<step>",
    about: "go to where so many steps have run",
    act: (session, argument) => session.goTo(count(argument)),
  },
  next: {
    short: "n",
    argument: "[task]",
    about: "go to the next step of a task; by default of the one that ran last",
    act: (session, argument) => session.nextOf(argument),
  },
  touch: {
    short: "u",
    argument: "<label>",
    about: "go to the next step that touches a shared object, a lock, a queue",
    act: (session, argument) => session.nextTouch(argument),
  },
  start: { short: "a", argument: "", about: "go to the beginning", act: (session) => session.goTo(0) },
  end: { short: "e", argument: "", about: "go to the end", act: (session) => session.goTo(session.run.length) },
  ready: { short: "r", argument: "", about: "what could come next", act: ({ moment }) => showReady(moment) },
  pick: {
    short: "p",
    argument: "<step>",
    about: "let this ready step come next, by its name or its number: a run of its own",
    act: (session, argument) => session.pick(argument),
  },
  tasks: {
    short: "t",
    argument: "",
    about: "the tasks, what they wait for, and where",
    act: ({ moment, read }) => showTasks(moment, read),
  },
  values: { short: "v", argument: "", about: "what shared and watch show", act: ({ moment }) => showValues(moment) },
  list: {
    short: "l",
    argument: "[count]",
    about: "the steps around this one",
    act: (session, argument) => showSteps(session.run, session.at, count(argument, AROUND)),
  },
  why: {
    short: "w",
    argument: "",
    about: "what woke what, up to this step",
    act: ({ run, at }) => showCauses(run, at),
  },
  output: { short: "o", argument: "", about: "what has been printed", act: ({ moment }) => moment.output },
  token: { short: "k", argument: "", about: "the token of this run", act: ({ run }) => `${run.token}\n` },
  help: { short: "h", argument: "", about: "this list", act: () => helpText() },
};

const helpText = (): string =>
  columns([
    ...Object.entries(commands).map(([name, { short, argument, about }]) => [
      `  ${name}, ${short}${argument === "" ? "" : ` ${argument}`}`,
      about,
    ]),
    ["  quit, q", "leave the debugger"],
  ]);

/** Thrown for what a command of the debugger does not understand; the session goes on. */
export class DebugUsageError extends Error {
  override name = "DebugUsageError";
}

function count(argument: string, usual?: number): number {
  if (argument === "" && usual !== undefined) {
    return usual;
  }
  if (!/^\d{1,9}$/.test(argument)) {
    throw new DebugUsageError(`expected a number of steps, got '${argument}'`);
  }
  return Number(argument);
}

/** A debugger with a place in its run, which understands commands in words. */
export class DebugSession {
  run: Debugger;
  moment: Moment;
  /** Finds lines of source files. */
  readonly read: ReadLine;

  private constructor(run: Debugger, moment: Moment, read: ReadLine) {
    this.run = run;
    this.moment = moment;
    this.read = read;
  }

  /** Begin at the beginning of `run`. */
  static async begin(run: Debugger, read: ReadLine): Promise<DebugSession> {
    return new DebugSession(run, await run.at(0), read);
  }

  /** How many steps have run. */
  get at(): number {
    return this.moment.steps;
  }

  /** Where it stands, in words. */
  toString(): string {
    return showMoment(this.moment, this.run.length);
  }

  /**
   * Do what `line` says.
   *
   * @returns What to print.
   * @throws DebugUsageError for what is not a command, or makes no sense here.
   */
  async execute(line: string): Promise<string> {
    const [word = "", ...rest] = line.trim().split(/\s+/);
    const name = Object.hasOwn(commands, word)
      ? word
      : Object.keys(commands).find((one) => commands[one]!.short === word);
    if (name === undefined) {
      const [meant] = nearest(word, Object.keys(commands));
      throw new DebugUsageError(
        `unknown command '${word}'${meant === undefined ? "" : `; did you mean ${meant}?`} help lists all`,
      );
    }
    const { argument, act } = commands[name]!;
    const given = rest.join(" ");
    if (given !== "" && argument === "") {
      throw new DebugUsageError(`${name}: expected no argument, got '${given}'`);
    }
    if (given === "" && argument.startsWith("<")) {
      throw new DebugUsageError(`${name}: expected ${argument}`);
    }
    return await act(this, given);
  }

  /** Go to where `steps` steps have run; to the end, or the beginning, if there are not so many. */
  async goTo(steps: number): Promise<string> {
    const wanted = Math.max(0, Math.min(steps, this.run.length));
    if (wanted === this.at) {
      return steps > wanted ? "this is the end\n" : steps < wanted ? "this is the beginning\n" : String(this);
    }
    const before = this.moment.output;
    this.moment = await this.run.at(wanted);
    const printed = this.moment.output.startsWith(before) ? this.moment.output.slice(before.length) : "";
    return `${printed.replace(/^(?=.)/gm, "| ")}${this}`;
  }

  async nextOf(task: string): Promise<string> {
    const path = task === "" ? this.moment.last?.name.replace(/#\d+$/, "") : task;
    const found = path === undefined ? 1 : this.run.nextOf(path, this.at);
    return found === null ? `${path} takes no further step\n` : await this.goTo(found);
  }

  async nextTouch(label: string): Promise<string> {
    const found = this.run.nextTouch(label, this.at);
    if (found !== null) {
      return await this.goTo(found);
    }
    const touched = new Set(Array.from(this.run.steps(), ({ touches }) => touches.map(({ object }) => object)).flat());
    return touched.has(label)
      ? `no further step touches ${label}\n`
      : `no step touches ${label}; steps touch ${[...touched].join(", ") || "nothing"}\n`;
  }

  async pick(which: string): Promise<string> {
    const name = /^\d+$/.test(which) ? this.moment.ready[Number(which) - 1]?.name : which;
    if (name === undefined) {
      throw new DebugUsageError(`pick: expected a step that is ready, got ${which}; ready lists them`);
    }
    const at = this.at;
    try {
      this.run = await this.run.fork(at, name);
    } catch (error) {
      if (error instanceof RangeError) {
        throw new DebugUsageError(error.message.replace(/^fork/, "pick"), { cause: error });
      }
      throw error;
    }
    return `a run of its own: ${this.run.token}\n${await this.goTo(at + 1)}`;
  }
}
