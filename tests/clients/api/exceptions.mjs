// What is documented and cannot be provoked from outside, each with the reason.

const list = [
  [/ 500$/, 'the storage would have to fail'],
  // Not those whose 503 has a cause of its own.
  [
    /^(?!.*(\/services|\/login|\/password|POST \/api\/users) 503)\S+ \/(api\/.*|metrics) 503$/,
    'all workers would have to be busy, or the server be stopping',
  ],
  [/^GET \S+\/log 413$/, 'a transcript of more than 64 MiB'],
  [/^PUT \/api\/me\/password 409$/, 'two changes of one password at the same instant'],
  [/ 1011 the transcript cannot be read$/, 'the disk would have to fail'],
  [/ 1011 the end of this deploy was not recorded$/, 'a deploy and the disk would have to fail'],
  [/ 1011 the last lines were not found$/, 'the log would have to be rotated away at its very end'],
  [/ 1011 the log could not be read$/, 'memory or descriptors would have to run out'],
  [/ 1011 internal error, see the process log$/, 'an actor would have to fail'],
  [/ 1011 this stream failed repeatedly/, 'an actor would have to fail again and again'],
];

/** The reason, or nothing where it must be seen. */
export function whyNot(what) {
  return list.find(([pattern]) => pattern.test(what))?.[1];
}
