#include "detect/product.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

/* First row that fits wins; an empty field fits anything. */
struct row {
	const char *name;    /* CVR argument 5 */
	const char *version; /* a prefix of argument 6 */
	const char *brand;   /* argument 7 */
	const char *os;      /* a prefix of arguments 2 and 3 */
	uint8_t dialect;     /* first dialect offered; 0: any */
	bool single;         /* offered alone */
	const char *product;
};

static const struct row rows[] = {
    /* imitators, known by combinations no official build has */
    {"", "", "BC01", "", 0, false, "Pidgin"},
    {"macmsgs", "3.5.1", "", "", 18, false, "BitlBee"},
    {"macmsgs", "3.5.1", "", "", 21, false, "BitlBee"},
    {"MSNMSGR", "15.4.3538.0513", "", "winnt 6.1.1", 21, true, "MSNPSharp"},
    {"MSNMSGR", "6.0.0602", "MSMSGS", "", 12, true, "msn-pecan"},
    {"MSNMSGR", "6.0.0602", "MSMSGS", "", 9, false, "Gaim or Pidgin 2.0"},
    {"MSNMSGR", "14.0.8050.1202", "", "winnt 5.1", 18, true, "aMSN"},
    {"MSNMSGR", "8.0.0812", "", "winnt 5.1", 15, true, "aMSN"},
    {"MSNMSGR", "8.0.0812", "", "winnt 5.1", 12, true, "aMSN"},
    {"MSNMSGR", "6.2.0205", "", "", 10, false, "MSN Messenger 6.2 or Miranda IM"},
    {"UWPMESSENGER", "", "", "", 0, false, "UWP Messenger"},
    /* official builds */
    {"MSMSGS", "", "WindowsMessenger", "", 0, false, "Windows Messenger"},
    {"MSMSGS", "", "", "", 0, false, "MSN Messenger"},
    {"macmsgs", "", "", "", 0, false, "Microsoft Messenger for Mac"},
    {"MSG80BETA", "", "", "", 0, false, "Windows Live Messenger beta"},
    {"MSNMSGR", "16.", "", "", 0, false, "Windows Live Messenger 2012"},
    {"MSNMSGR", "15.", "", "", 0, false, "Windows Live Messenger 2011"},
    {"MSNMSGR", "14.", "", "", 0, false, "Windows Live Messenger 2009"},
    {"MSNMSGR", "8.", "", "", 0, false, "Windows Live Messenger"},
    {"MSNMSGR", "", "", "", 0, false, "MSN Messenger"},
    {"MSGSTRST", "", "", "", 0, false, "MSN Messenger"},
};

static bool
fits(const char *want, const char *have)
{
	return want[0] == '\0' || bytes_eq_fold(bytes_str(have), want);
}

static bool
row_fits(
    const struct row *r, const struct client_claim *c, const uint8_t *offered, uint8_t n)
{
	return fits(r->name, c->name) && fits(r->brand, c->brand) &&
	       bytes_starts_fold(bytes_str(c->version), r->version) &&
	       bytes_starts_fold(bytes_str(c->os), r->os) &&
	       (r->dialect == 0 || (n != 0 && offered[0] == r->dialect)) &&
	       (!r->single || n == 1);
}

/* Products named by series are told apart by the first two parts of the version. */
static bool
wants_version(const char *product)
{
	return strcmp(product, "MSN Messenger") == 0 ||
	       strcmp(product, "Windows Messenger") == 0 ||
	       strcmp(product, "Windows Live Messenger") == 0 ||
	       strcmp(product, "Microsoft Messenger for Mac") == 0;
}

static void
name_with_version(struct client_claim *c, const char *product)
{
	size_t n = bytes_find(bytes_str(c->version), '.');

	if (c->version[n] == '.')
		n += 1 + bytes_find(bytes_str(c->version + n + 1), '.');
	if (n == 0 || !byte_is_digit((uint8_t)c->version[0]))
		text_put(c->product, sizeof(c->product), product);
	else
		(void)snprintf(c->product, sizeof(c->product), "%s %.*s", product, (int)n,
		    c->version);
}

void
product_name(struct client_claim *c, const uint8_t *offered, uint8_t n_offered)
{
	size_t i;

	c->product[0] = '\0';
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!row_fits(&rows[i], c, offered, n_offered))
			continue;
		if (wants_version(rows[i].product))
			name_with_version(c, rows[i].product);
		else
			text_put(c->product, sizeof(c->product), rows[i].product);
		return;
	}
}
