// Preloaded into Node.js processes: logs and refuses connections that leave this machine.
const { appendFileSync } = require("node:fs");
const net = require("node:net");

const LOCAL = ["127.0.0.1", "::1", "localhost"];
const { connect } = net.Socket.prototype;

net.Socket.prototype.connect = function (...args) {
  const [first, second] = args;
  const options = Array.isArray(first) ? first[0] : first;
  const { host = second, path } = typeof options === "object" ? options : {};
  if (path || typeof host !== "string" || LOCAL.includes(host)) {
    return connect.apply(this, args);
  }
  appendFileSync(process.env["NO_NETWORK_LOG"], `${process.argv.join(" ")}: ${host}\n`);
  throw new Error(`there is no network to reach ${host}`);
};
