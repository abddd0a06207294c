# Varnish in front of Launchledger: keeps replies as long as they say, or until `launchledger purge` says that they changed.
#
#   varnishd -a :6081 -f /etc/varnish/varnish.vcl -s malloc,256m -p http_gzip_support=off
#
# Needs Varnish 6 or later and its module xkey (Debian: varnish-modules). Set what is marked with "yours". Start the server with
# LAUNCHLEDGER_TRUSTED_PROXIES=127.0.0.1 and LAUNCHLEDGER_SURROGATE_KEYS=Surrogate-Key.
# Replies come compressed with what the client likes best. With gzip support on, Varnish would ask for gzip only, and unpack it
# for everyone else. Tried by tests/deploy; docs/caching.md tells what it promises.
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

# yours: who may have replies forgotten, which is where `launchledger purge` runs.
acl purgers {
    "127.0.0.1";
    "::1";
}

# yours: who ends TLS in front of Varnish, and says so in X-Forwarded-Proto.
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
        set req.http.forgotten = xkey.purge(req.http.Surrogate-Key);
        # Without xkey, this in its place; and no import of xkey, and not the two lines about it in vcl_backend_response:
        # ban("obj.http.Surrogate-Key ~ (^|\s)(" + regsuball(req.http.Surrogate-Key, " ", "|") + ")(\s|$)");
        return (synth(200, "Forgot " + req.http.forgotten));
    }

    # The addresses in replies begin with the scheme and host that the client asked for. A client's own words must not get
    # through, or it could have replies with addresses of its choice kept for everyone.
    unset req.http.X-Forwarded-Host;
    unset req.http.X-Forwarded-Port;
    unset req.http.X-Forwarded-Prefix;
    unset req.http.Forwarded;
    # The server drops headers whose names hold an underscore; these are dropped here too, for whatever else is behind Varnish.
    unset req.http.X_Forwarded_For;
    unset req.http.X_Forwarded_Host;
    unset req.http.X_Forwarded_Port;
    unset req.http.X_Forwarded_Prefix;
    unset req.http.X_Forwarded_Proto;
    if (client.ip !~ tls_terminators || req.http.X-Forwarded-Proto != "https") {
        set req.http.X-Forwarded-Proto = "http";
    }

    # Whoever sends a key has a rate of their own, and perhaps one day replies of their own. Pages, documentation and health
    # are small and asked for by few.
    if (req.http.Authorization || req.url !~ "^/2\.2\.0/" || (req.method != "GET" && req.method != "HEAD")) {
        return (pass);
    }
    unset req.http.Cookie;  # of other sites on the same host; the API knows none

    # What clients write in a hundred ways and mean alike is made one, so that they share a reply.
    if (!req.http.Accept || req.http.Accept ~ "^(\*/\*|application/json(, (text/plain, )?\*/\*)?)$") {
        set req.http.Accept = "application/json";
    } else if (req.http.Accept ~ "^text/html,application/xhtml\+xml,application/xml;q=0\.9,[^;]*\*/\*;q=0\.8(,application/signed-exchange;v=b3;q=0\.7)?$") {
        set req.http.Accept = "text/html";
    }
    # The coding that the server would choose of these; what has weights is left as it came.
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

    # A reply that has run out is fetched again before anyone gets it; only when the server does not answer it is given on.
    set req.grace = 0s;
    if (!std.healthy(req.backend_hint)) {
        set req.grace = 60s;
    }
    return (hash);
}

sub vcl_hash {
    # And then by URL and Host, as Varnish does itself. Accept is in Vary too; here it keeps the search among forms short.
    hash_data(req.http.X-Forwarded-Proto);
    hash_data(req.http.Accept);
}

sub vcl_backend_response {
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
    # Only what says for how long may be kept: errors do not, and Varnish would keep some for two minutes.
    if (bereq.uncacheable || beresp.status != 200 || !beresp.http.Cache-Control || beresp.http.Cache-Control ~ "no-(cache|store)") {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    set beresp.grace = 60s;
    set beresp.keep = 10m;  # that long its ETag serves to ask whether it is still the same
    set beresp.http.xkey = beresp.http.Surrogate-Key;  # xkey: this is where it looks
    unset beresp.http.Surrogate-Key;  # xkey: once is enough
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    # Where the server says longer than a minute (LAUNCHLEDGER_MAX_AGE) because Varnish is told of changes, browsers still ask:
    # set resp.http.Cache-Control = "no-cache";
    set resp.http.X-Cache = "MISS";
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    }
}
