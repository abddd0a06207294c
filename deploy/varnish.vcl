# Varnish in front of Launchledger: caches replies until their max-age, or until `launchledger purge` purges them.
#
#   varnishd -a :6081 -f /etc/varnish/varnish.vcl -s malloc,256m -p http_gzip_support=off
#
# Needs Varnish 6 or later and its module xkey (Debian: varnish-modules). Check what is marked with "yours". Start the server with
# LAUNCHLEDGER_TRUSTED_PROXIES=127.0.0.1 and LAUNCHLEDGER_SURROGATE_KEYS=Surrogate-Key.
# Replies come compressed with the client's preferred coding. With gzip support on, Varnish would request gzip only, and unpack it
# for all other clients. Tested by tests/deploy; docs/caching.md explains it.
vcl 4.1;

import std;
import xkey;

backend launchledger {
    .host = "127.0.0.1";  # yours: where the server listens
    .port = "8000";
    .probe = {
        .url = "/healthz";
        .interval = 1s;
        .timeout = 1s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

# yours: the hosts that may purge, where `launchledger purge` runs.
acl purgers {
    "127.0.0.1";
    "::1";
}

# yours: the proxies that terminate TLS in front of Varnish, and set X-Forwarded-Proto.
acl tls_terminators {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        if (!req.http.Surrogate-Key) {
            return (synth(400, "No keys"));
        }
        set req.http.purged = xkey.purge(req.http.Surrogate-Key);
        # Without xkey, use this instead, and remove the import of xkey and its two lines in vcl_backend_response:
        # ban("obj.http.Surrogate-Key ~ (^|\s)(" + regsuball(req.http.Surrogate-Key, " ", "|") + ")(\s|$)");
        return (synth(200, "Purged " + req.http.purged));
    }

    # URLs in replies begin with the scheme and host of the client's request. A client's own values must not get through, or it
    # could cache replies with URLs of its choice for all clients.
    unset req.http.X-Forwarded-Host;
    unset req.http.X-Forwarded-Port;
    unset req.http.X-Forwarded-Prefix;
    unset req.http.Forwarded;
    # The server drops headers with an underscore in their name; these are dropped here too, for other servers behind Varnish.
    unset req.http.X_Forwarded_For;
    unset req.http.X_Forwarded_Host;
    unset req.http.X_Forwarded_Port;
    unset req.http.X_Forwarded_Prefix;
    unset req.http.X_Forwarded_Proto;
    if (client.ip !~ tls_terminators || req.http.X-Forwarded-Proto != "https") {
        set req.http.X-Forwarded-Proto = "http";
    }

    # A client with a key has a rate of its own, and perhaps one day replies of its own. Pages, documentation and health are
    # small and rarely requested.
    if (req.http.Authorization || req.url !~ "^/2\.2\.0/" || (req.method != "GET" && req.method != "HEAD")) {
        return (pass);
    }
    unset req.http.Cookie;  # of other sites on the same host; the API uses none

    # Different spellings of the same Accept become one, so that clients share a reply.
    if (!req.http.Accept || req.http.Accept ~ "^(\*/\*|application/json(, (text/plain, )?\*/\*)?)$") {
        set req.http.Accept = "application/json";
    } else if (req.http.Accept ~ "^text/html,application/xhtml\+xml,application/xml;q=0\.9,[^;]*\*/\*;q=0\.8(,application/signed-exchange;v=b3;q=0\.7)?$") {
        set req.http.Accept = "text/html";
    }
    # The coding that the server would choose of these; a header with weights is passed on unchanged.
    if (req.http.Accept-Encoding !~ ";") {
        if (req.http.Accept-Encoding ~ "(^|[ ,])zstd([ ,]|$)") {
            set req.http.Accept-Encoding = "zstd";
        } else if (req.http.Accept-Encoding ~ "(^|[ ,])br([ ,]|$)") {
            set req.http.Accept-Encoding = "br";
        } else if (req.http.Accept-Encoding ~ "(^|[ ,])gzip([ ,]|$)") {
            set req.http.Accept-Encoding = "gzip";
        } else {
            unset req.http.Accept-Encoding;
        }
    }

    # An expired reply is revalidated before it is sent; only while the server does not answer, the old one is sent.
    set req.grace = 0s;
    if (!std.healthy(req.backend_hint)) {
        set req.grace = 60s;
    }
    return (hash);
}

sub vcl_hash {
    # Then follow URL and Host, as in Varnish's own vcl_hash. Accept is in Vary too; here it keeps the number of variants small.
    hash_data(req.http.X-Forwarded-Proto);
    hash_data(req.http.Accept);
}

sub vcl_backend_response {
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
    # Cache only replies with a Cache-Control: errors have none, and Varnish would cache some of them for two minutes.
    if (bereq.uncacheable || beresp.status != 200 || !beresp.http.Cache-Control || beresp.http.Cache-Control ~ "no-(cache|store)") {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    set beresp.grace = 60s;
    set beresp.keep = 10m;  # for so long it can be revalidated by its ETag
    set beresp.http.xkey = beresp.http.Surrogate-Key;  # xkey: the header that it reads
    unset beresp.http.Surrogate-Key;  # xkey: no longer needed
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    # If the server sets more than a minute (LAUNCHLEDGER_MAX_AGE) because Varnish is purged, this makes browsers ask each time:
    # set resp.http.Cache-Control = "no-cache";
    set resp.http.X-Cache = "MISS";
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    }
}
