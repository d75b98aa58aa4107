import net from "node:net";

/* A small Redis: strings, counters, expiry, lists, MULTI, publish and subscribe, over RESP 2. */

const simple = (value) => `+${value}\r\n`;
const failure = (message) => `-${message}\r\n`;
const integer = (value) => `:${value}\r\n`;
const bulk = (value) => (value === null ? "$-1\r\n" : `$${Buffer.byteLength(value)}\r\n${value}\r\n`);
const array = (values) => `*${values.length}\r\n${values.join("")}`;

/** Take whole commands from the beginning of `buffer`. */
function parseCommands(buffer) {
  const commands = [];
  let offset = 0;
  for (;;) {
    let at = offset;
    const line = () => {
      const end = buffer.indexOf("\r\n", at);
      if (end < 0) {
        return null;
      }
      const text = buffer.toString("latin1", at, end);
      at = end + 2;
      return text;
    };
    const head = line();
    if (head === null) {
      break;
    }
    const words = [];
    const count = Number(head.slice(1));
    while (words.length < count) {
      const size = line();
      if (size === null || buffer.length < at + Number(size.slice(1)) + 2) {
        break;
      }
      words.push(buffer.toString("utf8", at, at + Number(size.slice(1))));
      at += Number(size.slice(1)) + 2;
    }
    if (words.length < count) {
      break;
    }
    commands.push(words);
    offset = at;
  }
  return { commands, rest: buffer.subarray(offset) };
}

class Store {
  values = new Map();
  deadlines = new Map();
  subscribers = new Map();

  get(key) {
    if ((this.deadlines.get(key) ?? Number.POSITIVE_INFINITY) <= Date.now()) {
      this.values.delete(key);
      this.deadlines.delete(key);
    }
    return this.values.get(key) ?? null;
  }

  list(key) {
    if (!Array.isArray(this.get(key))) {
      this.values.set(key, []);
    }
    return this.values.get(key);
  }
}

const COMMANDS = {
  ping: () => simple("PONG"),
  select: () => simple("OK"),
  client: () => simple("OK"),
  hello: () => failure("ERR unknown command 'hello'"),
  info: () => bulk("redis_version:7.0.0\r\nloading:0\r\n"),
  echo: (_store, [text]) => bulk(text),
  get: (store, [key]) => bulk(store.get(key)),
  set: (store, [key, value, ...options]) => {
    const words = options.map((word) => word.toLowerCase());
    if (words.includes("nx") && store.get(key) !== null) {
      return bulk(null);
    }
    store.values.set(key, value);
    store.deadlines.delete(key);
    const px = words.indexOf("px");
    const ex = words.indexOf("ex");
    if (px >= 0 || ex >= 0) {
      store.deadlines.set(key, Date.now() + (px >= 0 ? Number(options[px + 1]) : 1000 * Number(options[ex + 1])));
    }
    return simple("OK");
  },
  incr: (store, [key]) => {
    const value = Number(store.get(key) ?? 0) + 1;
    store.values.set(key, String(value));
    return Number.isNaN(value) ? failure("ERR value is not an integer or out of range") : integer(value);
  },
  del: (store, keys) => integer(keys.filter((key) => store.values.delete(key)).length),
  pttl: (store, [key]) =>
    integer(store.get(key) === null ? -2 : (store.deadlines.get(key) ?? Date.now() - 1) - Date.now()),
  rpush: (store, [key, ...values]) => integer(store.list(key).push(...values)),
  lpop: (store, [key]) => bulk(store.list(key).shift() ?? null),
  lrange: (store, [key]) => array(store.list(key).map(bulk)),
  publish: (store, [channel, message]) => {
    const subscribers = store.subscribers.get(channel) ?? new Set();
    for (const socket of subscribers) {
      socket.write(array([bulk("message"), bulk(channel), bulk(message)]));
    }
    return integer(subscribers.size);
  },
};

/** A server that takes up to `delay()` milliseconds for what it has received at once. */
export function createRedis(delay = () => 0) {
  const store = new Store();
  return net.createServer((socket) => {
    let received = Buffer.alloc(0);
    let queue = null;
    let turn = Promise.resolve();
    const answer = ([name, ...args]) => {
      const command = name.toLowerCase();
      if (command === "multi") {
        queue = [];
        return simple("OK");
      }
      if (command === "exec") {
        const queued = queue;
        queue = null;
        return array(queued.map(answer));
      }
      if (command === "subscribe") {
        return args
          .map((channel, i) => {
            store.subscribers.set(channel, (store.subscribers.get(channel) ?? new Set()).add(socket));
            return array([bulk("subscribe"), bulk(channel), integer(i + 1)]);
          })
          .join("");
      }
      if (command === "quit") {
        setImmediate(() => socket.end());
        return simple("OK");
      }
      if (queue !== null) {
        queue.push([name, ...args]);
        return simple("QUEUED");
      }
      return COMMANDS[command]?.(store, args) ?? failure(`ERR unknown command '${name}'`);
    };
    socket.on("data", (data) => {
      const { commands, rest } = parseCommands(Buffer.concat([received, data]));
      received = rest;
      turn = turn.then(async () => {
        await new Promise((resolve) => setTimeout(resolve, delay()));
        socket.write(commands.map(answer).join(""));
      });
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      for (const subscribers of store.subscribers.values()) {
        subscribers.delete(socket);
      }
    });
  });
}
