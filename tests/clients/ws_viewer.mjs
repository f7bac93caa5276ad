// A viewer made of Node's ws.
//
//   node ws_viewer.mjs MODULES WEBSOCKET_URL AWAITED [stuck]
//
// MODULES is the folder of package.json and node_modules. `stuck`: after so many frames as are
// AWAITED it reads nothing until SIGUSR2.
// The token is in SPILLWAY_TOKEN.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fail, tellEnd, tellReceived } from './report.mjs';

const [modules, url, awaited, mode] = process.argv.slice(2);
const WebSocket = createRequire(join(modules, 'package.json'))('ws');

const socket = new WebSocket(url, {
  headers: { Authorization: `Bearer ${process.env.SPILLWAY_TOKEN}` },
});
const frames = [];
let payloadBytes = 0;
let connection;

socket.on('upgrade', (response) => (connection = response.socket));
socket.on('message', (data) => {
  payloadBytes += data.length;
  if (frames.push(data.toString()) !== Number(awaited)) return;
  if (mode === 'stuck') {
    socket.pause();
    // A socket that is not read does not keep the program running.
    const waiting = setInterval(() => {}, 1000);
    process.on('SIGUSR2', () => {
      clearInterval(waiting);
      socket.resume();
    });
  }
  tellReceived(frames.length);
});
socket.on('close', (code, reason) =>
  tellEnd({
    extensions: socket.extensions,
    code,
    reason: reason.toString(),
    payload_bytes: payloadBytes,
    wire_bytes: connection.bytesRead,
    frames,
  }),
);
socket.on('error', (error) => fail(error.stack));
