# What `cmake --install` places beside the program.  It is decided then, not when the build
# is configured: the same build is installed below any prefix, and packed below /usr.
# The caller sets: source, binary, folders, and of systemd: units, sysusers, tmpfiles.

set(prefix ${CMAKE_INSTALL_PREFIX})
set(data ${prefix}/${folder_data})
set(docs ${prefix}/${folder_doc})
set(made ${binary}/installed)

# Below /usr and /usr/local the system's own folders are meant: nobody reads another /etc.
if(prefix MATCHES "^/usr(/local)?$")
  set(etc /etc)
else()
  set(etc ${prefix}/etc)
endif()
if(NOT prefix STREQUAL "/usr")
  set(units ${prefix}/lib/systemd/system)
  set(sysusers ${prefix}/lib/sysusers.d)
  set(tmpfiles ${prefix}/lib/tmpfiles.d)
endif()

function(put file folder name)
  if(EXISTS ${file})
    get_filename_component(own ${file} NAME)
    set(as "")
    if(NOT own STREQUAL name)
      set(as RENAME ${name})
    endif()
    file(INSTALL ${file} DESTINATION ${folder} ${as})
  endif()
endfunction()

# What its user may have changed stays as it is.
function(put_setting file folder name)
  if(EXISTS $ENV{DESTDIR}${folder}/${name})
    message(STATUS "Kept: $ENV{DESTDIR}${folder}/${name}")
  else()
    put(${file} ${folder} ${name})
  endif()
endfunction()

function(put_packed file folder name)
  if(NOT EXISTS ${file})
    return()
  endif()
  execute_process(COMMAND gzip -9nc ${file} OUTPUT_FILE ${made}/${name}.gz
      RESULT_VARIABLE status)
  if(status EQUAL 0)
    put(${made}/${name}.gz ${folder} ${name}.gz)
  else()
    put(${file} ${folder} ${name})
  endif()
endfunction()

file(MAKE_DIRECTORY ${made})
set(MSNWATCH_BIN ${prefix}/${folder_bin}/msnwatch)
set(MSNWATCH_CONFDIR ${etc}/msnwatch)
configure_file(${source}/doc/systemd/msnwatch@.service.in ${made}/msnwatch@.service @ONLY)
put(${made}/msnwatch@.service ${units} msnwatch@.service)
put(${source}/doc/systemd/msnwatch.sysusers ${sysusers} msnwatch.conf)
put(${source}/doc/systemd/msnwatch.tmpfiles ${tmpfiles} msnwatch.conf)
put_setting(${source}/doc/systemd/msnwatch.logrotate ${etc}/logrotate.d msnwatch)
put_setting(${source}/doc/msnwatch.conf ${etc}/msnwatch span.conf)

put_packed(${source}/doc/man/msnwatch.1 ${prefix}/${folder_man}/man1 msnwatch.1)
put_packed(${source}/doc/man/msnwatch.conf.5 ${prefix}/${folder_man}/man5 msnwatch.conf.5)
put(${source}/doc/completion/msnwatch.bash
    ${data}/bash-completion/completions msnwatch)

put(${source}/README.md ${docs} README.md)
file(GLOB pages ${source}/doc/*.md ${source}/doc/*.json)
foreach(page ${pages})
  get_filename_component(name ${page} NAME)
  put(${page} ${docs}/doc ${name})
endforeach()
put(${source}/doc/msnwatch.conf ${docs}/examples msnwatch.conf)
put(${source}/doc/debian/copyright ${docs} copyright)
put_packed(${source}/doc/debian/changelog ${docs} changelog)
put(${source}/doc/debian/lintian-overrides ${data}/lintian/overrides msnwatch)
