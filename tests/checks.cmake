# What is checked beside the units: shapes of the source (label lint), golden captures, the
# README's example, and real captures where there are any.  A script that misses its tool ends
# with 77 and counts as skipped.
include(ProcessorCount)
ProcessorCount(processors)
set(checks ${CMAKE_CURRENT_SOURCE_DIR})

if(NOT MSNWATCH_SANITIZE AND NOT MSNWATCH_FUZZ AND CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_test(NAME lint.format COMMAND ${checks}/format.sh)
  add_test(NAME lint.layers COMMAND ${checks}/layers.sh ${PROJECT_BINARY_DIR})
  add_test(NAME lint.limits COMMAND ${checks}/limits.sh)
  add_test(NAME lint.sizes COMMAND ${checks}/sizes.sh)
  add_test(NAME lint.tidy COMMAND ${checks}/tidy.sh ${PROJECT_BINARY_DIR})
  set_tests_properties(lint.format lint.layers lint.limits lint.sizes lint.tidy PROPERTIES
      LABELS lint SKIP_RETURN_CODE 77)
  if(processors GREATER 1)
    set_tests_properties(lint.tidy PROPERTIES PROCESSORS ${processors})
  endif()
  if(MSNWATCH_ENFORCE)
    add_test(NAME passive.binary COMMAND ${checks}/passive.sh ${PROJECT_BINARY_DIR})
    set_tests_properties(passive.binary PROPERTIES SKIP_RETURN_CODE 77)
  endif()
  # clang-tidy over everything is the longest test: start it first.
  set_tests_properties(lint.tidy PROPERTIES TIMEOUT 900 COST 1000)
endif()

# Tests that read generated captures name the fixture "samples", which makes them.
if(TARGET samples)
  add_test(NAME samples.generate
      COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR} --target samples)
  add_test(NAME samples.deterministic COMMAND ${checks}/samples_deterministic.sh
      $<TARGET_FILE:make_samples> ${PROJECT_BINARY_DIR}/samples)
  add_test(NAME samples.score
      COMMAND ${checks}/score_samples.py $<TARGET_FILE:msnwatch> ${PROJECT_BINARY_DIR}/samples)
  add_test(NAME samples.schema COMMAND ${checks}/schema_samples.sh ${PROJECT_BINARY_DIR})
  add_test(NAME live.replay
      COMMAND ${checks}/live.py $<TARGET_FILE:msnwatch> ${PROJECT_BINARY_DIR}/samples)
  add_test(NAME live.config
      COMMAND ${checks}/live_config.py $<TARGET_FILE:msnwatch> ${PROJECT_BINARY_DIR}/samples)
  set_tests_properties(live.replay live.config PROPERTIES
      FIXTURES_REQUIRED samples SKIP_RETURN_CODE 77 LABELS threads)
  add_test(NAME live.privilege COMMAND
      ${checks}/privilege.py $<TARGET_FILE:msnwatch> ${PROJECT_BINARY_DIR}/samples)
  set_tests_properties(live.privilege PROPERTIES
      FIXTURES_REQUIRED samples SKIP_RETURN_CODE 77)
  add_test(NAME live.kill
      COMMAND ${checks}/live_kill.py $<TARGET_FILE:msnwatch> ${PROJECT_BINARY_DIR}/samples)
  set_tests_properties(live.kill PROPERTIES
      FIXTURES_REQUIRED samples SKIP_RETURN_CODE 77 TIMEOUT 120)
  set_tests_properties(samples.generate PROPERTIES FIXTURES_SETUP samples)
  set_tests_properties(samples.deterministic PROPERTIES FIXTURES_REQUIRED samples)
  set_tests_properties(samples.score samples.schema PROPERTIES
      FIXTURES_REQUIRED samples SKIP_RETURN_CODE 77)
endif()

# 1,000 damaged captures.  The fixture makes them; their names are known before that.
if(TARGET samples)
  file(GLOB scenarios CONFIGURE_DEPENDS ../samples/scenarios/*.scn)
  set(sample_captures "")
  foreach(scenario ${scenarios})
    get_filename_component(name ${scenario} NAME_WE)
    list(APPEND sample_captures ${PROJECT_BINARY_DIR}/samples/${name}.pcap)
  endforeach()
  add_test(NAME samples.damaged COMMAND damaged -n 1000 ${sample_captures})
  set_tests_properties(samples.damaged PROPERTIES FIXTURES_REQUIRED samples TIMEOUT 300)
endif()

if(TARGET samples AND Python3_FOUND)
  add_test(NAME cli COMMAND ${Python3_EXECUTABLE} ${checks}/cli.py $<TARGET_FILE:msnwatch>
      ${PROJECT_BINARY_DIR}/samples $<TARGET_FILE:reshape>)
  set_tests_properties(cli PROPERTIES FIXTURES_REQUIRED samples TIMEOUT 300 COST 100)
endif()

# Manuals, completion and example against the table of settings.
if(Python3_FOUND)
  add_test(NAME cli.manuals COMMAND ${Python3_EXECUTABLE} -B ${checks}/manuals.py
      $<TARGET_FILE:msnwatch>)
endif()

# Status, metrics, system log and saved packets of a running sensor; needs root.
if(TARGET samples AND Python3_FOUND)
  add_test(NAME live.outputs COMMAND ${Python3_EXECUTABLE} -B ${checks}/live_outputs.py
      $<TARGET_FILE:msnwatch> ${PROJECT_BINARY_DIR}/samples)
  set_tests_properties(live.outputs PROPERTIES
      FIXTURES_REQUIRED samples SKIP_RETURN_CODE 77 TIMEOUT 120)
endif()

# Real kernels between namespaces; needs root.
if(Python3_FOUND)
  set(hows live)
  if(NOT MSNWATCH_SANITIZE)
    list(APPEND hows record)
  endif()
  foreach(how ${hows})
    add_test(NAME e2e.${how} COMMAND ${Python3_EXECUTABLE} -B ${checks}/e2e/e2e.py --${how}
        $<TARGET_FILE:msnwatch>)
    set_tests_properties(e2e.${how} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 150
        PROCESSORS ${processors})
  endforeach()
endif()

# Sign-ins that are to be cut, and everything that is not; needs root, and to cut a build that
# can send.
if(Python3_FOUND)
  function(add_scene name)
    add_test(NAME enforce.${name} COMMAND ${Python3_EXECUTABLE} -B
        ${checks}/enforce/enforce.py ${ARGN})
    set_tests_properties(enforce.${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 150
        PROCESSORS ${processors})
  endfunction()
  set(scene $<TARGET_FILE_DIR:enforce_host> $<TARGET_FILE:msnwatch>)
  # What networks do to connections that nobody cuts: about the networks, not the sensor.
  if(NOT MSNWATCH_SANITIZE)
    add_scene(off --mode off ${scene} everyone six tagged deaf tunnel wrapped flooded
        lossy late)
    add_scene(dry-run --mode dry-run ${scene} everyone)
  endif()
  # "paced" is measured by hand: one sign-in at a time, at the speed of no network, is a
  # race that the sensor loses now and then.
  set(variants everyone six tunnel reload panic limited)
  if(NOT MSNWATCH_SANITIZE)
    list(APPEND variants tagged stacked split deaf refusal twice echoed wrapped unscaled
        hasty flooded lossy late account hours fallback)
  endif()
  foreach(variant ${variants})
    add_scene(${variant} ${scene} ${variant})
  endforeach()
  set_tests_properties(enforce.reload PROPERTIES LABELS threads)
endif()

# The unit, what the service manager is told, and the package, made of the release build.
add_test(NAME package.unit COMMAND ${checks}/unit_security.sh $<TARGET_FILE:msnwatch>)
set_tests_properties(package.unit PROPERTIES SKIP_RETURN_CODE 77 LABELS package)
if(Python3_FOUND)
  add_test(NAME live.notify
      COMMAND ${Python3_EXECUTABLE} -B ${checks}/notify.py $<TARGET_FILE:msnwatch>)
  set_tests_properties(live.notify PROPERTIES SKIP_RETURN_CODE 77)
endif()
if(TARGET samples AND Python3_FOUND AND CMAKE_BUILD_TYPE STREQUAL "Debug"
    AND NOT MSNWATCH_SANITIZE)
  add_test(NAME package.install COMMAND ${Python3_EXECUTABLE} -B ${checks}/package/package.py
      ${PROJECT_SOURCE_DIR}/build ${PROJECT_BINARY_DIR}/samples)
  set_tests_properties(package.install PROPERTIES FIXTURES_REQUIRED samples LABELS package
      SKIP_RETURN_CODE 77 TIMEOUT 600)
endif()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS golden.list ../README.md)
file(STRINGS golden.list golden_cases REGEX "^[^#].*\\|")
foreach(case ${golden_cases})
  string(REGEX REPLACE "[ \t]*\\|.*" "" name "${case}")
  add_test(NAME golden.${name} COMMAND ${checks}/golden.sh ${PROJECT_BINARY_DIR} ${name})
  set_tests_properties(golden.${name} PROPERTIES FIXTURES_REQUIRED samples)
endforeach()

if(TARGET samples AND Python3_FOUND)
  add_test(NAME golden.verdicts COMMAND ${Python3_EXECUTABLE} ${checks}/verdicts.py
      $<TARGET_FILE:msnwatch> ${PROJECT_BINARY_DIR}/samples ${golden}/verdicts.txt)
  set_tests_properties(golden.verdicts PROPERTIES FIXTURES_REQUIRED samples)
endif()

file(READ ../README.md readme)
if(NOT readme MATCHES "<!-- example:begin -->[ \t\r\n]*<!-- example:end -->")
  add_test(NAME readme.example COMMAND ${checks}/readme_example.sh ${PROJECT_BINARY_DIR})
  set_tests_properties(readme.example PROPERTIES FIXTURES_REQUIRED samples)
endif()

# Real captures with known truth are no part of this repository; scored when they are at hand.
set(captures_default ${PROJECT_SOURCE_DIR}/../shared/captures)
if(DEFINED ENV{MSNWATCH_CAPTURES})
  set(captures_default $ENV{MSNWATCH_CAPTURES})
endif()
set(MSNWATCH_CAPTURES ${captures_default} CACHE PATH
    "folder of real captures with truth.json and score.py")
if(EXISTS ${MSNWATCH_CAPTURES}/truth.json)
  add_test(NAME captures.score
      COMMAND ${checks}/score_scope.py $<TARGET_FILE:msnwatch> ${MSNWATCH_CAPTURES})
  if(Python3_FOUND)
    add_test(NAME captures.verdicts COMMAND ${Python3_EXECUTABLE} ${checks}/verdicts.py
        $<TARGET_FILE:msnwatch> ${MSNWATCH_CAPTURES})
  endif()
  # All captures in all shapes take a minute and a half under a sanitizer.
  if(MSNWATCH_SANITIZE)
    set(sample --sample 8)
  endif()
  add_test(NAME captures.shapes
      COMMAND ${checks}/shapes.py --msnwatch $<TARGET_FILE:msnwatch>
          --reshape $<TARGET_FILE:reshape> --truth ${MSNWATCH_CAPTURES}/truth.json
          --captures ${MSNWATCH_CAPTURES} --jobs ${processors} ${sample})
  file(GLOB real_captures ${MSNWATCH_CAPTURES}/*.pcap)
  add_test(NAME captures.damaged COMMAND damaged -n 200 ${real_captures})
  set_tests_properties(captures.damaged PROPERTIES TIMEOUT 300)
  set_tests_properties(captures.shapes PROPERTIES PROCESSORS ${processors} TIMEOUT 900)
endif()
if(EXISTS ${MSNWATCH_CAPTURES}/../bench/base.pcap.zst)
  add_test(NAME captures.quiet COMMAND ${checks}/quiet.sh $<TARGET_FILE:msnwatch>
      ${MSNWATCH_CAPTURES}/../bench/base.pcap.zst)
endif()
