#include "sim/host/compose_images.hpp"

#include <fmt/format.h>

#include <cctype>
#include <fstream>
#include <utility>

#include "sim/host/image_registry.hpp"
#include "sim/host/image_store.hpp"
#include "sim/seed.hpp"

namespace spillway::sim {

namespace {

std::string short_name(const std::string& image) {
  return image.substr(0, image.find('@'));
}

}  // namespace

std::string image_of(const compose_place& place, const compose_service& service) {
  return service.image.empty() ? place.project + "_" + service.name : service.image;
}

compose_images::failure compose_images::pull_image(
    const std::string& image, const std::function<void(std::string)>& progress) {
  const auto pulled = registry_answer(image);
  if (!pulled) return pulled.error();
  const std::string full = full_image_name(image);
  const auto there = engine_.get(fmt::format("{}/images/{}/json", compose_api, full));
  progress(
      fmt::format("{}: Pulling from {}", full.substr(full.rfind(':') + 1), pulled->repository));
  if (!there.good()) {
    for (const std::string& layer : pulled->layers) progress(layer + ": Pull complete");
  }
  progress("Digest: sha256:" + pulled->digest);
  progress(fmt::format("Status: {} {}",
                       there.good() ? "Image is up to date for" : "Downloaded newer image for",
                       short_name(image)));
  return problem_in(engine_.post("/sim/images?name=" + url_encoded(image)));
}

int compose_images::pull(const std::set<std::string>& services) {
  std::vector<compose_printer::task> tasks;
  std::vector<std::string> errors;
  for (const compose_service& service : file_.services) {
    if (!is_meant(service.name, services)) continue;
    tasks.push_back({service.name, [this, &service, &errors]() -> failure {
                       if (service.image.empty()) return std::nullopt;
                       auto wrong = pull_image(service.image, [&](std::string line) {
                         for (char& c : line) c = static_cast<char>(std::tolower(c));
                         printer_.say(fmt::format("Pulling {} ... {}\r", service.name, line));
                       });
                       if (wrong) errors.push_back(*wrong);
                       return wrong;
                     }});
  }
  if (printer_.run_all("Pulling", tasks)) return 0;
  for (const std::string& error : errors) printer_.say(error);
  return 1;
}

bool compose_images::build_image(const compose_service& service) {
  const std::string image = image_of(place_, service);
  printer_.say("Building " + service.name);
  const std::string folder = service.build_context.starts_with('/')
                                 ? service.build_context
                                 : place_.folder + "/" + service.build_context;
  std::ifstream file(folder + "/" + service.dockerfile);
  if (!file) {
    printer_.say(
        "unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat " +
        folder + "/" + service.dockerfile + ": no such file or directory");
    printer_.say("ERROR: Service '" + service.name + "' failed to build : Build failed");
    return false;
  }
  std::vector<std::string> steps;
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find_first_not_of(" \t");
    if (first != std::string::npos && line[first] != '#') steps.push_back(line.substr(first));
  }
  printer_.answer("Sending build context to Docker daemon  2.048kB");
  draws ids(seed_of(0, "build " + image));
  std::size_t number = 0;
  for (const std::string& step : steps) {
    printer_.step();
    printer_.answer(fmt::format("Step {}/{} : {}", ++number, steps.size(), step));
    if (step.starts_with("RUN")) {
      const std::string id = hexadecimal_id(ids).substr(0, 12);
      printer_.answer(" ---> Running in " + id);
      printer_.answer("Removing intermediate container " + id);
    }
    printer_.answer(" ---> " + hexadecimal_id(ids).substr(0, 12));
  }
  printer_.answer("Successfully built " + hexadecimal_id(ids).substr(0, 12));
  printer_.answer("Successfully tagged " + full_image_name(image));
  return engine_.post("/sim/images?name=" + url_encoded(image)).good();
}

int compose_images::build(const std::set<std::string>& services) {
  for (const compose_service& service : file_.services) {
    if (!is_meant(service.name, services)) continue;
    if (service.build_context.empty()) {
      printer_.say(service.name + " uses an image, skipping");
    } else if (!build_image(service)) {
      return 1;
    }
  }
  return 0;
}

bool compose_images::provide(const std::set<std::string>& services, bool build_all) {
  for (const compose_service& service : file_.services) {
    if (!is_meant(service.name, services)) continue;
    const std::string image = image_of(place_, service);
    const bool there = engine_.get(fmt::format("{}/images/{}/json", compose_api, image)).good();
    if (!service.build_context.empty()) {
      if (there && !build_all) continue;
      if (!build_image(service)) return false;
      if (!build_all) {
        printer_.say("Image for service " + service.name +
                     " was built because it did not already exist. To rebuild this image you must "
                     "use `docker-compose build` or `docker-compose up --build`.");
      }
      continue;
    }
    if (there) continue;
    printer_.say(fmt::format("Pulling {} ({})...", service.name, image));
    const auto wrong =
        pull_image(image, [this](const std::string& line) { printer_.answer(line); });
    if (wrong) {
      printer_.say(*wrong);
      return false;
    }
  }
  return true;
}

}  // namespace spillway::sim
