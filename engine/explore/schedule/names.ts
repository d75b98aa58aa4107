/** A 32-bit hash of `text`, from `start`. */
export function hashOf(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
}

/** What a step of a program is called, in every run alike: `A#3` is the third step of the task `A`. */
export class StepName {
  /** Number within the registry. */
  readonly id: number;
  /** Whose step it is. */
  readonly actor: Actor;
  readonly text: string;
  /** Two hashes of the string, the same in every process. */
  readonly hash: number;
  readonly hash2: number;
  /** Whether it is only the ring of a sleep's timer, which touches nothing. */
  readonly isRing: boolean;
  /** Whether it is a call of the engine's own, which touches nothing but what it says. */
  readonly isInternal: boolean;

  constructor(id: number, actor: Actor, text: string, { isRing = false, isInternal = false } = {}) {
    this.id = id;
    this.actor = actor;
    this.text = text;
    this.isRing = isRing;
    this.isInternal = isInternal;
    this.hash = hashOf(text, 0x811c9dc5);
    this.hash2 = hashOf(text, 0x2545f491);
  }
}

/** What steps touch: something with a stable name. Fields below `run` belong to the present run. */
export class SharedObject {
  readonly id: number;
  readonly name: string;
  /** What kind of thing it is; empty for labels. */
  readonly kind: string;
  run = -1;
  /** The step that touched it last. */
  lastStep = -1;
  /** Where that access stands in the record. */
  lastAccess = -1;

  constructor(id: number, name: string, kind: string) {
    this.id = id;
    this.name = name;
    this.kind = kind;
  }
}

/**
 * An actor: a task, or a callback, which takes one, or, if it is a socket's, several. Actors keep from run to run,
 * found by who made them and in which place; fields below `run` belong to the present run.
 */
export class Actor {
  readonly id: number;
  readonly path: string;
  readonly parent: Actor | null;
  readonly isTask: boolean;
  readonly calls: Actor[] = [];
  readonly tasks: Actor[] = [];
  readonly named = new Map<string, Actor[]>();
  readonly steps: StepName[] = [];
  readonly rings: StepName[] = [];
  /** If it is a call of the engine's own, its step. */
  internal: StepName | null = null;
  /** What it makes for others to touch. */
  readonly objects: SharedObject[] = [];
  /** What others touch if it is a task; made when there is need. */
  touchable: SharedObject | null = null;
  /** What a request to cancel touches; made when there is one. */
  cancellation: SharedObject | null = null;

  run = -1;
  stepsTaken = 0;
  callsMade = 0;
  tasksMade = 0;
  objectsMade = 0;
  namesMade = new Map<string, number>();
  choicesMade = new Map<string, number>();
  /** Where its last step stands in the record. */
  lastStep = -1;
  /** For strategies. */
  priority = 0;
  weight = 0;

  constructor(id: number, path: string, parent: Actor | null, isTask: boolean) {
    this.id = id;
    this.path = path;
    this.parent = parent;
    this.isTask = isTask;
  }

  /** Forget the last run. */
  begin(run: number): void {
    this.run = run;
    this.stepsTaken = 0;
    this.callsMade = 0;
    this.tasksMade = 0;
    this.objectsMade = 0;
    this.lastStep = -1;
    if (this.namesMade.size > 0) {
      this.namesMade = new Map();
    }
    if (this.choicesMade.size > 0) {
      this.choicesMade = new Map();
    }
  }
}

/** `text` without what a token uses for itself. */
export const encoded = (text: string): string =>
  text.replace(/[%,>#@!=;/\s]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** One more of `key`: how many there are now. */
export const next = (counts: Map<string, number>, key: string): number => {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
};

/** Gives everything in a program a name that is the same in every run, whatever the order. */
export class Names {
  /** Stands for what is outside: it makes the main task. */
  readonly root: Actor;
  readonly objects: SharedObject[] = [];
  private readonly _texts: string[] = [];
  private readonly _ids = new Map<string, number>();
  private readonly _paths = new Set<string>();
  private readonly _objects = new Map<string, SharedObject>();
  private _actors = 0;

  constructor() {
    this.root = this._actor("loop", null, false);
  }

  /** The number of the step called `text`, which need not have been taken yet. */
  idOf(text: string): number {
    let id = this._ids.get(text);
    if (id === undefined) {
      id = this._texts.length;
      this._texts.push(text);
      this._ids.set(text, id);
    }
    return id;
  }

  /** The name of step number `id`. */
  textOf(id: number): string {
    return this._texts[id]!;
  }

  /** The task that `maker` makes now; `given` is the name of the program. */
  task(maker: Actor, given: string | null): Actor {
    if (given === null) {
      const index = maker.tasksMade++;
      maker.tasks[index] ??= this._actor(maker === this.root ? "main" : `${maker.path}.${index + 1}`, maker, true);
      return maker.tasks[index] as Actor;
    }
    const index = next(maker.namesMade, given) - 1;
    let same = maker.named.get(given);
    if (same === undefined) {
      same = [];
      maker.named.set(given, same);
    }
    const place = maker.parent === this.root || maker === this.root ? "" : `${maker.path}/`;
    same[index] ??= this._actor(`${place}${encoded(given)}${index === 0 ? "" : `~${index + 1}`}`, maker, true);
    return same[index] as Actor;
  }

  /** The callback that `maker` makes now. */
  call(maker: Actor): Actor {
    const index = maker.callsMade++;
    maker.calls[index] ??= this._actor(`${maker.path}!${index + 1}`, maker, false);
    return maker.calls[index] as Actor;
  }

  /** The name of the step number `ordinal` of `actor`, from 1. */
  step(actor: Actor, ordinal: number): StepName {
    actor.steps[ordinal] ??= this._name(actor, actor.isTask || ordinal > 1 ? `${actor.path}#${ordinal}` : actor.path);
    return actor.steps[ordinal] as StepName;
  }

  /** The name of the ring that ends the sleep which step number `ordinal` of `actor` began. */
  ring(actor: Actor, ordinal: number): StepName {
    actor.rings[ordinal] ??= this._name(actor, `${actor.path}@${ordinal}`, { isRing: true });
    return actor.rings[ordinal] as StepName;
  }

  /** The name of the only step of `actor`, a call of the engine's own. */
  internalStep(actor: Actor): StepName {
    actor.internal ??= this._name(actor, actor.path, { isInternal: true });
    return actor.internal;
  }

  /** What `maker` makes now, a thing of some kind. */
  made(maker: Actor, kind: string): SharedObject {
    const index = maker.objectsMade++;
    let object = maker.objects[index];
    if (object?.kind !== kind) {
      object = this.object(`${kind} ${maker.path}:${index + 1}`, kind);
      maker.objects[index] = object;
    }
    return object;
  }

  /** What is called `name`. */
  object(name: string, kind = ""): SharedObject {
    let object = this._objects.get(name);
    if (object === undefined) {
      object = new SharedObject(this.objects.length, name, kind);
      this.objects.push(object);
      this._objects.set(name, object);
    }
    return object;
  }

  private _name(actor: Actor, text: string, kind: { isRing?: boolean; isInternal?: boolean } = {}): StepName {
    return new StepName(this.idOf(text), actor, text, kind);
  }

  private _actor(path: string, parent: Actor | null, isTask: boolean): Actor {
    let unique = path;
    for (let i = 2; this._paths.has(unique); i++) {
      unique = `${path}~${i}`;
    }
    this._paths.add(unique);
    return new Actor(this._actors++, unique, parent, isTask);
  }
}
