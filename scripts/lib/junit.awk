# Reads what `ctest --output-junit` wrote. Prints one line a test, fields separated by tabs:
#   passed|failed|skipped, name, reason (of a skipped test, else empty)
# The reason is what GTEST_SKIP() said: the lines after "FILE:LINE: Skipped".

function text(s) {
  gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&apos;/, "'", s)
  gsub(/&#[xX]?[0-9a-fA-F]+;/, " ", s); gsub(/&amp;/, "\\&", s)
  return s
}

function attribute(line, key,    from, rest) {
  from = index(line, " " key "=\"")
  if (!from) return ""
  rest = substr(line, from + length(key) + 3)
  return text(substr(rest, 1, index(rest, "\"") - 1))
}

# A test that did not run at all (its program is missing, say) failed.
/<testcase / {
  name = attribute($0, "name"); status = attribute($0, "status")
  state = status == "run" ? "passed" : status == "disabled" ? "skipped" : "failed"
  reason = status == "disabled" ? "disabled in the source" : ""; collecting = 0
}
/<skipped message="SKIP_/ { state = "skipped" }
/<failure/ { state = "failed" }
/\[  SKIPPED \]/ { collecting = 0 }
collecting && NF { reason = reason (reason == "" ? "" : " ") text($0) }
/: Skipped$/ { collecting = 1 }
/<\/testcase>/ || (/<testcase / && /\/>/) {
  print state "\t" name "\t" (state == "skipped" ? reason : "")
}
