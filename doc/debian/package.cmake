# `cpack` in a release build makes the Debian package.
set(scripts ${PROJECT_SOURCE_DIR}/doc/debian)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME msnwatch)
set(CPACK_PACKAGE_VENDOR msnwatch)
set(CPACK_PACKAGE_CONTACT "msnwatch maintainers <maintainers@msnwatch.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "passive auditor for MSN Messenger sign-ins")
set(CPACK_PACKAGE_DESCRIPTION
"msnwatch listens on a SPAN port, or reads captures, and tells which hosts tried
to sign in to MSN Messenger, by which path (TCP port 1863, the HTTP gateway on
port 80, a proxy), and whether it worked.  So it shows whether a block holds,
or whether clients got round it.
.
Nothing counts as a sign-in unless the dialogue on the wire says so.  It only
listens.  A template unit runs one sensor for each configuration file in
/etc/msnwatch.")
set(CPACK_PROJECT_CONFIG_FILE ${scripts}/tools.cmake)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Makes the user where systemd-sysusers is not there.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "logrotate")

# Of what is installed in /etc, all.
set(conffiles /etc/logrotate.d/msnwatch)
if(EXISTS ${PROJECT_SOURCE_DIR}/doc/msnwatch.conf)
  list(APPEND conffiles /etc/msnwatch/span.conf)
endif()
list(JOIN conffiles "\n" conffiles)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/debian/conffiles CONTENT "${conffiles}\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/debian/conffiles
    ${scripts}/postinst ${scripts}/prerm ${scripts}/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
