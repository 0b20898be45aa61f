#include "detect/names.h"

/*
 * Exact names before the patterns that cover them, exceptions before both.  Names that
 * serve the whole of Microsoft today (storage.live.com, rad.msn.com, the presence
 * pictures of messenger.services.live.com on old web pages) are left out: they say
 * nothing.
 */
static const struct name_row rows[] = {
    /*
     * gateway.messenger.live.com became Skype's and then Teams': a lookup there is a
     * person of today.  One name below it never was theirs, and BitlBee's last
     * releases still carry it.  The names below edge.messenger.live.com
     * were Messenger's alone.
     */
    {"geo.gateway.messenger.live.com", NAME_GATEWAY, "BitlBee", "over TLS, port 443"},
    {"gateway.messenger.live.com", NAME_NONE, "nDPI", "Skype and Teams"},
    {"*.gateway.messenger.live.com", NAME_NONE, "nDPI", "Skype and Teams"},

    /* Microsoft: where sign-ins on 1863 begin */
    {"messenger.hotmail.com", NAME_DISPATCH, "libpurple", "every client's default"},
    {"messenger.hotmail.msnmessenger.msn.com.akadns.net", NAME_DISPATCH, "logs",
	"what messenger.hotmail.com was an alias of"},
    {"dp.msnmessenger.akadns.net", NAME_DISPATCH, "logs",
	"what messenger.hotmail.com was an alias of, later"},
    {"*.msgr.hotmail.com", NAME_DISPATCH, "clients",
	"notification servers and switchboards: baym-cs118, msgr-ns14"},

    /* Microsoft: HTTP gateways */
    {"gateway.messenger.hotmail.com", NAME_GATEWAY, "libpurple",
	"every client's default"},
    {"*.gateway.messenger.hotmail.com", NAME_GATEWAY, "NINA wiki", "muser"},
    {"*.gateway.edge.messenger.live.com", NAME_GATEWAY, "MSNPSharp",
	"one a server: by2msg3010710.by2; named in XFR and in GW-IP"},

    /* Microsoft: where passwords went */
    {"nexus.passport.com", NAME_SIGNIN, "hypothetic", "which login server to ask"},
    {"login.passport.com", NAME_SIGNIN, "aMSN", "Passport"},
    {"loginnet.passport.com", NAME_SIGNIN, "aMSN", "Passport"},
    {"accountservices.passport.net", NAME_SIGNIN, "aMSN", "Passport"},
    {"login.live.com", NAME_SIGNIN, "msn-pecan", "all Microsoft accounts, today too"},
    {"msnia.login.live.com", NAME_SIGNIN, "msn-pecan", "accounts of msn.com"},

    /* Microsoft: around a session */
    {"messenger.msn.com", NAME_OTHER_MESSENGER, "aMSN", "the product's site"},
    {"*.messenger.msn.com", NAME_OTHER_MESSENGER, "aMSN",
	"config, oim, ows, relay.voice, vp.sip"},
    {"messenger.live.com", NAME_OTHER_MESSENGER, "logs", "the product's site"},
    {"*.edge.messenger.live.com", NAME_OTHER_MESSENGER, "Miranda",
	"relay.data, echo; mixer: reverse names of gateways"},
    {"xmpp.messenger.live.com", NAME_OTHER_MESSENGER, "clients", "XMPP, port 5222"},
    {"voice.messenger.live.com", NAME_OTHER_MESSENGER, "papyon", "voice relay"},
    {"messengerclear.live.com", NAME_OTHER_MESSENGER, "libpurple",
	"audience of a ticket"},
    {"messengersecure.live.com", NAME_OTHER_MESSENGER, "libpurple",
	"audience of a ticket"},
    {"livecontacts.live.com", NAME_OTHER_MESSENGER, "libpurple", "audience of a ticket"},
    {"contacts.msn.com", NAME_OTHER_MESSENGER, "aMSN", "address book"},
    {"*.contacts.msn.com", NAME_OTHER_MESSENGER, "aMSN",
	"local-bay, proxy-bay, omega, byrdr.omega"},
    {"storage.msn.com", NAME_OTHER_MESSENGER, "aMSN", "pictures and profiles"},
    {"*.storage.msn.com", NAME_OTHER_MESSENGER, "aMSN", "byrdr, tkrdr, byfiles"},
    {"rsi.hotmail.com", NAME_OTHER_MESSENGER, "aMSN", "offline messages"},
    {"webmessenger.msn.com", NAME_OTHER_MESSENGER, "logs", "Messenger in a browser"},

    /* Escargot, at its first names, at its own domain, and within NINA */
    {"m1.escargot.log1p.xyz", NAME_DISPATCH, "Escargot", "1863 and the gateway"},
    {"m00000001.escargot.log1p.xyz", NAME_DISPATCH, "Escargot", "1863 and the gateway"},
    {"escargot.log1p.xyz", NAME_NONE, "Escargot", "the web site"},
    {"*.log1p.xyz", NAME_OTHER_MESSENGER, "Escargot", "web services: ersih, eowsmsgrmsn"},
    {"m1.escargot.chat", NAME_DISPATCH, "clients", "1863, gateway and web services"},
    {"msnmsgr.escargot.chat", NAME_DISPATCH, "clients", "1863, gateway and web services"},
    {"*.escargot.chat", NAME_OTHER_MESSENGER, "clients", "web services"},
    {"ds.escargot.nina.chat", NAME_DISPATCH, "clients", "1863"},
    {"*.escargot.nina.chat", NAME_OTHER_MESSENGER, "clients", "mconf, apps"},

    /* CrossTalk; its web site, crosstalk.im, is no client */
    {"ms.msgrsvcs.ctsrv.gay", NAME_DISPATCH, "clients", "1863"},
    {"httpgws.ms.msgrsvcs.ctsrv.gay", NAME_GATEWAY, "clients", "plain HTTP"},
    {"*.msgrsvcs.ctsrv.gay", NAME_OTHER_MESSENGER, "clients", "conf"},
    {"*.login.ugnet.gay", NAME_SIGNIN, "clients", "pp, config"},
    {"master.ctsrv.hiden.cc", NAME_DISPATCH, "clients", "1863, before ctsrv.gay"},
    {"login.ugnet.hiden.cc", NAME_SIGNIN, "clients", "before ugnet.gay"},
    {"*.ctsrv.hiden.cc", NAME_OTHER_MESSENGER, "clients", "web services"},
};

const struct name_row *
names_rows(size_t *n)
{
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
