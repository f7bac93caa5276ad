# Holds src/ to the direction of the rooms. Run from src/ with every source file as an argument;
# prints FILE:LINE: MESSAGE for each breach, exits 1 if there is any.

BEGIN {
  may["protocol"] = "protocol"
  may["config"] = "protocol config"
  may["actors"] = "protocol config actors"
  may["net"] = "protocol config actors net"
  may["host"] = "protocol config actors host"
  may["store"] = "protocol config actors store"
  may["client"] = "protocol client" # the terminal client knows a server from outside only
  may["app"] = "protocol config actors net host store client app"
  may["sim"] = "protocol config actors sim" # never linked into the server, and reads no bytes with its code
  may["third_party"] = "third_party"

  # What a room must not know, as a pattern on what stands between < and >.
  never["protocol"] = "^(caf/|boost/(asio|beast|process)|SQLiteCpp/|sqlite3|sodium|spdlog/|yaml-cpp/)"
  # Of Asio only its addresses, which are values.
  never["config"] = "^(caf/|boost/(beast|process|asio/([^i]|i[^p]))|SQLiteCpp/|sqlite3|sodium|spdlog/)"
  never["actors"] = "^(boost/(beast|process)|SQLiteCpp/|sqlite3|sodium|yaml-cpp/|CLI/)"
  never["net"] = "^(caf/|boost/process|SQLiteCpp/|sqlite3|yaml-cpp/|CLI/)"
  never["host"] = "^(caf/|SQLiteCpp/|sqlite3|sodium|yaml-cpp/|CLI/)"
  never["client"] = "^(caf/|boost/process|SQLiteCpp/|sqlite3|sodium|yaml-cpp/)"
  never["store"] = "^(caf/|boost/(beast|process)|yaml-cpp/|CLI/)"
}

function breach(message) { print FILENAME ":" FNR ": " message; found = 1 }

FNR == 1 { room = FILENAME; sub(/^\.\//, "", room); sub(/\/.*/, "", room); strict = room in may }

FNR == 1 && !strict { breach("no room is called " room "/: see lib/includes.awk") }

strict && /^[ \t]*#[ \t]*include[ \t]*"/ {
  split($0, part, "\""); target = part[2]; sub(/\/.*/, "", target)
  if (!(target in may) || part[2] ~ /(^|\/)\.\.?\//)
    breach("write the include from src/, starting with its room: \"" part[2] "\"")
  else if (index(" " may[room] " ", " " target " ") == 0)
    breach(room "/ may include " may[room] ", not " target "/")
}

strict && /^[ \t]*#[ \t]*include[ \t]*</ {
  split($0, part, /[<>]/)
  if ((room in never) && part[2] ~ never[room]) breach(room "/ may not know <" part[2] ">")
}

# protocol/ turns values into bytes and back: what time it is comes in as an argument.
room == "protocol" && /::now\(\)|[^_a-z](gettimeofday|clock_gettime|time)\((NULL|nullptr|0|&)/ {
  breach("protocol/ may not read a clock")
}

END { exit found }
