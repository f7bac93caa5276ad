// A viewer as a page's would be, over TLS, from an address of choice, with nothing but Node.
//
//   node viewer.mjs URL SECONDS [HEADER: VALUE]...
//
// Prints what became of it as one line of JSON: {"status": …} where the upgrade was refused, else
// {"frames": N, "code": …, "reason": …}, the code null where it was still open after SECONDS. Connects
// from the address in VIEWER_ADDRESS; trusts what NODE_EXTRA_CA_CERTS names.
import { randomBytes } from 'node:crypto';
import { request } from 'node:https';

const [url, seconds, ...fields] = process.argv.slice(2);

const headers = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
};
for (const field of fields) {
  const colon = field.indexOf(': ');
  headers[field.slice(0, colon)] = field.slice(colon + 2);
}

function tell(what) {
  console.log(JSON.stringify(what));
  process.exit(0);
}

// Frames of a server are not masked (RFC 6455 section 5.1).
class Frames {
  count = 0;
  #rest = Buffer.alloc(0);

  read(bytes, onControl) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 2) {
      const opcode = this.#rest[0] & 0x0f;
      let size = this.#rest[1] & 0x7f;
      let from = 2;
      if (size === 126) [size, from] = [this.#rest.length < 4 ? Infinity : this.#rest.readUInt16BE(2), 4];
      if (size === 127)
        [size, from] = [this.#rest.length < 10 ? Infinity : Number(this.#rest.readBigUInt64BE(2)), 10];
      if (this.#rest.length < from + size) return;
      const payload = this.#rest.subarray(from, from + size);
      if (opcode >= 8) onControl(opcode, payload);
      else ++this.count;
      this.#rest = this.#rest.subarray(from + size);
    }
  }
}

// What a client sends is masked; by zeros it reads the same.
const masked = (opcode, payload) =>
  Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);

const opening = request(url, { headers, family: 4, localAddress: process.env.VIEWER_ADDRESS });
opening.on('response', (response) => tell({ status: response.statusCode }));
opening.on('error', (error) => tell({ error: error.message }));
opening.on('upgrade', (response, socket, head) => {
  const frames = new Frames();
  const onControl = (opcode, payload) => {
    if (opcode === 9) socket.write(masked(10, payload));
    if (opcode === 8)
      tell({
        frames: frames.count,
        code: payload.readUInt16BE(0),
        reason: payload.subarray(2).toString(),
      });
  };
  frames.read(head, onControl);
  socket.on('data', (bytes) => frames.read(bytes, onControl));
  socket.on('error', () => {});
  socket.on('close', () => tell({ frames: frames.count, code: 1006, reason: '' }));
  setTimeout(() => tell({ frames: frames.count, code: null }), Number(seconds) * 1000);
});
opening.end();
