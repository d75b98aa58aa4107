import { once } from "node:events";
import nodemailer from "nodemailer";
import { SMTPServer } from "smtp-server";
import { bodyOf, failureOf } from "./support.mjs";

export const library = "nodemailer";
export const alsoUses = ["smtp-server"];
export const about = "a pool of connections to an SMTP server in the simulation: messages, refused recipients";

export default async function program() {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith("refused") ? new Error("unknown user") : undefined),
    onData: async (stream, _session, done) => {
      console.log("received", /Subject: (.*)/.exec(await bodyOf(stream))[1].trim());
      done();
    },
  });
  server.on("error", () => {});
  server.listen(0);
  await once(server.server, "listening");
  const transport = nodemailer.createTransport({
    host: "localhost",
    port: server.server.address().port,
    pool: true,
    maxConnections: 2,
    ignoreTLS: true,
  });
  await Promise.all(
    Array.from({ length: 5 }, (_, i) =>
      transport.sendMail({ from: "a@example.com", to: "b@example.com", subject: `message ${i}`, text: "hello" }),
    ),
  );
  console.log(
    (await failureOf(transport.sendMail({ from: "a@example.com", to: "refused@example.com", subject: "no", text: "" })))
      .responseCode,
  );
  transport.close();
  await new Promise((resolve) => server.close(resolve));
}
