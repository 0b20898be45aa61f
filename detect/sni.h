/*
 * The server's name in a TLS ClientHello (RFC 8446 section 4.1.2, RFC 6066 section 3).
 * Pure; a hello may be split over records.
 */
#ifndef DETECT_SNI_H
#define DETECT_SNI_H

#include "base/bytes.h"
#include "detect/dns.h"

#define SNI_HELLO_MAX 4096 /* bytes of a hello that are looked at */

/*
 * Looks at the first bytes of a client's stream: 1 when it found a name, which is
 * written as safe text in lower case; 0 when more bytes are needed; -1 when there
 * is none.
 */
int sni_client_hello(struct bytes in, char name[DNS_NAME_MAX]);

#endif
