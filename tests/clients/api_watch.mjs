// Checks the frames of one stream, and its end, against docs/api/asyncapi.yaml.
//
//   node api_watch.mjs MODULES DOCUMENTS CHANNEL SLUG REASON
//
// The stream must end with 1000 and REASON. Prints how many frames of each message came. The server
// is SPILLWAY_URL, the token SPILLWAY_TOKEN.
import { readDocuments } from './api/documents.mjs';
import { complain, findings } from './api/findings.mjs';
import { Ledger } from './api/ledger.mjs';
import { Streams } from './api/streams.mjs';

async function main() {
  const [documents, channel, slug, reason] = process.argv.slice(3);
  const ledger = new Ledger();
  const streams = new Streams(await readDocuments(documents), ledger, process.env.SPILLWAY_URL);
  const as = { Authorization: `Bearer ${process.env.SPILLWAY_TOKEN}` };
  const stream = await streams.open(channel, { path: { slug }, as });
  await stream.expectEnd(1000, reason);
  if (stream.frames.length === 0) complain(`${stream.title}: no frame came`);
  for (const message of Object.keys(streams.channels[channel].messages)) {
    console.log(`${message} ${ledger.count(channel, `message ${message}`)}`);
  }
  process.exit(findings.length ? 1 : 0);
}

main().catch((error) => {
  console.error(error.stack);
  process.exit(1);
});
