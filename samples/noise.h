/* Ordinary traffic, none of it a messenger's.  Every function returns when it is over. */
#ifndef SAMPLES_NOISE_H
#define SAMPLES_NOISE_H

#include "samples/net.h"

struct noise {
	struct net *net;
	struct node *host;
	struct node *server;
	unsigned count;     /* pages, mails */
	size_t size;        /* bytes of each, about */
	struct bytes quote; /* text to stand in the content; empty: none */
};

/* Pages fetched over one HTTP connection. */
int64_t noise_web(struct noise *n, int64_t t);
/* A form sent by POST. */
int64_t noise_post(struct noise *n, int64_t t);
/* A mail sent by SMTP. */
int64_t noise_mail(struct noise *n, int64_t t);
/* Mails fetched by POP3. */
int64_t noise_pop(struct noise *n, int64_t t);
/* An SSH connection with some keys pressed. */
int64_t noise_ssh(struct noise *n, int64_t t);
/* A TLS connection. */
int64_t noise_tls(struct noise *n, int64_t t);
/* One long download. */
int64_t noise_download(struct noise *n, int64_t t);

#endif
