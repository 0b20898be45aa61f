/*
 * A page of text for people: paragraphs that wrap, cells cut to a width, and colour only
 * where the style asks.  All text handed in is safe text; without UTF-8 what is not
 * ASCII is written as \xNN.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "report/summary.h"

enum tint { TINT_NONE, TINT_BOLD, TINT_DIM, TINT_GREEN, TINT_RED, TINT_YELLOW };

struct page {
	FILE *to;
	const struct summary_style *style;
};

/* A text put together piece by piece; what does not fit is left out. */
struct line {
	char text[1024];
	size_t n;
};

void line_add(struct line *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "102,032", and "1 host" or "3 hosts". */
void line_count(struct line *l, uint64_t n);
void line_some(struct line *l, uint64_t n, const char *thing);

/* "512 bytes", "61.2 MB". */
void line_size(struct line *l, uint64_t bytes);

/* The text as the page can show it, cut at a whole character to fit size. */
void page_plain(const struct page *p, const char *text, char *out, size_t size);

/* Writes text cut to width cells, with a mark if it was cut; returns the cells taken. */
size_t page_cut(const struct page *p, const char *text, size_t width, enum tint tint);

/* Writes n times c, or the box drawing character that stands for a '-'. */
void page_fill(const struct page *p, char c, size_t n);

/*
 * Bytes of text that go on a line of room cells: up to the last blank that fits, or else
 * as much as fits, and at least one character where there is one.
 */
size_t page_wrap(const char *text, size_t room);

/* Wraps text to the page: lead before the first line, blanks before the others. */
void page_para(const struct page *p, const char *lead, const char *text, enum tint tint);

/* A blank line, and a heading with a remark beside it. */
void page_heading(const struct page *p, const char *heading, const char *remark);

#endif
