/*
 * Reads a scenario line by line.  A line is words; a word in double quotes may hold
 * blanks and escapes.  An indented line belongs to the statement above it.
 */
#ifndef SAMPLES_READER_H
#define SAMPLES_READER_H

#include "base/err.h"
#include "samples/world.h"

#define READER_WORDS 64
#define READER_FILES 4
#define READER_PATH  1024

struct word {
	char *s; /* ended by NUL, which n leaves out; other NULs may stand in it */
	size_t n;
};

struct source {
	char path[READER_PATH];
	char *text; /* whole file */
	char *next;
	int line;
};

/* What indented lines belong to. */
enum block { BLOCK_NONE, BLOCK_CLIENT, BLOCK_TALK };

struct reader {
	struct world *w;
	struct err *e;
	struct source source[READER_FILES];
	size_t depth;
	struct word word[READER_WORDS];
	size_t n;  /* words of this line */
	size_t at; /* the next word to take */
	bool indented;
	enum block block;
	struct kind *kind; /* with BLOCK_CLIENT */
	struct conn talk;  /* with BLOCK_TALK */
	int64_t talk_at;
	int64_t day;  /* midnight of the scenario's day */
	int64_t last; /* time of the last "at" */
};

/* Opens a file to be read next; what came before goes on at its end. */
int reader_open(struct reader *r, const char *path);
void reader_close(struct reader *r);

/* 1: the next line that is not empty stands in word; 0: no more; -1: bad. */
int reader_line(struct reader *r);

/* Sets the error, with file and line before it.  Always -1. */
int reader_fail(struct reader *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

bool reader_more(const struct reader *r);

/* The next word; NULL after an error that says what was expected. */
const struct word *reader_take(struct reader *r, const char *what);

/* Takes the next word when it is this one. */
bool reader_accept(struct reader *r, const char *word);

/* An error unless all words are taken. */
int reader_end(struct reader *r);

/* Values; each takes a word and fails with what was expected. */
int reader_number(struct reader *r, uint64_t max, const char *what, uint64_t *out);
int reader_span(struct reader *r, int64_t *out); /* 250ms, 2s, 5m, 1h */
int reader_time(struct reader *r, int64_t *out); /* 08:01, 08:01:02.5, +30s */
int reader_times(struct reader *r, int64_t *from, int64_t *until); /* 08:00-16:00 */
int reader_addr(struct reader *r, struct addr *out);
int reader_node(struct reader *r, const char *what, struct node **out);
int reader_choice(struct reader *r, const char *what, const char *const *of, size_t n);

/* The node of that name; NULL when there is none. */
struct node *reader_find(struct reader *r, const char *name);

/* The statements, each at its second word; true when the first is one of theirs. */
bool define_statement(struct reader *r, const char *name, int *result);
bool act_statement(struct reader *r, const char *name, int *result);

/* Statements that define.c has in its table, and others keep. */
int define_host(struct reader *r);
int define_hosts(struct reader *r);
int define_server(struct reader *r);
int define_client(struct reader *r);

/* An indented line, and the end of its block. */
int define_item(struct reader *r);
int act_item(struct reader *r);
void act_finish(struct reader *r);

#endif
