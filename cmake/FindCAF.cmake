# Finds the C++ Actor Framework 0.17 as Debian packages it: headers and shared objects, without a
# CMake config of their own. Set CAF_ROOT to a prefix to use another build of the same version
# (scripts/tsan-caf makes one under ThreadSanitizer).
find_path(CAF_INCLUDE_DIR caf/all.hpp)
find_package(Threads REQUIRED)
file(STRINGS ${CAF_INCLUDE_DIR}/caf/config.hpp _v REGEX "#define CAF_VERSION [0-9]+")
string(REGEX MATCH "[0-9]+" _v "${_v}") # 0.17.6 is written 1706
math(EXPR _min "${_v} / 100 % 100")
math(EXPR _pat "${_v} % 100")
set(CAF_VERSION 0.${_min}.${_pat})
set(_only)
if(CAF_ROOT)
  set(_only NO_DEFAULT_PATH) # never quietly the system's library instead
endif()
foreach(c ${CAF_FIND_COMPONENTS})
  if(CAF_ROOT AND NOT "${CAF_${c}_LIBRARY}" MATCHES "^${CAF_ROOT}/")
    unset(CAF_${c}_LIBRARY CACHE) # found by an earlier run without this CAF_ROOT
  endif()
  find_library(CAF_${c}_LIBRARY caf_${c} HINTS ${CAF_ROOT}/lib ${_only})
  if(CAF_${c}_LIBRARY)
    set(CAF_${c}_FOUND TRUE)
    if(NOT TARGET CAF::${c})
      add_library(CAF::${c} UNKNOWN IMPORTED)
      set_target_properties(CAF::${c} PROPERTIES
        IMPORTED_LOCATION ${CAF_${c}_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${CAF_INCLUDE_DIR}
        INTERFACE_LINK_LIBRARIES Threads::Threads)
    endif()
  endif()
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF REQUIRED_VARS CAF_core_LIBRARY CAF_INCLUDE_DIR
  VERSION_VAR CAF_VERSION HANDLE_COMPONENTS)
