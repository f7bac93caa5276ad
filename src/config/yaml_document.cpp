#include "config/yaml_document.hpp"

#include <yaml-cpp/eventhandler.h>

#include <sstream>
#include <vector>

namespace spillway::config {
namespace {

class document_starts : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { marks.push_back(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

  std::vector<YAML::Mark> marks;
};

}  // namespace

yaml_document read_yaml(const std::string& text) {
  // Not YAML::LoadAll: it takes a comma between documents for a document, stands still before it,
  // and goes on so until the memory is full.
  std::istringstream in(text);
  YAML::Parser parser(in);
  document_starts found;
  while (found.marks.size() < 2 && parser.HandleNextDocument(found)) {
  }
  yaml_document made;
  if (found.marks.empty()) return made;
  if (found.marks.size() > 1) {
    made.second = found.marks[1];
    if (made.second->pos == found.marks[0].pos) {
      throw YAML::ParserException(*made.second, "a comma stands outside of a list");
    }
  }
  made.root = YAML::Load(text);
  return made;
}

}  // namespace spillway::config
