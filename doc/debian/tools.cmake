# Read by cpack itself: without these it would make a package that depends on nothing.
foreach(tool dpkg-shlibdeps file)
  find_program(found_${tool} ${tool})
  if(NOT found_${tool})
    message(FATAL_ERROR "${tool} is missing; get it with: apt-get install dpkg-dev file")
  endif()
endforeach()
