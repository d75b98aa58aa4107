import net from "node:net";

/* A small PostgreSQL: the simple and the extended query protocol of version 3, for a handful of statements on one table of accounts. */

const INT8 = 20;
const TEXT = 25;

function message(type, ...parts) {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(`${part}\0`) : part)));
  const head = Buffer.alloc(type.length + 4);
  head.write(type);
  head.writeInt32BE(body.length + 4, type.length);
  return Buffer.concat([head, body]);
}

const int16 = (value) => Buffer.from([(value >> 8) & 255, value & 255]);
function int32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const description = (columns) =>
  message(
    "T",
    int16(columns.length),
    ...columns.flatMap(([name, type]) => [name, int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]),
  );
const row = (values) =>
  message(
    "D",
    int16(values.length),
    ...values.flatMap((value) =>
      value === null ? [int32(-1)] : [int32(Buffer.byteLength(String(value))), Buffer.from(String(value))],
    ),
  );
const failure = (code, text) => message("E", Buffer.from(`SERROR\0C${code}\0M${text}\0\0`));

/** What a statement does: its columns, its rows and its tag. */
function execute(accounts, sql, parameters) {
  if (/^\s*(begin|commit|rollback|set)/i.test(sql)) {
    return { columns: [], rows: [], tag: sql.trim().split(/\s/)[0].toUpperCase() };
  }
  if (/^\s*insert into accounts/i.test(sql)) {
    if (accounts.has(parameters[0])) {
      return { error: failure("23505", "duplicate key value violates unique constraint") };
    }
    accounts.set(parameters[0], Number(parameters[1]));
    return { columns: [], rows: [], tag: "INSERT 0 1" };
  }
  if (/^\s*update accounts set balance = balance \+/i.test(sql)) {
    accounts.set(parameters[1], (accounts.get(parameters[1]) ?? 0) + Number(parameters[0]));
    return { columns: [], rows: [], tag: "UPDATE 1" };
  }
  if (/^\s*select .* from accounts/i.test(sql)) {
    const rows = [...accounts].filter(([name]) => parameters.length === 0 || name === parameters[0]);
    return {
      columns: [
        ["name", TEXT],
        ["balance", INT8],
      ],
      rows,
      tag: `SELECT ${rows.length}`,
    };
  }
  if (/^\s*select 1/i.test(sql)) {
    return { columns: [["one", INT8]], rows: [[1]], tag: "SELECT 1" };
  }
  return { error: failure("42601", `syntax error in ${sql}`) };
}

class Session {
  #socket;
  #accounts;
  #delay;
  #received = Buffer.alloc(0);
  #hasStarted = false;
  #statements = new Map();
  #bound = null;
  #hasFailed = false;
  #turn = Promise.resolve();

  constructor(socket, accounts, delay) {
    this.#socket = socket;
    this.#accounts = accounts;
    this.#delay = delay;
    socket.on("error", () => {});
    socket.on("data", (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#take();
    });
  }

  #take() {
    for (;;) {
      const headSize = this.#hasStarted ? 1 : 0;
      if (this.#received.length < headSize + 4) {
        return;
      }
      const size = this.#received.readInt32BE(headSize) + headSize;
      if (this.#received.length < size) {
        return;
      }
      const type = this.#hasStarted ? String.fromCharCode(this.#received[0]) : "startup";
      const body = this.#received.subarray(headSize + 4, size);
      this.#received = this.#received.subarray(size);
      if (type === "startup") {
        this.#start(body);
      } else {
        this.#turn = this.#turn.then(() => this.#handle(type, body));
      }
    }
  }

  #start(body) {
    if (body.readInt32BE(0) === 80877103) {
      this.#socket.write("N");
      return;
    }
    this.#hasStarted = true;
    this.#socket.write(
      Buffer.concat([
        message("R", int32(0)),
        message("S", "server_version", "16.0"),
        message("K", int32(1), int32(2)),
        message("Z", Buffer.from("I")),
      ]),
    );
  }

  async #handle(type, body) {
    const strings = () => body.toString("utf8").split("\0");
    if (this.#hasFailed && type !== "S") {
      return;
    }
    switch (type) {
      case "Q":
        await this.#wait();
        this.#answer(execute(this.#accounts, strings()[0], []), true);
        this.#ready();
        break;
      case "P": {
        const [name, sql] = strings();
        this.#statements.set(name, sql);
        this.#socket.write(message("1"));
        break;
      }
      case "B":
        this.#bound = this.#bind(body);
        this.#socket.write(message("2"));
        break;
      case "D":
        this.#describe();
        break;
      case "E":
        await this.#wait();
        this.#answer(execute(this.#accounts, this.#bound.sql, this.#bound.parameters), false);
        break;
      case "S":
        this.#hasFailed = false;
        this.#ready();
        break;
      case "X":
        this.#socket.end();
        break;
      default:
    }
  }

  #wait() {
    return new Promise((resolve) => setTimeout(resolve, this.#delay()));
  }

  #bind(body) {
    let at = body.indexOf(0) + 1;
    const end = body.indexOf(0, at);
    const sql = this.#statements.get(body.toString("utf8", at, end));
    at = end + 1;
    at += 2 + 2 * body.readInt16BE(at);
    const count = body.readInt16BE(at);
    at += 2;
    const parameters = [];
    for (let i = 0; i < count; i++) {
      const size = body.readInt32BE(at);
      at += 4;
      parameters.push(size < 0 ? null : body.toString("utf8", at, at + size));
      at += Math.max(0, size);
    }
    return { sql, parameters };
  }

  #describe() {
    const { sql } = this.#bound;
    const columns = /^\s*select .* from accounts/i.test(sql)
      ? [
          ["name", TEXT],
          ["balance", INT8],
        ]
      : /^\s*select 1/i.test(sql)
        ? [["one", INT8]]
        : [];
    this.#socket.write(columns.length === 0 ? message("n") : description(columns));
  }

  #answer({ columns, rows, tag, error }, isDescribed) {
    if (error !== undefined) {
      this.#hasFailed = !isDescribed;
      this.#socket.write(error);
      return;
    }
    const head = isDescribed && columns.length > 0 ? [description(columns)] : [];
    this.#socket.write(Buffer.concat([...head, ...rows.map(row), message("C", tag)]));
  }

  #ready() {
    this.#socket.write(message("Z", Buffer.from("I")));
  }
}

/** A server that takes up to `delay()` milliseconds for a statement. */
export function createPostgres(delay = () => 0) {
  const accounts = new Map();
  return net.createServer((socket) => new Session(socket, accounts, delay));
}
