/*
 * DNS messages (RFC 1035): one question for addresses and what answers it, directly or
 * through aliases.  Pure and bounded: a compression pointer leads backwards only, and
 * of many records the first DNS_RECORDS_MAX count.
 */
#ifndef DETECT_DNS_H
#define DETECT_DNS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/addr.h"
#include "base/bytes.h"

#define DNS_NAME_MAX    256 /* with the end of the string */
#define DNS_ADDRS_MAX   16
#define DNS_RECORDS_MAX 32
#define DNS_CHAIN_MAX   8
#define DNS_TCP_MAX     4096

enum dns_type { DNS_A = 1, DNS_CNAME = 5, DNS_AAAA = 28 };

enum dns_rcode {
	DNS_NOERROR = 0,
	DNS_SERVFAIL = 2,
	DNS_NXDOMAIN = 3,
	DNS_REFUSED = 5,
};

struct dns_message {
	uint16_t id;
	bool response;
	bool recursive; /* recursion desired: a client asks so, a resolver does not */
	bool truncated; /* TC: asked again over TCP */
	bool cut;       /* the answers break off, or there is more than is read */
	bool has_cname; /* the name asked for is an alias */
	uint8_t rcode;
	uint16_t type; /* asked for: DNS_A or DNS_AAAA */
	/*
	 * Asked for: safe text in lower case, dots between the labels, none at the end;
	 * a dot inside a label is \x2e, the root is ".".
	 */
	char name[DNS_NAME_MAX];
	struct addr addrs[DNS_ADDRS_MAX]; /* of the type asked for, each once */
	uint8_t n_addrs;
	uint16_t more_addrs; /* that found the list full */
	uint16_t answers;    /* records, as the header has it */
};

/*
 * Reads one whole message: 1 when it asks for or answers with addresses, 0 when it is
 * of no interest (another operation, type or class, or not one question), -1 when it is
 * not DNS.  One that ends too early, after its question, is read as far as it goes.
 */
int dns_message(struct bytes in, struct dns_message *out);

/*
 * The next message of a TCP stream: >0 consumed, 0 more, -1 not DNS.  Of a message
 * longer than DNS_TCP_MAX that much is given, and the whole consumed, which is then
 * more than need have arrived.
 */
ssize_t dns_tcp(struct bytes in, struct bytes *message);

#endif
