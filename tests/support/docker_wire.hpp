// What the Docker Engine writes on the wire.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace spillway::test {

inline std::string http_answer(int status, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

inline const std::string chunked_head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

inline std::string http_chunk(std::string_view data) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return size + std::string{data} + "\r\n";
}

inline const std::string last_chunk = "0\r\n\r\n";

inline std::string log_frame(std::string_view payload, char stream = 1) {
  std::string header(8, '\0');
  header[0] = stream;
  for (int i = 0; i < 4; ++i) header[7 - i] = static_cast<char>(payload.size() >> (8 * i) & 0xff);
  return header + std::string{payload};
}

}  // namespace spillway::test
