#include "report/page.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

#define PLAIN_MAX 4096

void
line_add(struct line *l, const char *fmt, ...)
{
	size_t left = sizeof(l->text) - l->n;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->n, left, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= left)
		l->text[l->n] = '\0';
	else
		l->n += (size_t)n;
}

void
line_count(struct line *l, uint64_t n)
{
	uint64_t unit = 1;

	while (n / unit >= 1000)
		unit *= 1000;
	line_add(l, "%u", (unsigned)(n / unit));
	for (unit /= 1000; unit != 0; unit /= 1000)
		line_add(l, ",%03u", (unsigned)(n / unit % 1000));
}

void
line_some(struct line *l, uint64_t n, const char *thing)
{
	line_count(l, n);
	line_add(l, " %s%s", thing, n == 1 ? "" : "s");
}

void
line_size(struct line *l, uint64_t bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
	uint64_t unit = 1000;
	size_t i = 0;

	if (bytes < 1000) {
		line_some(l, bytes, "byte");
		return;
	}
	while (bytes / unit >= 1000) {
		unit *= 1000;
		i++;
	}
	line_add(l, "%u.%u %s", (unsigned)(bytes / unit),
	    (unsigned)(bytes % unit / (unit / 10)), units[i]);
}

static void
plain_ascii(const char *text, char *out, size_t size)
{
	size_t n = 0, len;

	for (; *text != '\0'; text++, n += len) {
		len = (unsigned char)*text < 0x80 ? 1 : 4;
		if (n + len + 1 > size)
			break;
		if (len == 1)
			out[n] = *text;
		else
			(void)snprintf(out + n, 5, "\\x%02x", (unsigned char)*text);
	}
	out[n] = '\0';
}

void
page_plain(const struct page *p, const char *text, char *out, size_t size)
{
	size_t n = strlen(text);

	if (!p->style->utf8) {
		plain_ascii(text, out, size);
		return;
	}
	if (n >= size)
		for (n = size - 1; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
			;
	memcpy(out, text, n);
	out[n] = '\0';
}

static void
tint_on(const struct page *p, enum tint tint)
{
	static const char *const codes[] = {
	    "", "\033[1m", "\033[2m", "\033[32m", "\033[31m", "\033[33m"};

	if (p->style->colour && tint != TINT_NONE)
		(void)fputs(codes[tint], p->to);
}

static void
tint_off(const struct page *p, enum tint tint)
{
	if (p->style->colour && tint != TINT_NONE)
		(void)fputs("\033[0m", p->to);
}

static void
put_tinted(const struct page *p, const char *text, size_t n, enum tint tint)
{
	if (n == 0)
		return;
	tint_on(p, tint);
	(void)fwrite(text, 1, n, p->to);
	tint_off(p, tint);
}

size_t
page_cut(const struct page *p, const char *text, size_t width, enum tint tint)
{
	const char *mark = p->style->utf8 ? "\xe2\x80\xa6" : "...";
	size_t mark_width = p->style->utf8 ? 1 : 3, n, cells;
	char plain[PLAIN_MAX];

	page_plain(p, text, plain, sizeof(plain));
	cells = text_width(bytes_str(plain));
	if (cells <= width) {
		put_tinted(p, plain, strlen(plain), tint);
		return cells;
	}
	if (width < mark_width)
		return 0;
	n = text_fit(plain, width - mark_width);
	plain[n] = '\0';
	put_tinted(p, plain, n, tint);
	put_tinted(p, mark, strlen(mark), tint);
	return text_width(bytes_str(plain)) + mark_width;
}

void
page_fill(const struct page *p, char c, size_t n)
{
	bool box = c == '-' && p->style->utf8;

	for (; n != 0; n--)
		(void)(box ? fputs("\xe2\x94\x80", p->to) : fputc(c, p->to));
}

/* Bytes of the first character. */
static size_t
first_char(const char *text)
{
	size_t n = 1;

	while (((unsigned char)text[n] & 0xc0) == 0x80)
		n++;
	return n;
}

size_t
page_wrap(const char *text, size_t room)
{
	size_t fit = text_fit(text, room), n = fit;

	if (text[fit] != '\0' && text[fit] != ' ')
		while (n > 0 && text[n - 1] != ' ')
			n--;
	while (n > 0 && text[n - 1] == ' ')
		n--;
	if (n != 0)
		return n;
	return fit != 0 || text[0] == '\0' ? fit : first_char(text);
}

void
page_para(const struct page *p, const char *lead, const char *text, enum tint tint)
{
	char plain[PLAIN_MAX], *rest = plain;
	size_t indent = text_width(bytes_str(lead)), n;

	page_plain(p, text, plain, sizeof(plain));
	(void)fputs(lead, p->to);
	do {
		n = page_wrap(rest, p->style->width - indent);
		put_tinted(p, rest, n, tint);
		(void)fputc('\n', p->to);
		rest += n;
		rest += strspn(rest, " ");
		if (*rest != '\0')
			page_fill(p, ' ', indent);
	} while (*rest != '\0');
}

void
page_heading(const struct page *p, const char *heading, const char *remark)
{
	size_t used = strlen(heading);

	(void)fputc('\n', p->to);
	put_tinted(p, heading, used, TINT_BOLD);
	if (remark[0] != '\0') {
		(void)fputs("  ", p->to);
		(void)page_cut(p, remark, p->style->width - used - 2, TINT_DIM);
	}
	(void)fputc('\n', p->to);
}
