import type { Awaited, Body, HttpStatement, Pause, SocketStatement, Statement, StreamStatement } from "./program.ts";

/** Writes the source of one program: its statements get numbers in the order in which they stand there. */
class Writer {
  private _count = 0;

  /** The name of the next statement. */
  private _name(kind: string): string {
    return `${kind} ${++this._count}`;
  }

  body(statements: Body): string {
    return statements.map((statement) => this._statement(statement)).join("\n");
  }

  /** A function expression with this body, which logs first. `first` is a statement that comes before anything else. */
  private _function(kind: string, body: Body, first = "", parameters = ""): string {
    const name = this._name(kind);
    const isAsync = body.some(isAwaiting);
    return `${isAsync ? "async " : ""}(${parameters}) => {\n${first}$.log(${quoted(name)});\n${this.body(body)}\n}`;
  }

  private _statement(statement: Statement): string {
    switch (statement.do) {
      case "log":
        return `$.log(${quoted(this._name("log"))});`;
      case "throw": {
        // Not at once: what follows would never run.
        const name = this._name("thrown");
        return `setTimeout(() => { process.nextTick(() => $.log(${quoted(`${name} tick`)})); queueMicrotask(() => $.log(${quoted(`${name} microtask`)})); throw new Error(${quoted(name)}); }, 1);`;
      }
      case "reject":
        return `void Promise.reject(new Error(${quoted(this._name("rejected"))}));`;
      case "timeout":
        return `$.timers[${statement.slot}] = setTimeout(${this._function("timeout", statement.body)}, ${statement.ms});`;
      case "interval":
        return this._interval(statement);
      case "immediate":
        return `$.immediates[${statement.slot}] = setImmediate(${this._function("immediate", statement.body)});`;
      case "tick":
        return `process.nextTick(${this._function("tick", statement.body)});`;
      case "microtask":
        return `queueMicrotask(${this._function("microtask", statement.body)});`;
      case "then":
        return `void Promise.resolve().then(${this._function("then", statement.body)});`;
      case "call":
        return `void (${this._function("call", [...statement.body, AWAIT_NOTHING])})();`;
      case "context":
        return `$.storage.run(${quoted(`c${this._count + 1}`)}, ${this._function("context", statement.body)});`;
      case "clear":
        return `clearTimeout($.timers[${statement.slot}]);`;
      case "clear immediate":
        return `clearImmediate($.immediates[${statement.slot}]);`;
      case "refresh":
      case "close":
      case "unref":
      case "ref":
        return `$.timers[${statement.slot}]?.${statement.do}();`;
      case "await":
        return this._await(statement.what);
      case "listen":
        return `$.emitters[${statement.emitter}].${statement.once ? "once" : "on"}("event", ${this._function("listener", statement.body)});`;
      case "emit":
        return `$.emitters[${statement.emitter}].emit("event", ${quoted(this._name("emitted"))});`;
      case "for events":
        return this._loop("event", statement, `on($.emitters[${statement.emitter}], "event")`, statement.times);
      case "for interval":
        return this._loop(
          "for interval",
          statement,
          `intervals(${statement.ms}, "value", { signal: $.ending.signal })`,
          statement.times,
        );
      case "for generator":
        return this._loop("for generator", statement, `(${generator(statement.pauses)})()`, 9);
      case "for readable":
        return this._loop("for readable", statement, `Readable.from((${generator(statement.pauses)})())`, 9);
      case "signal after":
        return `$.controllers[${statement.number}] = { signal: AbortSignal.timeout(${Math.trunc(statement.ms)}), abort() {} };`;
      case "any signal":
        return `$.controllers[${statement.number}] = { signal: AbortSignal.any([${statement.numbers.map((n) => `$.signal(${n})`).join(", ")}]), abort() {} };`;
      case "abort":
        return `$.signal(${statement.number}); $.controllers[${statement.number}].abort();`;
      case "on abort":
        return `$.signal(${statement.number}).addEventListener("abort", ${this._function("abort", statement.body)});`;
      case "stream":
        return streamSource(statement, this._name("stream"));
      case "sockets":
        return socketSource(statement, this._name("net"));
      case "http":
        return httpSource(statement, this._name("http"));
      default:
        return statement satisfies never;
    }
  }

  private _interval({ ms, slot, times, body }: Extract<Statement, { do: "interval" }>): string {
    const call = this._function("interval", body, `if (++n >= ${times}) clearInterval(timer);\n`);
    return `{\nlet n = 0;\nconst timer = setInterval(${call}, ${ms});\n$.timers[${slot}] = timer;\n}`;
  }

  private _loop(kind: string, { body }: { readonly body: Body }, iterable: string, times: number): string {
    const name = this._name(kind);
    return `{
let n = 0;
for await (const value of ${iterable}) {
$.log(${quoted(name)}, value);
${this.body(body)}
if (++n >= ${times}) break;
}
$.log(${quoted(`${name} over`)});
}`;
  }

  private _await(what: Awaited): string {
    const name = this._name(`await ${what.for}`);
    const expression = this._awaited(what);
    return `try {\n$.log(${quoted(name)}, await ${expression});\n} catch (error) {\n$.log(${quoted(`${name} failed`)}, error);\n}`;
  }

  private _awaited(what: Awaited): string {
    const options = "signal" in what && what.signal !== undefined ? `, { signal: $.signal(${what.signal}) }` : "";
    switch (what.for) {
      case "pause":
        return `$.paused(${JSON.stringify(what.pause)})`;
      case "value":
        return `"value"`;
      case "thenable":
        return `{ then(resolve) { resolve("value"); } }`;
      case "yield":
        return "scheduler.yield()";
      case "immediate":
        return `immediatePromise("value")`;
      case "promisified immediate":
        return `promisify(setImmediate)("value")`;
      case "sleep":
        return `sleep(${what.ms}, "value"${options})`;
      case "wait":
        return `scheduler.wait(${what.ms})`;
      case "promisified":
        return `promisify(setTimeout)(${what.ms}, "value")`;
      case "event":
        return `once($.emitters[${what.emitter}], "event"${options})`;
      case "call":
        return `(${this._asyncFunction("called", what.bodies[0] ?? [])})()`;
      default:
        return `Promise.${what.for}([${what.bodies.map((body) => `(${this._asyncFunction("branch", body)})()`).join(", ")}]).then(() => "done")`;
    }
  }

  private _asyncFunction(kind: string, body: Body): string {
    return this._function(kind, [...body, AWAIT_NOTHING]);
  }
}

/** Makes the function that has it an `async` one. */
const AWAIT_NOTHING: Statement = { do: "await", what: { for: "value" } };

const isAwaiting = (statement: Statement): boolean => statement.do === "await" || statement.do.startsWith("for ");

const quoted = (text: string): string => JSON.stringify(text);

const generator = (pauses: readonly Pause[]): string =>
  `async function* () {\nfor (const [index, pause] of ${JSON.stringify(pauses)}.entries()) {\nawait $.paused(pause);\nyield "item" + index;\n}\n}`;

function streamSource(statement: StreamStatement, name: string): string {
  const { chunks, transforms, sink, highWaterMark, join, failAt, destroyAfter } = statement;
  const log = (event: string, value = ""): string =>
    `$.log(${quoted(`${name} ${event}`)}${value === "" ? "" : `, ${value}`})`;
  const stages = transforms.map(
    (pause) =>
      `new Transform({ objectMode: true, highWaterMark: ${highWaterMark}, transform(chunk, _encoding, done) { ${log("transform", "chunk")}; $.pause(${JSON.stringify(pause)}, () => done(null, chunk)); } })`,
  );
  const ending = `(error) => ${log("ended", 'error ?? "well"')}`;
  const joined = {
    pipe: `[...stages, sink].reduce((from, to) => { from.on("error", () => {}); return from.pipe(to); }, source);\nfinished(sink, ${ending});\nfinished(source, (error) => ${log("source ended", 'error ?? "well"')});`,
    pipeline: `pipeline(source, ...stages, sink, ${ending});`,
    promise: `pipelinePromise(source, ...stages, sink).then(() => ${log("fulfilled")}, (error) => ${log("rejected", "error")});`,
    "for await": `(async () => { try { for await (const chunk of stages.reduce((from, to) => from.pipe(to), source)) { ${log("chunk", "chunk")}; await $.paused(${JSON.stringify(sink)}); } ${log("all read")}; } catch (error) { ${log("read failed", "error")}; } })();`,
  }[join];
  return `{
const pauses = ${JSON.stringify(chunks)};
let read = 0;
let written = 0;
const source = new Readable({ objectMode: true, highWaterMark: ${highWaterMark}, read() {
${log("read")};
const index = read++;
$.pause(pauses[index] ?? "sync", () => this.push(index < pauses.length ? "chunk" + index : null));
} });
const stages = [${stages.join(", ")}];
const sink = new Writable({ objectMode: true, highWaterMark: ${highWaterMark}, write(chunk, _encoding, done) {
${log("write", "chunk")};
$.pause(${JSON.stringify(sink)}, () => ++written === ${failAt} ? done(new Error("failed")) : done());
}, final(done) { ${log("final")}; $.pause(${JSON.stringify(sink)}, done); } });
for (const event of ["close", "end", "finish", "drain"]) { source.on(event, () => $.log(${quoted(name)} + " source " + event)); sink.on(event, () => $.log(${quoted(name)} + " sink " + event)); }
source.on("error", (error) => ${log("source error", "error")});
sink.on("error", (error) => ${log("sink error", "error")});
${joined}
${destroyAfter > 0 ? `setTimeout(() => source.destroy(), ${destroyAfter});` : ""}
}`;
}

const SERVERS: Readonly<Record<SocketStatement["server"], string>> = {
  echo: `socket.on("data", (data) => { SAY(" received", data); $.pause(PAUSE, () => socket.write(data)); }); socket.on("end", () => { SAY(" end"); $.pause(PAUSE, () => socket.end()); });`,
  collect: `let all = ""; socket.on("data", (data) => { all += data; }); socket.on("end", () => { SAY(" end", all); $.pause(PAUSE, () => socket.end(all)); });`,
  greet: `socket.resume(); socket.on("end", () => SAY(" end")); $.pause(PAUSE, () => socket.end("hello"));`,
  destroy: `socket.on("data", (data) => SAY(" received", data)); $.pause(PAUSE, () => socket.destroy());`,
};

function socketSource({ clients, server, pause, allowHalfOpen }: SocketStatement, name: string): string {
  const handler = SERVERS[server].replaceAll("PAUSE", JSON.stringify(pause)).replaceAll("SAY(", "say(");
  return `{
const server = net.createServer({ noDelay: true, allowHalfOpen: ${allowHalfOpen} }, (socket) => {
const say = (what, value) => $.log(${quoted(`${name} server`)} + what, value);
$.closers.push(() => socket.destroy());
say(" connection");
socket.on("error", (error) => say(" error", error));
socket.on("close", (hadError) => say(" close", hadError));
${handler}
});
$.closers.push(() => server.close());
server.listen(0, "127.0.0.1", () => {
$.log(${quoted(`${name} listening`)});
let open = ${clients.length};
for (const [index, client] of ${JSON.stringify(clients)}.entries()) $.pause(client.start, () => {
const say = (what, value) => $.log(${quoted(`${name} client`)} + index + what, value);
const socket = net.connect({ port: server.address().port, host: "127.0.0.1", noDelay: true, allowHalfOpen: ${allowHalfOpen} });
$.closers.push(() => socket.destroy());
socket.on("connect", () => say(" connect"));
socket.on("ready", () => say(" ready"));
socket.on("data", (data) => say(" data", data));
socket.on("end", () => { say(" end"); if (${allowHalfOpen}) socket.end(); });
socket.on("finish", () => say(" finish"));
socket.on("error", (error) => say(" error", error));
socket.on("close", (hadError) => { say(" close", hadError); if (--open === 0) server.close(() => $.log(${quoted(`${name} closed`)})); });
(async () => {
for (const [number, pause] of client.writes.entries()) { await $.paused(pause); socket.write("w" + number, () => say(" written")); }
await $.paused(client.end);
socket.end();
})();
});
});
}`;
}

function httpSource({ requests, keepAlive, respond, chunks }: HttpStatement, name: string): string {
  return `{
const server = http.createServer((request, response) => {
const say = (what, value) => $.log(${quoted(`${name} server`)} + what, value);
say(" request", request.url);
let all = "";
request.on("data", (data) => { all += data; });
request.on("error", (error) => say(" error", error));
request.on("close", () => say(" request close"));
response.on("finish", () => say(" finish"));
response.on("close", () => say(" response close"));
request.on("end", async () => {
say(" end", all);
await $.paused(${JSON.stringify(respond)});
for (const [index, pause] of ${JSON.stringify(chunks)}.entries()) { response.write("part" + index); await $.paused(pause); }
response.end("last");
});
});
$.closers.push(() => { server.close(); server.closeAllConnections(); });
const agent = new http.Agent({ keepAlive: ${keepAlive} });
$.closers.push(() => agent.destroy());
server.listen(0, "127.0.0.1", () => {
$.log(${quoted(`${name} listening`)});
for (const [index, { start, body, abortAfter }] of ${JSON.stringify(requests)}.entries()) $.pause(start, () => {
const say = (what, value) => $.log(${quoted(`${name} client`)} + index + what, value);
const request = http.request({ port: server.address().port, host: "127.0.0.1", path: "/" + index, method: body > 0 ? "POST" : "GET", agent, ...(abortAfter > 0 ? { signal: AbortSignal.timeout(abortAfter) } : {}) });
request.on("socket", () => say(" socket"));
request.on("finish", () => say(" finish"));
request.on("error", (error) => say(" error", error));
request.on("close", () => say(" close"));
request.on("response", (response) => {
say(" response", response.statusCode);
let all = "";
response.on("data", (data) => { all += data; });
response.on("end", () => say(" end", all));
response.on("error", (error) => say(" response error", error));
response.on("close", () => say(" response close"));
});
for (let n = 0; n < body; n++) request.write("body" + n);
request.end();
});
});
}`;
}

/**
 * The source of `program`: statements for the body of an `async` function.
 *
 * @see real/runtime.mjs for the names that it uses
 */
export const sourceOf = (program: Body): string => new Writer().body(program);
