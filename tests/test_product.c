#include <stdio.h>

#include "base/text.h"
#include "detect/product.h"
#include "tests/suite.h"

struct claim {
	const char *name, *version, *brand, *os;
	uint8_t offered[3]; /* ends at a zero */
	const char *product;
};

static void
expect(const struct claim *k)
{
	struct client_claim c = {.name = ""};
	uint8_t n = 0;

	text_put(c.name, sizeof(c.name), k->name);
	text_put(c.version, sizeof(c.version), k->version);
	text_put(c.brand, sizeof(c.brand), k->brand);
	text_put(c.os, sizeof(c.os), k->os);
	text_put(c.product, sizeof(c.product), "something before");
	while (n < 3 && k->offered[n] != 0)
		n++;
	product_name(&c, k->offered, n);
	CU_ASSERT_STRING_EQUAL(c.product, k->product);
}

static void
official_builds_are_named_with_their_version(void)
{
	static const struct claim cases[] = {
	    {"MSMSGS", "3.6.0038", "MSMSGS", "winnt 5.0", {6}, "MSN Messenger 3.6"},
	    {"MSMSGS", "4.7.3001", "WindowsMessenger", "winnt 5.1", {8},
		"Windows Messenger 4.7"},
	    {"MSNMSGR", "5.0.0544", "MSMSGS", "winnt 5.1", {8}, "MSN Messenger 5.0"},
	    {"MSNMSGR", "7.5.0324", "msmsgs", "winnt 5.1", {12, 11, 10},
		"MSN Messenger 7.5"},
	    {"msnmsgr", "7.5.0303P", "msmsgs", "winnt 5.1", {12}, "MSN Messenger 7.5"},
	    {"MSG80BETA", "b.0.0328", "msmsgs", "winnt 5.1", {13},
		"Windows Live Messenger beta"},
	    {"MSNMSGR", "8.5.1302", "msmsgs", "winnt 6.0", {15},
		"Windows Live Messenger 8.5"},
	    {"MSNMSGR", "14.0.8117.0416", "msmsgs", "winnt 6.0", {18, 17},
		"Windows Live Messenger 2009"},
	    {"MSNMSGR", "15.4.3502.0922", "MSNMSGR", "winnt 6.1.0", {21, 20},
		"Windows Live Messenger 2011"},
	    {"macmsgs", "6.0.3", "macmsgs", "mac 10.4", {13},
		"Microsoft Messenger for Mac 6.0"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&cases[i]);
}

static void
imitators_are_known_by_combinations(void)
{
	static const struct claim cases[] = {
	    {"MSNMSGR", "8.5.1302", "BC01", "winnt 5.1", {15}, "Pidgin"},
	    {"MSNMSGR", "6.0.0602", "MSMSGS", "winnt 5.1", {12}, "msn-pecan"},
	    {"macmsgs", "3.5.1", "macmsgs", "mac 10.2.0", {21}, "BitlBee"},
	    {"MSNMSGR", "15.4.3538.0513", "MSNMSGR", "winnt 6.1.1", {21}, "MSNPSharp"},
	    {"MSNMSGR", "14.0.8050.1202", "msmsgs", "winnt 5.1", {18}, "aMSN"},
	    {"MSNMSGR", "14.0.8050.1202", "msmsgs", "winnt 5.1", {18, 17},
		"Windows Live Messenger 2009"},
	    {"UWPMESSENGER", "0.1", "msmsgs", "winnt 10", {12}, "UWP Messenger"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&cases[i]);
}

static void
odd_versions_are_left_out(void)
{
	static const struct claim cases[] = {
	    {"MSMSGS", "", "MSMSGS", "winnt 5.1", {7}, "MSN Messenger"},
	    {"MSMSGS", "b.1", "MSMSGS", "winnt 5.1", {7}, "MSN Messenger"},
	    {"MSMSGS", "4", "MSMSGS", "winnt 5.1", {7}, "MSN Messenger 4"},
	    {"MSMSGS", ".5", "MSMSGS", "winnt 5.1", {7}, "MSN Messenger"},
	    {"MSNMSGR", "6.2", "x", "", {9}, "MSN Messenger 6.2"},
	    {"MSNMSGR", "5.0.1.2.3", "x", "", {9}, "MSN Messenger 5.0"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&cases[i]);
}

static void
strangers_have_no_product(void)
{
	static const struct claim cases[] = {
	    {"xbox", "1.0", "", "", {12}, ""},
	    {"", "", "", "", {0}, ""},
	    {"MSNMSGRX", "7.5", "msmsgs", "winnt 5.1", {12}, ""},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&cases[i]);
}

void
suite_product(void)
{
	CU_pSuite s = suite_new("product");

	CASE(s, "official builds are named with their version",
	    official_builds_are_named_with_their_version);
	CASE(s, "imitators are known by combinations",
	    imitators_are_known_by_combinations);
	CASE(s, "odd versions are left out", odd_versions_are_left_out);
	CASE(s, "strangers have no product", strangers_have_no_product);
}
