// What a client tells the test, a line at a time on standard output.

/** So many frames are there: what the test waits for. */
export function tellReceived(count) {
  console.log(`received ${count}`);
}

/** The frames, how the stream ended, and what else there is to say, as one line of JSON. */
export function tellEnd(report) {
  console.log(`report ${JSON.stringify(report)}`);
}

/** Ends the program with a sentence on standard error. */
export function fail(why) {
  console.error(why);
  process.exit(1);
}
